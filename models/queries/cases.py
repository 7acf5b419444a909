"""Somebody's own cases, newest first: applications and registrations in one list."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import orjson

from models.db import pool

Row = Mapping[str, Any]

_COLUMNS = """'application' AS kind, a.id, a.created_at, a.city, a.year, a.sequence,
 a.stage AS state, a.enterprise_name, a.utilities, a.town, a.version, a.judged_on, a.submitted_at,
 a.registration_id, a.owner_id = $1 AS entered"""

_REGISTRATION = """'registration' AS kind, g.id, g.created_at, g.city, NULL::int, NULL::int,
 g.state, g.enterprise_name, g.utilities, g.town, g.version, g.judged_on, g.created_at,
 NULL::uuid, g.owner_id = $1"""

_COLLEAGUES = """SELECT DISTINCT theirs.person_id, e.credit_code FROM enterprise_members mine
 JOIN enterprises e ON e.id = mine.enterprise_id
 JOIN enterprise_members theirs ON theirs.enterprise_id = e.id
 WHERE mine.person_id = $1 AND theirs.person_id <> $1"""
"""Whoever acts for the same enterprise; once, in however many entries of it they meet."""

_MINE = f"""
WITH page AS (
    SELECT * FROM (
        (SELECT {_COLUMNS} FROM applications a
          WHERE a.owner_id = $1 AND a.stage = ANY($5::text[])
            AND (a.created_at, a.id) < ($2::timestamptz, $3::uuid)
          ORDER BY a.created_at DESC, a.id DESC LIMIT $4)
        UNION ALL
        (SELECT {_COLUMNS} FROM enterprise_members m
           JOIN applications a ON a.enterprise_id = m.enterprise_id
          WHERE m.person_id = $1 AND a.owner_id IS DISTINCT FROM $1 AND a.stage = ANY($5::text[])
            AND (a.created_at, a.id) < ($2::timestamptz, $3::uuid)
          ORDER BY a.created_at DESC, a.id DESC LIMIT $4)
        UNION ALL
        (SELECT {_REGISTRATION} FROM registrations g
          WHERE g.owner_id = $1 AND g.state = ANY($6::text[])
            AND (g.created_at, g.id) < ($2::timestamptz, $3::uuid)
          ORDER BY g.created_at DESC, g.id DESC LIMIT $4)
        UNION ALL
        (SELECT {_REGISTRATION} FROM ({_COLLEAGUES}) c
           JOIN registrations g ON g.owner_id = c.person_id AND g.credit_code = c.credit_code
          WHERE g.state = ANY($6::text[])
            AND (g.created_at, g.id) < ($2::timestamptz, $3::uuid)
          ORDER BY g.created_at DESC, g.id DESC LIMIT $4)
    ) AS arm ORDER BY created_at DESC, id DESC LIMIT $4
)
SELECT page.*, page.created_at::text AS sort,
       (SELECT json_agg(json_build_array(d.step, extract(epoch FROM d.due_at)::float8,
               extract(epoch FROM d.yellow_at)::float8, extract(epoch FROM d.paused_at)::float8,
               d.pause_reason, d.provisional, d.holder, o.name) ORDER BY d.due_at)
          FROM deadlines d LEFT JOIN organizations o ON o.id = d.organization_id
         WHERE d.closed_at IS NULL
           AND (d.application_id = page.id OR d.registration_id = page.id)) AS clocks
  FROM page ORDER BY page.created_at DESC, page.id DESC
"""  # noqa: S608 - made of constants


_LAST = datetime(9999, 1, 1, tzinfo=UTC)


async def of_person(
    person: UUID,
    *,
    before: tuple[datetime, UUID] | None,
    limit: int,
    stages: tuple[str, ...],
    states: tuple[str, ...],
) -> list[Row]:
    """Its own and its enterprises' cases created before ``before``; of these stages and states."""
    at, ident = before or (_LAST, UUID(int=2**128 - 1))
    rows: list[Row] = await pool().fetch(
        _MINE, person, at, ident, limit, list(stages), list(states)
    )
    return rows


def clocks_of(row: Row) -> list[list[Any]]:
    """Open clocks: step; due, yellow, paused (epoch seconds); reason; provisional; holder, name."""
    return orjson.loads(row["clocks"]) if row["clocks"] else []
