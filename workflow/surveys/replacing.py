"""A booked visit its crew cannot keep: another crew of the organisation comes at the same time, or
the organisation drops out and the applicant is told the next times that suit everybody.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Final

from models import Organization, SurveyVisit
from models.base import new_id
from models.queries.crews import Row
from models.writes import insert
from rules.actors import SYSTEM, Role
from rules.errors import Code, DomainError
from rules.staffing import GOES_OUT, KEEPS_CREWS
from rules.states import VisitState
from rules.worktime import day_of, floor_minute
from workflow.cases.case import Case
from workflow.cases.settling import settle
from workflow.encoding import SHANGHAI, shown
from workflow.notices import Audience, Notice
from workflow.registrations.case import RegistrationCase
from workflow.surveys import planning
from workflow.surveys.columns import centre
from workflow.surveys.planning import Needed, Part, Planned, Site
from workflow.unit import Unit

MOST: Final = 3
"""Next best times offered for one visit."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a visit. ``part``: who comes instead; else ``times`` are the next best."""

    visit: Row
    part: Part | None
    times: Sequence[Planned]


async def next_times(unit: Unit, visit: Row, most: int = MOST) -> list[Planned]:
    """The next times at which everybody who comes to the same survey can come."""
    parties = zip(visit["parties"], visit["requests"], strict=True)
    site = site_of(unit, visit, tuple(Needed(*party) for party in parties))
    first = day_of(floor_minute(unit.now))
    last = first + timedelta(days=site.city.survey_rules.book_ahead_days)
    crews = await planning.load(site, first, last)
    return planning.search(site, crews, planning.times(site, first, last), most)


async def replace_crew(unit: Unit, visit: Row, reason: str) -> Outcome:
    """Have another crew of the organisation come at the same time; else the visit is declined.

    The case is locked already, and so are the organisation's crews by what this asks. Events and
    notices are those of the system: whoever changed the calendar has no part in the case.
    """
    org = await Organization.get(id=visit["organization_id"])
    site = site_of(unit, visit, (Needed(org.id, visit["request_id"]),))
    found = await planning.plan_at(site, visit["at"])
    part = found.parts[0] if found is not None and found.parts else None
    await _end(visit, reason, VisitState.DECLINED if part is None else VisitState.ENDED)
    if part is not None:
        await insert([_visit(visit, part)])
    times = [] if part is not None else await next_times(unit, visit)
    await _tell(unit, visit, org, Outcome(visit, part, times), reason)
    return Outcome(visit, part, times)


def site_of(unit: Unit, visit: Row, needed: tuple[Needed, ...]) -> Site:
    """What is planned anew: the place of the visit, whose own survey gives way."""
    day = visit["judged_on"] or unit.now.astimezone(SHANGHAI).date()
    city = unit.services.cities.on(visit["city"], day)
    known = visit["lon"] is not None and visit["lat"] is not None
    place = (visit["lon"], visit["lat"]) if known else centre(city, visit["town"])
    return Site(
        city=city,
        calendar=unit.services.calendars.of(city),
        now=unit.now,
        town=visit["town"],
        place=place,
        needed=needed,
        without=(visit["survey_id"],),
    )


async def _end(visit: Row, reason: str, state: VisitState) -> None:
    ended = await SurveyVisit.filter(id=visit["id"], version=visit["version"], active=True).update(
        active=False, state=state, reason=reason, version=visit["version"] + 1
    )
    if not ended:
        raise DomainError(Code.CONFLICT)


def _visit(visit: Row, part: Part) -> SurveyVisit:
    return SurveyVisit(
        id=new_id(),
        survey_id=visit["survey_id"],
        city=visit["city"],
        organization_id=visit["organization_id"],
        request_id=visit["request_id"],
        crew_id=part.crew,
        lane=part.lane,
        at=visit["at"],
        ends_at=visit["ends_at"],
        lon=visit["lon"],
        lat=visit["lat"],
        state=VisitState.PLANNED,
    )


async def _tell(unit: Unit, visit: Row, org: Organization, outcome: Outcome, reason: str) -> None:
    """The move of the case, which tells the applicant, and a notice to the organisation."""
    event = "lose_visit" if outcome.part is None else "replan_visit"
    data: dict[str, Any] = {
        "at": shown(visit["at"]),
        "reason": reason,
        "organization": org.name,
        "times": [shown(each.at) for each in outcome.times],
    }
    system = replace(unit, actor=SYSTEM)
    number = None
    if visit["application_id"] is not None:
        case = await Case.open(system, visit["application_id"])
        await case.move(event, data=data, by_system=True)
        number = case.number()
        await settle(case)
    else:
        registration = await RegistrationCase.open(system, visit["registration_id"])
        await registration.move(event, data=data, by_system=True)
        await registration.finish()
    roles: tuple[Role, ...] = (GOES_OUT[org.kind], KEEPS_CREWS[org.kind])
    unit.notices.append(
        Notice(
            origin=str(new_id()),
            code=event,
            city=visit["city"],
            audience=Audience(
                organizations=(org.id,), organization_roles=tuple(dict.fromkeys(roles))
            ),
            params={"number": number, **data},
            application_id=visit["application_id"],
            registration_id=None if visit["application_id"] else visit["registration_id"],
        )
    )
