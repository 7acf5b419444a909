"""What platforms ask: a nonce's first use, and the feed of moves on what they pushed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from models.db import pool

_FIRST_USE = """
WITH used AS (
    INSERT INTO platform_nonces (platform, nonce, seen_at)
    VALUES ($1 || '@' || $2, $3, $4)
    ON CONFLICT (platform, nonce) DO NOTHING RETURNING id
)
SELECT (SELECT id FROM organizations
        WHERE city = $2 AND kind = 'platform' AND code = $1) AS organization
FROM used
"""

_SETTLED = """
SELECT least(clock_timestamp(), min(xact_start)) FROM pg_stat_activity
WHERE datname = current_database() AND backend_xid IS NOT NULL AND pid <> pg_backend_pid()
"""
"""Whatever is still being written began later: rows written before this are all visible."""

_NEWEST = "SELECT id FROM events WHERE written_at < $1 ORDER BY id DESC LIMIT 1"

_FEED = """
SELECT e.id, e.subject, e.name, e.source, e.target, e.happened_at, e.entered_at,
       coalesce(r.platform_ref, a.platform_ref) AS ref, q.utility, o.name AS provider,
       a.city AS city, a.year, a.sequence
FROM events e
LEFT JOIN registrations r ON r.id = e.registration_id
LEFT JOIN applications a ON a.id = e.application_id
LEFT JOIN requests q ON q.id = e.request_id
LEFT JOIN organizations o ON o.id = q.organization_id
WHERE e.platform = $1 AND e.id > $2 AND e.id <= $3
ORDER BY e.id LIMIT $4
"""


@dataclass(frozen=True, slots=True)
class Used:
    """A nonce's first use; the platform's organisation where the city's file names one."""

    organization: UUID | None


async def first_use(code: str, city: str, nonce: str, now: datetime) -> Used | None:
    """Spend a nonce of ``code@city``; ``None`` when it was used before."""
    row = await pool().fetchrow(_FIRST_USE, code, city, nonce, now)
    return Used(row["organization"]) if row else None


async def feed(platform: str, after: int, limit: int) -> tuple[list[dict[str, Any]], int]:
    """At most ``limit`` moves after a cursor, oldest first, and the cursor to go on from.

    The cursor never passes a move whose transaction has not ended: none is ever left out.
    """
    async with pool().acquire() as connection:
        settled = await connection.fetchval(_SETTLED)
        newest = await connection.fetchval(_NEWEST, settled) or 0
        found = await connection.fetch(_FEED, platform, after, newest, limit)
    rows = [dict(row) for row in found]
    return rows, (rows[-1]["id"] if len(rows) == limit else max(after, newest))
