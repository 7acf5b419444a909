"""A booked visit its crew cannot keep: another crew of the organisation comes at the same time, or
the organisation drops out and the applicant is told the next times that suit everybody.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from models import Survey, SurveyVisit
from models.queries.crews import Row
from rules.actors import SYSTEM
from rules.errors import Code, DomainError
from rules.lifecycle import Tell
from rules.states import Ender, SurveyState, VisitState
from workflow import directory
from workflow.cases.case import Case
from workflow.encoding import shown
from workflow.registrations.case import RegistrationCase
from workflow.surveys import waiting_list
from workflow.surveys.availability import next_best, shown_times
from workflow.surveys.finishing import finish
from workflow.surveys.matter import Matter, add_visits, visits_of
from workflow.surveys.planning import Needed, Planned, plan_at
from workflow.unit import Unit

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a visit. ``crew``: who comes instead; else ``times`` are the next best."""

    visit: Row
    crew: UUID | None
    times: Sequence[Json]


async def next_times(unit: Unit, visit: Row) -> list[Json]:
    """The next times at which everybody who must come to the same survey can come."""
    system = replace(unit, actor=SYSTEM)
    case: Case | RegistrationCase
    if visit["application_id"] is not None:
        case = await Case.peek(system, visit["application_id"])
    else:
        case = await RegistrationCase.load(system, visit["registration_id"])
    return (await _best(await Matter.of(case), visit))[1]


async def replace_crew(unit: Unit, visit: Row, reason: str) -> Outcome:
    """Have another crew of the organisation come at the same time; else the visit is declined.

    The case is locked already, and so are the organisation's crews. Events and notices are those
    of the system: whoever changes a calendar need not have a part in the case.
    """
    matter = await _open(replace(unit, actor=SYSTEM), visit)
    survey = await Survey.get(id=visit["survey_id"])
    other = await _other_crew(matter, visit)
    await _end(visit, reason, VisitState.DECLINED if other is None else VisitState.ENDED)
    names = await directory.names([visit["organization_id"]])
    data: Json = {"at": shown(visit["at"]), "organization": names[visit["organization_id"]]}
    times: list[Json] = []
    if other is not None:
        await add_visits(survey, other)
        await _look_again(matter, survey)
        await matter.move("replan_visit", data, by_system=True)
        await matter.notify("replan_visit", (Tell.COMING,), data)
    else:
        if survey.state is SurveyState.OFFERED:
            await give_up(survey)
            await waiting_list.resume(matter)
        best, times = await _best(matter, visit)
        data |= {"reason": reason, "times": [shown(each.at) for each in best]}
        await matter.move("lose_visit", data, by_system=True)
        await matter.notify("lose_visit", (Tell.COMING,), data)
    await finish(matter)
    return Outcome(visit, other.parts[0].crew if other is not None else None, times)


async def _open(unit: Unit, visit: Row) -> Matter:
    if visit["application_id"] is not None:
        return await Matter.application(unit, visit["application_id"], expect=None)
    return await Matter.registration(unit, visit["registration_id"], expect=None)


async def _other_crew(matter: Matter, visit: Row) -> Planned | None:
    """One crew of the same organisation; nobody where it has none left."""
    site = replace(
        await matter.site([visit["survey_id"]]),
        needed=(Needed(visit["organization_id"], visit["request_id"]),),
    )
    found = await plan_at(site, visit["at"])
    return found if found is not None and found.parts else None


async def _best(matter: Matter, visit: Row) -> tuple[list[Planned], list[Json]]:
    site = await matter.site(await matter.own())
    best = await next_best(site, visit["at"])
    return best, await shown_times(site, best)


async def _end(visit: Row, reason: str, state: VisitState) -> None:
    ended = await SurveyVisit.filter(id=visit["id"], version=visit["version"], active=True).update(
        active=False, state=state, reason=reason, version=visit["version"] + 1
    )
    if not ended:
        raise DomainError(Code.CONFLICT)


async def give_up(survey: Survey) -> None:
    """End a time that is offered: it is none without everybody."""
    await survey.change(state=SurveyState.CANCELLED, ended_by=Ender.SYSTEM, held_until=None)
    await SurveyVisit.filter(survey_id=survey.id, active=True).update(
        active=False, state=VisitState.ENDED
    )


async def _look_again(matter: Matter, survey: Survey) -> None:
    if matter.survey is not None and matter.survey.id == survey.id:
        matter.take(matter.survey, await visits_of(survey))
