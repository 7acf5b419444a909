"""What a calendar subscription shows: the latest appointment of each case one has a part in."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from models.db import pool
from models.queries.days import MINE

Row = Mapping[str, Any]

_SHOWN = f"""
WITH own AS (
    SELECT a.id FROM applications a WHERE a.owner_id = $1
    UNION
    SELECT a.id FROM enterprise_members m JOIN applications a ON a.enterprise_id = m.enterprise_id
     WHERE m.person_id = $1
), part AS (
    SELECT s.id, v.active OR v.state IN ('arrived', 'done', 'missed') AS comes
      FROM survey_visits v JOIN surveys s ON s.id = v.survey_id
     WHERE v.crew_id IN ({MINE}) AND s.at >= $2 AND s.state NOT IN ('held', 'offered')
    UNION ALL
    SELECT s.id, true FROM surveys s JOIN own ON own.id = s.application_id
     WHERE s.at >= $2 AND s.state <> 'offered'
    UNION ALL
    SELECT s.id, true FROM surveys s JOIN registrations g ON g.id = s.registration_id
     WHERE s.application_id IS NULL AND g.owner_id = $1 AND s.at >= $2 AND s.state <> 'offered'
), latest AS (
    SELECT DISTINCT ON (coalesce(s.application_id, s.registration_id))
           s.id, s.application_id, s.registration_id, s.city, s.town, s.at, s.ends_at, s.state,
           s.created_at, p.comes AND s.state IN ('held', 'confirmed', 'done', 'missed') AS stands
      FROM part p JOIN surveys s ON s.id = p.id
     WHERE s.state <> 'cancelled'
        OR s.reason NOT IN ('hold', 'earlier', 'proposed', 'hold_expired')
     ORDER BY coalesce(s.application_id, s.registration_id),
              (p.comes AND s.state IN ('held', 'confirmed', 'done', 'missed')) DESC,
              s.created_at DESC, s.id DESC
)
SELECT l.*, a.year, a.sequence, coalesce(a.judged_on, g.judged_on) AS judged_on,
       coalesce(a.fields, g.fields)->>'site.address' AS address,
       coalesce(a.town, g.town) AS site_town,
       (SELECT coalesce(sum(x.version), 0) + coalesce(sum(
                (SELECT sum(w.version) FROM survey_visits w WHERE w.survey_id = x.id)), 0)
          FROM surveys x WHERE x.application_id = l.application_id
             OR x.application_id IS NULL AND x.registration_id = l.registration_id)::int8 AS changes
  FROM latest l
  LEFT JOIN applications a ON a.id = l.application_id
  LEFT JOIN registrations g ON g.id = l.registration_id
 ORDER BY l.at, l.id LIMIT $3
"""  # noqa: S608 - made of constants

_OWNER = """
UPDATE calendar_links
   SET read_at = CASE WHEN read_at > $2::timestamptz - interval '1 hour' THEN read_at ELSE $2 END
 WHERE token_hash = $1 AND revoked_at IS NULL RETURNING person_id
"""


async def owner_of(token_hash: str, now: datetime) -> UUID | None:
    """Whose link it is, if it is not revoked; that it was read is noted to the hour."""
    found: UUID | None = await pool().fetchval(_OWNER, token_hash, now)
    return found


async def appointments(person: UUID, since: datetime, most: int) -> list[Row]:
    """The latest appointment of each case of somebody's, and of each its crews go to.

    ``stands``: it takes place, as far as it concerns the person. ``changes`` grows with everything
    that happens to the appointments of the case, and never falls.
    """
    rows: list[Row] = await pool().fetch(_SHOWN, person, since, most)
    return rows
