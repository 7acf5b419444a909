"""Lists of registrations, newest first, in one statement a page."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import orjson

from models.db import pool

_COLUMNS = """
SELECT r.id, r.city, r.state, r.version, r.channel, r.enterprise_name, r.project_code,
       r.fields->>'project.name' AS project_name, r.town, r.utilities, r.created_at, r.due_at,
       r.agreed_connection_at, r.planning_permit_on, r.judged_on,
       coalesce((SELECT jsonb_agg(jsonb_build_array(d.opened_at, d.due_at, d.paused_at,
                                                    d.paused_minutes))
                 FROM deadlines d WHERE d.registration_id = r.id AND d.closed_at IS NULL),
                '[]') AS clocks
FROM registrations r
"""

_MINE = (
    _COLUMNS  # noqa: S608 - both parts are constants
    + """
WHERE r.id IN (
        SELECT id FROM registrations WHERE owner_id = $1
        UNION
        SELECT g.id FROM enterprise_members mine
        JOIN enterprises e ON e.id = mine.enterprise_id
        JOIN enterprise_members theirs ON theirs.enterprise_id = e.id
        JOIN registrations g ON g.owner_id = theirs.person_id AND g.credit_code = e.credit_code
        WHERE mine.person_id = $1)
  AND ($2::uuid IS NULL OR r.id < $2)
ORDER BY r.id DESC LIMIT $3
"""
)

_OF_CITY = (
    _COLUMNS  # noqa: S608 - both parts are constants
    + """
WHERE r.city = $1 AND ($2::uuid IS NULL OR r.id < $2)
  AND ($4::text IS NULL OR r.state = $4)
  AND ($5::text IS NULL OR r.town = $5)
  AND ($6::text IS NULL OR r.project_code = $6)
  AND ($7::uuid[] IS NULL OR r.state = 'received' AND EXISTS (
        SELECT 1 FROM registration_visits v
        WHERE v.registration_id = r.id AND v.organization_id = ANY($7) AND v.visited_at IS NULL))
ORDER BY r.id DESC LIMIT $3
"""
)


async def mine(person: UUID, after: UUID | None, limit: int) -> list[dict[str, Any]]:
    """A person's own, and those of colleagues of the same enterprise."""
    return _rows(await pool().fetch(_MINE, person, after, limit))


async def of_city(
    city: str,
    after: UUID | None,
    limit: int,
    *,
    state: str | None = None,
    town: str | None = None,
    project_code: str | None = None,
    owed_by: Sequence[UUID] | None = None,
) -> list[dict[str, Any]]:
    """A city's. ``owed_by``: only those to whom one of these organisations still owes a call."""
    owed = list(owed_by) if owed_by is not None else None
    found = await pool().fetch(_OF_CITY, city, after, limit, state, town, project_code, owed)
    return _rows(found)


def _rows(found: Sequence[Any]) -> list[dict[str, Any]]:
    return [{**row, "clocks": orjson.loads(row["clocks"])} for row in found]
