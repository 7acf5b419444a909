"""Progress of one application in one statement, authorisation included (the hottest read)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import itemgetter
from typing import Any, NamedTuple
from uuid import UUID

import orjson

from models.db import in_unit_of_work, pool
from models.queries.actor import LIVE
from models.queries.together import Together

_AT = "date_trunc('second', {} AT TIME ZONE 'Asia/Shanghai')"
"""A time as JSON text without its zone ; ``to_char`` takes four times as long."""
_EPOCH = "extract(epoch FROM {})::float8"

_EVENT = f"""
json_build_array(e.subject, e.name, e.source, e.request_id, e.role, o.name,
                 {_AT.format("e.happened_at")}, {_AT.format("e.entered_at")}, e.data)"""
_EVENTS = f"""
SELECT json_agg({_EVENT} ORDER BY e.id)
FROM events e LEFT JOIN organizations o ON o.id = e.organization_id
WHERE e.application_id = a.id"""  # noqa: S608 - only the constants above are put into it
_NEWEST = f"""
SELECT json_build_array({_EVENT})
FROM events e LEFT JOIN organizations o ON o.id = e.organization_id
WHERE e.application_id = a.id
  AND e.subject || '.' || e.name <> ALL(string_to_array(asker.hidden, ' '))
ORDER BY e.id DESC LIMIT 1"""  # noqa: S608 - only the constants above are put into it
_SHOWN = f"""
       a.city, a.year, a.sequence, a.stage, a.plan_state, a.enterprise_name, a.version,
       a.judged_on, a.rated_at IS NOT NULL AS rated,
       a.road_opened AND a.road_checked_at IS NULL AS road_unchecked,
       a.submitted_at, a.accepted_at, a.connected_at, a.closed_at,
       (SELECT s.at FROM surveys s
         WHERE s.application_id = a.id AND s.state IN ('held', 'confirmed')) AS survey_at,
       (SELECT json_agg(json_build_array(r.id, r.utility, o.name, r.kind, r.course, r.state,
                        r.permit_state, r.segment_open, r.works_started_at IS NOT NULL,
                        {_AT.format("r.connection_at")}, {_AT.format("r.connected_at")},
                        r.version, r.organization_id) ORDER BY r.id)
          FROM requests r JOIN organizations o ON o.id = r.organization_id
         WHERE r.application_id = a.id) AS requests,
       (SELECT json_agg(json_build_array(d.step, d.request_id, d.holder, o.name,
                        {_EPOCH.format("d.due_at")}, {_EPOCH.format("d.yellow_at")},
                        {_EPOCH.format("d.paused_at")}, d.pause_reason,
                        {_AT.format("d.target_at")}, {_AT.format("d.due_at")},
                        d.provisional) ORDER BY d.due_at, d.id)
          FROM deadlines d LEFT JOIN organizations o ON o.id = d.organization_id
         WHERE d.application_id = a.id AND d.closed_at IS NULL) AS deadlines,
       ({{events}}) AS events
"""  # noqa: S608 - only the constants above are put into it
_OWN = """a.owner_id = {person} OR EXISTS (
    SELECT FROM enterprise_members m
    WHERE m.enterprise_id = a.enterprise_id AND m.person_id = {person})"""
_OF_SESSION = f"""
SELECT true AS own, s.kind, COALESCE(s.seen_at, s.created_at) AS seen_at,
       {_SHOWN.format(events=_EVENTS)}
FROM sessions s JOIN applications a ON a.id = $5
WHERE {LIVE} AND ({_OWN.format(person="s.person_id")})
"""  # noqa: S608 - only the constants above are put into it
"""Without arrays among its parameters one plan serves every call; with them PostgreSQL plans anew
each time, which takes longer than the statement itself.
"""
_OPEN = (
    "('submitted', 'returned', 'accepted', 'surveying', 'planning', 'permitting', 'constructing',"
    " 'inspecting', 'connecting', 'connected')"
)
_OPEN_REGISTRATIONS = "('received', 'visited', 'ready', 'parked')"
ONLY = f"""
WITH open AS (
    (SELECT 'application' AS kind, a.id FROM applications a
      WHERE a.owner_id = {{person}} AND a.stage IN {_OPEN} LIMIT 2)
    UNION
    (SELECT 'application', a.id FROM enterprise_members m
       JOIN applications a ON a.enterprise_id = m.enterprise_id
      WHERE m.person_id = {{person}} AND a.stage IN {_OPEN} LIMIT 2)
    UNION
    (SELECT 'registration', g.id FROM registrations g
      WHERE g.owner_id = {{person}} AND g.state IN {_OPEN_REGISTRATIONS} LIMIT 2)
    UNION
    (SELECT 'registration', g.id FROM enterprise_members mine
       JOIN enterprises e ON e.id = mine.enterprise_id
       JOIN enterprise_members theirs ON theirs.enterprise_id = e.id
       JOIN registrations g ON g.owner_id = theirs.person_id AND g.credit_code = e.credit_code
      WHERE mine.person_id = {{person}} AND g.state IN {_OPEN_REGISTRATIONS} LIMIT 2)
)
SELECT one.kind, one.case_id, one.count, true AS own,
       {_SHOWN.format(events=_NEWEST)}
