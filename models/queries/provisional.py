"""Cases that have a provisional deadline, found by their partial index."""

from dataclasses import dataclass
from uuid import UUID

from models.db import pool

_BATCH = """
SELECT COALESCE(application_id, registration_id) AS id, bool_or(registration_id IS NOT NULL)
FROM deadlines
WHERE city = $1 AND closed_at IS NULL AND provisional
  AND COALESCE(application_id, registration_id) > $2
GROUP BY 1 ORDER BY 1 LIMIT $3
"""


@dataclass(frozen=True, slots=True)
class Found:
    """An application, or a registration."""

    id: UUID
    registration: bool


async def batch(city: str, after: UUID, limit: int) -> list[Found]:
    """Up to ``limit`` cases of a city with such a deadline open, by id, beyond ``after``."""
    return [Found(*row) for row in await pool().fetch(_BATCH, city, after, limit)]
