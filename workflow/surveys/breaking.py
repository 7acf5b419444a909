"""What a change of a crew or its calendar breaks: booked visits the crew could keep before, and can
no longer. They are listed with the next times that suit everybody, and nothing is changed; or, when
that is accepted, another crew of the organisation comes, or the applicant is told to choose anew.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from config.texts import words
from models import Crew, CrewAbsence, CrewShift, Organization
from models.crews import LANES
from models.queries import crews as query
from models.queries import lanes
from models.queries.crews import Row
from rules.calendar import WorkCalendar
from rules.errors import Code, DomainError
from rules.rosters import Absence, Roster, Shift, goes_out
from rules.worktime import ceil_minute, floor_minute
from workflow.directory import names
from workflow.encoding import SHANGHAI, shown
from workflow.surveys import crew_view, keeping
from workflow.surveys.replacing import Outcome, next_times, replace_crew
from workflow.unit import Answer, Unit

TRIES: Final = 4

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Change:
    """What an effect did, for the audit trail; the status of its answer."""

    action: str
    detail: Mapping[str, Any] = field(default_factory=dict)
    status: int = 200


Effect = Callable[[Crew, Organization], Awaitable[Change]]


class _More(Exception):
    """Cases that must be locked before the crews are."""

    def __init__(self, visits: Sequence[Row]) -> None:
        super().__init__()
        self.visits = visits


async def carry_out(
    unit: Unit, crew_id: UUID, expect: int | None, effect: Effect, *, accept: bool
) -> Answer:
    """Lock, change, see what breaks. Answers the crew, and with ``accept`` what became of them.

    Raises ``NOT_FOUND``, ``TOTP_NEEDED``, ``VERSION_STALE``, ``VISITS_BROKEN`` and what ``effect``
    raises. Cases are locked before crews, as everywhere; which ones is known only after the change
    was tried, so it is taken back and tried once more.
    """
    crew = await Crew.filter(id=crew_id).first()
    if crew is None:
        raise DomainError(Code.NOT_FOUND)
    keeping.keeps(unit.actor, await keeping.of_crew(crew))
    held: dict[UUID, Row] = {}
    for _ in range(TRIES):
        try:
            async with unit.attempt():
                return await _try(unit, crew, expect, effect, held, accept=accept)
        except _More as more:
            held |= {visit["id"]: visit for visit in more.visits}
    raise DomainError(Code.CONFLICT)


async def _try(
    unit: Unit,
    seen: Crew,
    expect: int | None,
    effect: Effect,
    held: Mapping[UUID, Row],
    *,
    accept: bool,
) -> Answer:
    applications = {row["application_id"] for row in held.values()} - {None}
    registrations = {row["registration_id"] for row in held.values()} - {None}
    await query.hold_cases(list(applications), list(registrations))
    if held:
        await lanes.lock([seen.organization_id])
    crew, org, role = await keeping.to_keep(unit.actor, seen.id, expect)
    calendar = _calendar(unit, crew)
    before = await roster_of(crew)
    booked = [row for row in await query.booked(crew.id, unit.now) if _kept(before, calendar, row)]
    change = await effect(crew, org)
    after = await roster_of(crew)
    broken = [row for row in booked if not _kept(after, calendar, row)]
    if broken and not accept:
        raise DomainError(Code.VISITS_BROKEN, visits=await _listed(unit, broken))
    if any(row["id"] not in held for row in broken):
        raise _More(broken)
    outcomes = [await replace_crew(unit, row, words.message("crew_unavailable")) for row in broken]
    unit.audit(
        crew.city,
        role,
        change.action,
        "crew",
        crew.id,
        **change.detail,
        moved=[str(each.visit["id"]) for each in outcomes if each.crew is not None],
        declined=[str(each.visit["id"]) for each in outcomes if each.crew is None],
    )
    body = await crew_view.whole(unit, crew, org)
    body["visits"] = await _became(unit, outcomes)
    return Answer(body, change.status, crew.version, f"/crews/{crew.id}")


async def roster_of(crew: Crew) -> Roster:
    """All that decides when a crew goes out, as it stands in this transaction."""
    shifts = await CrewShift.filter(crew_id=crew.id)
    absences = await CrewAbsence.filter(crew_id=crew.id)
    return Roster(
        active=crew.active,
        lanes=crew.lanes,
        shifts=tuple(Shift(each.weekday, each.starts, each.ends) for each in shifts),
        absences=tuple(
            Absence(floor_minute(each.starts_at), ceil_minute(each.ends_at), each.lane)
            for each in absences
        ),
    )


def _kept(roster: Roster, calendar: WorkCalendar, visit: Row) -> bool:
    starts, ends = floor_minute(visit["at"]), ceil_minute(visit["ends_at"])
    return goes_out(roster, calendar, visit["lane"] % LANES, starts, ends)


def _calendar(unit: Unit, crew: Crew) -> WorkCalendar:
    day = unit.now.astimezone(SHANGHAI).date()
    return unit.services.calendars.of(unit.services.cities.on(crew.city, day))


async def _listed(unit: Unit, broken: Sequence[Row]) -> list[Json]:
    """The broken visits: of which case, when, who comes, when else everybody could come."""
    who = await names([party for row in broken for party in row["parties"]])
    return [
        {
            **told_visit(unit, row, who),
            "times": await next_times(unit, row),
        }
        for row in broken
    ]


async def _became(unit: Unit, outcomes: Sequence[Outcome]) -> list[Json]:
    who = await names([party for each in outcomes for party in each.visit["parties"]])
    crews = {
        row.id: row.name
        for row in await Crew.filter(id__in=[each.crew for each in outcomes if each.crew])
    }
    return [
        {
            **told_visit(unit, each.visit, who),
            "outcome": "moved" if each.crew else "declined",
            "crew_name": crews[each.crew] if each.crew else None,
            "times": each.times,
        }
        for each in outcomes
    ]


def told_visit(unit: Unit, row: Row, who: Mapping[UUID, str]) -> Json:
    """A visit, or a whole survey: of which case, when, who comes. ``who``: names by id."""
    day = row["judged_on"] or unit.now.astimezone(SHANGHAI).date()
    city = unit.services.cities.on(row["city"], day)
    numbered = row["year"] is not None and row["sequence"] is not None
    return {
        "id": str(row["id"]),
        "application": _id(row["application_id"]),
        "registration": _id(row["registration_id"]),
        "number": city.numbering.format(row["year"], row["sequence"]) if numbered else None,
        "at": shown(row["at"]),
        "ends_at": shown(row["ends_at"]),
        "who": [who[party] for party in row["parties"]],
    }


def _id(value: UUID | None) -> str | None:
    return None if value is None else str(value)
