"""Visits of crews as a change of their calendars meets them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from models.db import pool

Row = Mapping[str, Any]

_BOOKED = """
SELECT v.id, v.survey_id, v.organization_id, v.request_id, v.crew_id, v.lane, v.at, v.ends_at,
       v.version, s.application_id, s.registration_id, s.city,
       s.state AS survey_state,
       a.year, a.sequence, coalesce(a.judged_on, r.judged_on) AS judged_on,
       ARRAY(SELECT o.organization_id FROM survey_visits o
              WHERE o.survey_id = s.id AND o.active) AS parties
  FROM survey_visits v
  JOIN surveys s ON s.id = v.survey_id
  LEFT JOIN applications a ON a.id = s.application_id
  LEFT JOIN registrations r ON r.id = s.registration_id
 WHERE v.crew_id = $1 AND v.active AND v.ends_at > $2 AND v.state IN ('planned', 'confirmed')
   AND (s.state = 'confirmed' OR s.state IN ('held', 'offered') AND s.held_until > $2)
 ORDER BY v.at, v.id
"""

_ON_DAY = """
SELECT s.id, s.application_id, s.registration_id, s.city, s.at, s.ends_at,
       a.year, a.sequence, coalesce(a.judged_on, r.judged_on) AS judged_on,
       ARRAY(SELECT o.organization_id FROM survey_visits o
              WHERE o.survey_id = s.id AND o.active) AS parties
  FROM surveys s
  LEFT JOIN applications a ON a.id = s.application_id
  LEFT JOIN registrations r ON r.id = s.registration_id
 WHERE s.city = $1 AND s.at >= greatest($2::timestamptz, $4::timestamptz) AND s.at < $3
   AND (s.state = 'confirmed' OR s.state IN ('held', 'offered') AND s.held_until > $4)
   AND NOT EXISTS (SELECT FROM survey_visits v WHERE v.survey_id = s.id AND v.state = 'arrived')
 ORDER BY coalesce(s.application_id, s.registration_id), s.state, s.id
"""

_HOLD = {
    "applications": "SELECT id FROM applications WHERE id = ANY($1::uuid[]) ORDER BY id FOR UPDATE",
    "registrations": (
        "SELECT id FROM registrations WHERE id = ANY($1::uuid[]) ORDER BY id FOR UPDATE"
    ),
}


async def booked(crew: UUID, now: datetime) -> list[Row]:
    """What one crew has still to do, the soonest first; nothing it has begun already.

    ``parties``: everybody who comes to the same visit, itself included.
    """
    rows: list[Row] = await pool().fetch(_BOOKED, crew, now)
    return rows


async def on_day(city: str, since: datetime, until: datetime, now: datetime) -> list[Row]:
    """The surveys of a city that begin between two times and have not begun yet, case by case."""
    rows: list[Row] = await pool().fetch(_ON_DAY, city, since, until, now)
    return rows


async def hold_cases(applications: Sequence[UUID], registrations: Sequence[UUID]) -> None:
    """Lock cases before crews are, as whoever books does."""
    for table, ids in (("applications", applications), ("registrations", registrations)):
        if ids:
            await pool().fetch(_HOLD[table], sorted(ids))
