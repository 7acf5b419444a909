"""One day of somebody's crews: what they visit, who else comes there."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from models.db import pool

Row = Mapping[str, Any]

MINE = (
    "SELECT m.crew_id FROM crew_members m JOIN memberships o ON o.id = m.membership_id"
    " WHERE o.person_id = $1 AND o.ended_at IS NULL"
)
"""The crews somebody goes out with."""

_OF_CREWS = f"""
SELECT v.id, v.survey_id, v.organization_id, v.request_id, v.lane, v.at, v.ends_at, v.state,
       v.late_minutes, v.arrived_at, v.version, v.lon, v.lat, s.state AS survey_state,
       s.late_minutes AS applicant_late, s.application_id, s.registration_id, s.city, s.town,
       c.name AS crew_name, c.lon AS base_lon, c.lat AS base_lat, c.town AS base_town
  FROM survey_visits v JOIN surveys s ON s.id = v.survey_id JOIN crews c ON c.id = v.crew_id
 WHERE v.crew_id IN ({MINE}) AND v.at >= $2 AND v.at < $3
   AND s.state IN ('confirmed', 'done', 'missed')
   AND (v.active OR v.state IN ('arrived', 'done', 'missed'))
 ORDER BY v.at, v.id
"""  # noqa: S608 - made of constants

_BY_ARRANGEMENT = """
SELECT NULL::uuid AS id, s.id AS survey_id, r.organization_id, r.id AS request_id,
       NULL::int8 AS lane, s.at, s.ends_at,
       CASE WHEN r.arrived_at IS NULL THEN 'planned' ELSE 'arrived' END AS state,
       0 AS late_minutes, r.arrived_at, NULL::int AS version, s.lon, s.lat,
       s.state AS survey_state, s.late_minutes AS applicant_late, s.application_id,
       s.registration_id, s.city, s.town, NULL AS crew_name, NULL::float8 AS base_lon,
       NULL::float8 AS base_lat, NULL AS base_town
  FROM memberships o
  JOIN requests r ON r.organization_id = o.organization_id AND r.state = 'pending'
       AND r.course = 'full'
  JOIN surveys s ON s.application_id = r.application_id AND s.state = 'confirmed'
 WHERE o.person_id = $1 AND o.ended_at IS NULL AND o.role = 'crew' AND s.at >= $2 AND s.at < $3
   AND NOT EXISTS (SELECT 1 FROM crews c WHERE c.organization_id = o.organization_id AND c.active)
 ORDER BY s.at, r.id
"""

_OTHERS = """
SELECT v.survey_id, v.organization_id, g.name AS organization_name, c.name AS crew_name, v.state
  FROM survey_visits v JOIN organizations g ON g.id = v.organization_id
  JOIN crews c ON c.id = v.crew_id
 WHERE v.survey_id = ANY($1::uuid[])
   AND (v.active OR v.state IN ('arrived', 'done', 'missed', 'declined'))
UNION ALL
SELECT s.id, r.organization_id, g.name, NULL,
       CASE WHEN r.state <> 'pending' THEN 'done' WHEN r.arrived_at IS NULL THEN 'planned'
            ELSE 'arrived' END
  FROM surveys s JOIN requests r ON r.application_id = s.application_id AND r.course = 'full'
       AND r.state NOT IN ('declined', 'withdrawn')
  JOIN organizations g ON g.id = r.organization_id
 WHERE s.id = ANY($1::uuid[])
   AND NOT EXISTS (SELECT 1 FROM survey_visits v
                    WHERE v.survey_id = s.id AND v.organization_id = r.organization_id)
 ORDER BY 3, 4
"""


async def of_person(person: UUID, since: datetime, until: datetime) -> list[Row]:
    """The visits of somebody's crews that begin between two times, the soonest first.

    With them the visits of an organisation that has entered no crew, for whoever is of its crews:
    those have no ``id``, ``lane`` and ``crew_name``.
    """
    rows: list[Row] = await pool().fetch(_OF_CREWS, person, since, until)
    rows += await pool().fetch(_BY_ARRANGEMENT, person, since, until)
    return sorted(rows, key=lambda row: (row["at"], str(row["request_id"])))


async def others(surveys: Sequence[UUID]) -> list[Row]:
    """Everybody who comes to surveys; ``crew_name`` is empty for who comes by own arrangement."""
    rows: list[Row] = await pool().fetch(_OTHERS, list(surveys))
    return rows
