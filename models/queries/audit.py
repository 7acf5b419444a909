"""The audit trail by pages, the latest first."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from models.db import pool

_PAGE = """
SELECT a.id, a.at, a.person_id, p.name_sealed, a.role, a.action, a.object_kind, a.object_id,
       a.success, a.detail, a.correlation, a.sequence
FROM audit a LEFT JOIN persons p ON p.id = a.person_id
WHERE a.city = $1 AND ($2::bigint IS NULL OR a.id < $2)
  AND ($3::uuid IS NULL OR a.person_id = $3)
  AND ($4::text IS NULL OR a.action = $4)
  AND ($5::text IS NULL OR a.object_kind = $5)
  AND ($6::text IS NULL OR a.object_id = $6)
  AND ($7::timestamptz IS NULL OR a.at >= $7)
  AND ($8::timestamptz IS NULL OR a.at < $8)
  AND ($9::boolean IS NULL OR a.success = $9)
ORDER BY a.id DESC
LIMIT $10
"""


@dataclass(frozen=True, slots=True)
class Filters:
    """What to look for; ``None`` is everything. Times: ``since`` included, ``until`` not."""

    person: UUID | None = None
    action: str | None = None
    object_kind: str | None = None
    object_id: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    success: bool | None = None


async def page(city: str, before: int | None, filters: Filters, limit: int) -> list[Any]:
    """Up to ``limit`` rows of a city whose id is below ``before``."""
    return list(
        await pool().fetch(
            _PAGE,
            city,
            before,
            filters.person,
            filters.action,
            filters.object_kind,
            filters.object_id,
            filters.since,
            filters.until,
            filters.success,
            limit,
        )
    )
