"""Reports of phones: claimed once each, in one statement and in one order; those to be decided."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from models.db import pool

Row = Mapping[str, Any]

_CLAIM = """
INSERT INTO field_reports (id, person_id, organization_id, city, application_id, kind, visit_id,
       survey_id, request_id, happened_at, received_at, clock_off_s, fingerprint, body_sealed,
       outcome, conflict, decision, told)
SELECT id, $2, organization_id, city, application_id, kind, visit_id, survey_id, request_id,
       happened_at, $3, $4, fingerprint, body_sealed, 'refused', '', '', '{}'::jsonb
  FROM unnest($1::uuid[], $5::uuid[], $6::text[], $7::uuid[], $8::text[], $9::uuid[], $10::uuid[],
       $11::uuid[], $12::timestamptz[], $13::bytea[], $14::bytea[])
       AS new (id, organization_id, city, application_id, kind, visit_id, survey_id, request_id,
       happened_at, fingerprint, body_sealed)
 ORDER BY id
    ON CONFLICT (id) DO NOTHING
RETURNING id
"""

COLUMNS = (
    "id", "organization_id", "city", "application_id", "kind", "visit_id", "survey_id",
    "request_id", "happened_at", "fingerprint", "body_sealed",
)  # fmt: skip

_LOCK = "SELECT id FROM {table} WHERE id = ANY($1::uuid[]) ORDER BY id FOR UPDATE"

_LISTED = """
SELECT id FROM field_reports
 WHERE (person_id = $1 OR organization_id = ANY($2::uuid[]) OR city = ANY($3::text[]))
   AND ($4::text IS NULL OR outcome = $4) AND ($5::uuid IS NULL OR survey_id = $5)
 ORDER BY received_at DESC, id DESC LIMIT $6
"""


async def claim(
    person: UUID, received_at: Any, clock_off_s: int, rows: Sequence[Row]
) -> frozenset[UUID]:
    """Write reports that are not there yet; the ids of those. Waits for whoever writes the same.

    They are written in the order of their ids, so two phones with the same ones never deadlock.
    """
    columns = [[row[name] for row in rows] for name in COLUMNS]
    first, *others = columns
    found = await pool().fetch(_CLAIM, first, person, received_at, clock_off_s, *others)
    return frozenset(row["id"] for row in found)


async def lock(table: str, ids: Sequence[UUID]) -> None:
    """Lock applications or registrations in the order of their ids."""
    if ids:
        await pool().execute(_LOCK.format(table=table), list(ids))


async def listed(
    person: UUID | None,
    organizations: Sequence[UUID],
    cities: Sequence[str],
    *,
    outcome: str | None,
    survey: UUID | None,
    most: int,
) -> list[UUID]:
    """Reports of a person, of organisations and of whole cities, the newest first."""
    found = await pool().fetch(
        _LISTED, person, list(organizations), list(cities), outcome, survey, most
    )
    return [row["id"] for row in found]


_ENDED = "a.stage IN ('closed', 'withdrawn', 'rejected')"
_VISITS = f"""
UPDATE survey_visits v SET arrival = v.arrival || '{{"position": null}}'
  FROM surveys s JOIN applications a ON a.id = s.application_id
 WHERE s.id = v.survey_id AND {_ENDED} AND v.arrival->>'position' IS NOT NULL
"""  # noqa: S608 - only the constant above is put into it
_BODIES = f"""
UPDATE field_reports r SET body_sealed = ''
  FROM applications a
 WHERE a.id = r.application_id AND {_ENDED} AND r.kind = 'check_in'
   AND r.outcome <> 'conflict' AND r.body_sealed <> ''
"""  # noqa: S608
_UPLOADS = """
UPDATE uploads SET evidence = evidence || '{"point": null}'
 WHERE created_at < $1 AND evidence->>'point' IS NOT NULL
"""


async def forget_positions(unjudged_before: Any) -> None:
    """Of cases that have ended, where exactly phones were; of photos that nobody has handed in."""
    await pool().execute(_VISITS)
    await pool().execute(_BODIES)
    await pool().execute(_UPLOADS, unjudged_before)
