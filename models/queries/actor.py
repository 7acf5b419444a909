"""Who a session stands for: one statement on every request."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from models.db import pool

LIVE = """s.id = $1 AND s.revoked_at IS NULL AND s.expires_at > $2
  AND (s.kind <> $3 OR COALESCE(s.seen_at, s.created_at) > $4)"""
"""A session ``s`` that still opens something. ``$1`` is its id, ``$2`` now; one of the kind ``$3``
is over when it was not used since ``$4``.
"""

_ACTOR = f"""
SELECT s.person_id, s.kind, COALESCE(s.seen_at, s.created_at) AS seen_at,
       m.id AS membership, m.role, o.id AS org, o.city, o.kind AS org_kind, o.code AS org_code,
       o.utility, o.town
FROM sessions s
LEFT JOIN (memberships m JOIN organizations o ON o.id = m.organization_id AND o.active)
       ON m.person_id = s.person_id AND m.ended_at IS NULL
WHERE {LIVE}
ORDER BY m.created_at, m.id
"""  # noqa: S608 - only the constant above is put into it

_HELD = """
SELECT m.id AS membership, m.role, o.id AS org, o.city, o.kind AS org_kind, o.code AS org_code,
       o.utility, o.town
FROM memberships m JOIN organizations o ON o.id = m.organization_id AND o.active
WHERE m.person_id = $1 AND m.ended_at IS NULL
ORDER BY m.created_at, m.id
"""

_SEEN = "UPDATE sessions SET seen_at = $2 WHERE id = $1 AND COALESCE(seen_at, created_at) < $2"


async def rows_of(session: UUID, now: datetime, idle_kind: str, idle: timedelta) -> list[Any]:
    """A row a live membership (one with empty columns when there is none); none when it is over.

    Sessions of ``idle_kind`` are over when they were not used for ``idle``.
    """
    return list(await pool().fetch(_ACTOR, session, now, idle_kind, now - idle))


async def held_by(person: UUID) -> list[Any]:
    """A row a live membership of a person."""
    return list(await pool().fetch(_HELD, person))


async def seen(session: UUID, now: datetime) -> None:
    """Note that a session was used."""
    await pool().execute(_SEEN, session, now)