FROM (SELECT count(*) AS count, min(kind) AS kind, (array_agg(id))[1] AS case_id FROM open) AS one
LEFT JOIN applications a ON one.count = 1 AND one.kind = 'application' AND a.id = one.case_id
"""  # noqa: S608 - only the constants above are put into it
"""The one open case of ``{person}``, and how many there are; beside ``asker.hidden``."""
_ONLY = f"""
SELECT asker.n, told.*
FROM json_to_recordset($1::json) AS asker (n int, person uuid, hidden text)
CROSS JOIN LATERAL ({ONLY.format(person="asker.person")}) AS told
"""  # noqa: S608 - only the constants above are put into it
_PROGRESS = f"""
SELECT mine.own, {_SHOWN.format(events=_EVENTS)}
FROM applications a CROSS JOIN LATERAL (SELECT {_OWN.format(person="$2")} AS own) AS mine
WHERE a.id = $1
  AND (mine.own
       OR (a.stage = 'draft' AND a.channel = 'window' AND a.city = ANY($6::text[]))
       OR (a.stage <> 'draft' AND (
           a.city = ANY($3::text[])
           OR ($4::uuid[] <> '{{}}' AND EXISTS (
               SELECT FROM requests r
               WHERE r.application_id = a.id AND r.organization_id = ANY($4::uuid[])))
           OR ($5::uuid[] <> '{{}}' AND EXISTS (
               SELECT FROM opinions p JOIN requests r ON r.id = p.request_id
               WHERE r.application_id = a.id AND p.organization_id = ANY($5::uuid[]))))))
"""  # noqa: S608 - only the constants above are put into it


@dataclass(frozen=True, slots=True)
class Found:
    """The row of the case, and what hangs below it as arrays in the order of the statement."""

    row: Any
    requests: list[list[Any]]
    deadlines: list[list[Any]]
    events: list[list[Any]]


async def of_session(
    application_id: UUID, session: UUID, now: datetime, idle_kind: str, idle: timedelta
) -> Found | None:
    """The case, if the session is live (as in ``actor.rows_of``) and it is its person's own.

    The row also tells the session's ``kind`` and ``seen_at``.
    """
    row = await pool().fetchrow(_OF_SESSION, session, now, idle_kind, now - idle, application_id)
    return _found(row)


@dataclass(frozen=True, slots=True)
class Only:
    """Somebody's one open case, or that there is none or more than one (``count`` is cut off).

    ``found`` where the one is an application.
    """

    count: int
    kind: str | None
    case: UUID | None
    found: Found | None


class Asker(NamedTuple):
    """Whose one open case is wanted; of its events the newest that is not among ``hidden``
    (``subject.name``, with blanks between) is told.
    """

    person: UUID
    hidden: str


async def only_open(asker: Asker) -> Only:
    """The one open case of a person: its own, or of an enterprise it acts for."""
    if not in_unit_of_work():
        return await _together(asker)
    async with pool().acquire() as connection:
        return (await _only_open(connection, [asker]))[0]


async def _only_open(connection: Any, askers: Sequence[Asker]) -> Sequence[Only]:
    given = [
        {"n": n, "person": str(each.person), "hidden": each.hidden} for n, each in enumerate(askers)
    ]
    rows = await connection.fetch(_ONLY, orjson.dumps(given).decode())
    return [only_of(row) for row in sorted(rows, key=itemgetter("n"))]


_together = Together(_only_open)


def only_of(row: Any) -> Only:
    """What ``ONLY`` tells."""
    one = row["count"] == 1
    application = one and row["kind"] == "application"
    return Only(
        row["count"],
        row["kind"] if one else None,
        row["case_id"] if one else None,
        _found(row) if application else None,
    )


async def find(
    application_id: UUID,
    person: UUID | None,
    *,
    cities: Sequence[str],
    providers: Sequence[UUID],
    departments: Sequence[UUID],
    windows: Sequence[str],
) -> Found | None:
    """The case, if the person owns it or its organisations have a part in it; else ``None``.

    ``cities`` whose every case is the actor's to see, ``providers`` and ``departments`` it works
    for. A draft is its owner's alone; one entered at a window is that of ``windows``, too: the
    cities in which the actor is a clerk there.
    """
    row = await pool().fetchrow(
        _PROGRESS, application_id, person, cities, providers, departments, windows
    )
    return _found(row)


def _found(row: Any) -> Found | None:
    if row is None:
        return None
    return Found(row, _rows(row["requests"]), _rows(row["deadlines"]), _rows(row["events"]))


def _rows(text: str | None) -> list[list[Any]]:
    return orjson.loads(text) if text else []
