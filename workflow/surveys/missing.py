"""Somebody comes late, or not at all (爽约): told at once, recorded, rebooked with the next best
times in the same answer.
"""

from datetime import timedelta
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from config.texts import words
from models import SurveyVisit
from rules.actors import Role
from rules.errors import Code, DomainError, Fault
from rules.states import Ender, SurveyState, VisitState
from workflow import directory
from workflow.encoding import shown
from workflow.inputs import Input, Remark
from workflow.surveys import waiting_list
from workflow.surveys.availability import choices, next_best
from workflow.surveys.finishing import finish
from workflow.surveys.matter import SIDES, Matter
from workflow.unit import Answer, Unit

THERE = (VisitState.ARRIVED, VisitState.DONE)


class Late(Input):
    """How much later than agreed somebody will be there."""

    minutes: Annotated[int, Field(ge=1, le=240)]


class Absence(Input):
    """Who was not there: an organisation, or (left empty) the applicant."""

    absent: UUID | None = None
    remark: Remark = ""


async def tell_late(unit: Unit, application_id: UUID, body: Late, *, expect: int | None) -> Answer:
    """The applicant or a crew runs late; everybody who comes hears of it at once."""
    matter = await Matter.application(unit, application_id, expect=expect)
    role = matter.check("tell_late")
    survey = matter.survey
    if survey is None:  # the guard has seen one
        raise DomainError(Code.NOT_FOUND)
    if SIDES.get(role) is Ender.CREW:
        visit = _own_visit(matter)
        names = await directory.names([visit.organization_id])
        who = names[visit.organization_id]
        await visit.change(late_minutes=body.minutes)
    else:
        who = words.role(Role.APPLICANT)
        await survey.change(late_minutes=body.minutes)
    data = {"at": shown(survey.at), "organization": who, "minutes": body.minutes}
    await matter.move("tell_late", data)
    return await finish(matter)


async def report_absence(
    unit: Unit, application_id: UUID, body: Absence, *, expect: int | None
) -> Answer:
    """Record that somebody was not there, some minutes after the time agreed.

    Where nobody else is at work the survey is over, and can be booked again at once: the answer
    has the next best times, and so has the applicant's notice.
    """
    matter = await Matter.application(unit, application_id, expect=expect)
    side = SIDES.get(matter.check("report_absence"), Ender.SYSTEM)
    survey = matter.survey
    if survey is None:  # the guard has seen one
        raise DomainError(Code.NOT_FOUND)
    minutes = matter.city.survey_rules.no_show_after_minutes
    if unit.now < survey.at + timedelta(minutes=minutes):
        raise _invalid("not_yet_absent", minutes=minutes)
    if body.absent is None and side is Ender.APPLICANT:
        raise _invalid("required_choice")
    visit = _absent_visit(matter, body.absent)
    who = words.role(Role.APPLICANT)
    if body.absent is not None:
        who = (await directory.names([body.absent]))[body.absent]
    if visit is not None:
        await visit.change(active=False, state=VisitState.MISSED, reason=body.remark)
        matter.take(survey, [each for each in matter.visits if each.id != visit.id])
    site = await matter.site(await matter.own())
    best = await next_best(site)
    data: dict[str, Any] = {
        "at": shown(survey.at),
        "organization": who,
        "times": [shown(each.at) for each in best],
    }
    await matter.move("report_absence", data)
    if body.absent is None or not any(each.state in THERE for each in matter.visits):
        by = Ender.APPLICANT if body.absent is None else Ender.CREW
        await matter.end(SurveyState.MISSED, by, body.remark)
        await waiting_list.end(matter)
    answer = await finish(matter)
    return Answer({**answer.body, **await choices(site, best)}, version=answer.version)


def _own_visit(matter: Matter) -> SurveyVisit:
    """The visit of the actor's own organisation."""
    mine = {each.org for each in matter.unit.actor.memberships_in(matter.city.code)}
    visit = next((each for each in matter.visits if each.organization_id in mine), None)
    if visit is None:
        raise DomainError(Code.GUARD_FAILED, guard="not_coming", allowed=matter.allowed())
    return visit


def _absent_visit(matter: Matter, absent: UUID | None) -> SurveyVisit | None:
    """The visit of whoever is said to be absent; None for the applicant, and for an organisation
    that comes by its own arrangement.
    """
    if absent is None:
        return None
    visit = next((each for each in matter.visits if each.organization_id == absent), None)
    if visit is None and absent not in matter.parties():
        raise _invalid("organization_unknown")
    if visit is not None and visit.state in THERE:
        raise _invalid("organization_unknown")
    return visit


def _invalid(code: str, **data: Any) -> DomainError:
    return DomainError(Code.INVALID, faults=(Fault("absent", code, data=data),))
