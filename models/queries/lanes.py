"""What planning a joint visit needs to know of crews: one statement, columns as arrays; and the
locks and ends that go before a booking.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from models.db import pool

Row = Mapping[str, Any]

_MINUTE = "(floor(extract(epoch FROM {}) / 60))::int8 + 480"
"""The local minute (``rules.worktime``) a time falls into; Shanghai is eight hours ahead."""

_READ = f"""
WITH crew AS MATERIALIZED (
    SELECT id, number, organization_id, lanes, lon, lat, town FROM crews
    WHERE organization_id = ANY($1::uuid[]) AND active AND id <> ALL($6::uuid[])
)
SELECT c.*, s.*, a.*, v.* FROM
 (SELECT array_agg(id ORDER BY number) AS crews, array_agg(number ORDER BY number) AS numbers,
         array_agg(organization_id ORDER BY number) AS organizations,
         array_agg(lanes::int8 ORDER BY number) AS lanes, array_agg(lon ORDER BY number) AS lons,
         array_agg(lat ORDER BY number) AS lats, array_agg(town ORDER BY number) AS towns
    FROM crew) AS c,
 (SELECT array_agg(crew.number) AS shift_crews, array_agg(t.weekday::int8) AS weekdays,
         array_agg(t.starts::int8) AS shift_starts, array_agg(t.ends::int8) AS shift_ends
    FROM crew JOIN crew_shifts t ON t.crew_id = crew.id) AS s,
 (SELECT array_agg(b.number) AS absent_crews, array_agg(b.lane::int8) AS absent_lanes,
         array_agg({_MINUTE.format("b.starts_at")}) AS absent_starts,
         array_agg({_MINUTE.format("b.ends_at + interval '59 seconds'")}) AS absent_ends
    FROM (SELECT crew.number, t.lane, t.starts_at, t.ends_at
            FROM crew JOIN crew_absences t ON t.crew_id = crew.id
           WHERE t.ends_at > $2 AND t.starts_at < $3
           UNION ALL
          SELECT crew.number, NULL, w.at, w.ends_at
            FROM surveys y JOIN survey_visits w ON w.survey_id = y.id AND w.state = 'declined'
            JOIN crew ON crew.id = w.crew_id
           WHERE y.application_id = $7 OR y.registration_id = $8) AS b) AS a,
 (SELECT array_agg(w.lane) AS booked_lanes, array_agg({_MINUTE.format("w.at")}) AS booked_starts,
         array_agg({_MINUTE.format("w.ends_at + interval '59 seconds'")}) AS booked_ends,
         array_agg(w.lon) AS booked_lons, array_agg(w.lat) AS booked_lats
    FROM crew JOIN survey_visits w ON w.crew_id = crew.id
    JOIN surveys y ON y.id = w.survey_id
   WHERE w.active AND w.ends_at > $2 AND w.at < $3 AND y.id <> ALL($5::uuid[])
     AND NOT (y.state IN ('held', 'offered') AND y.held_until <= $4)) AS v
"""  # noqa: S608 - made of constants

_LOCK = (
    "SELECT id FROM crews WHERE organization_id = ANY($1::uuid[]) AND active ORDER BY id FOR UPDATE"
)

_OVER = """
WITH over AS (
    UPDATE surveys SET state = 'cancelled', ended_by = 'system', version = version + 1,
           reason = CASE WHEN state = 'held' THEN 'hold_expired' ELSE reason END
    WHERE id IN (SELECT s.id FROM surveys s
                  WHERE s.state IN ('held', 'offered') AND s.held_until <= $1 AND {}
                  ORDER BY s.id FOR UPDATE {})
    RETURNING id
)
UPDATE survey_visits SET active = false, state = 'ended', version = version + 1
WHERE active AND survey_id IN (SELECT id FROM over)
"""
_EXPIRE = _OVER.format(
    "EXISTS (SELECT FROM survey_visits v WHERE v.survey_id = s.id AND v.active"
    " AND v.organization_id = ANY($2::uuid[]))",
    "",
)
"""In the order of their ids: two who book never wait for each other in a ring."""
_SWEEP = _OVER.format("true", "SKIP LOCKED")
"""Whoever has one in hand ends it itself."""


async def read(
    organizations: Sequence[UUID],
    since: datetime,
    until: datetime,
    now: datetime,
    without: Sequence[UUID] = (),
    not_crews: Sequence[UUID] = (),
    declined_for: tuple[UUID | None, UUID | None] = (None, None),
) -> Row:
    """Active crews of organisations with all that keeps them busy between two times.

    Columns are lists of equal length within ``crews…``, ``shift…``, ``absent…`` and ``booked…``,
    or None where there is nothing. Times are whole local minutes. ``without``: surveys that give
    way; ``not_crews``: crews left out; ``declined_for``: an application and a registration, for
    which a crew that has declined a time is not asked for that time again. Holds that have run out
    at ``now`` are left out.
    """
    row = await pool().fetchrow(
        _READ, list(organizations), since, until, now, list(without), list(not_crews), *declined_for
    )
    if row is None:
        raise LookupError("a statement without FROM rows answers one row")
    found: Row = row
    return found


async def lock(organizations: Sequence[UUID]) -> int:
    """Nobody else books the crews of these organisations until the end of the transaction; how many
    crews there are.

    Whoever changes a survey and locks crews in one transaction locks the crews first.
    """
    return len(await pool().fetch(_LOCK, list(organizations)))


async def expire(organizations: Sequence[UUID], now: datetime) -> None:
    """End the holds on lanes of these organisations that have run out: they block nobody."""
    await pool().execute(_EXPIRE, now, list(organizations))


async def sweep(now: datetime) -> None:
    """End every hold that has run out and that nobody has in hand."""
    await pool().execute(_SWEEP, now)
