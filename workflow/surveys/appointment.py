"""The appointment of the joint survey: held at submit, confirmed at acceptance, freed or done."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from models import Crew, SurveyVisit
from rules.errors import Code, DomainError, Fault
from rules.lifecycle import Tell
from rules.states import Ender, SurveyState, VisitState
from workflow.cases import telling
from workflow.cases.case import Case
from workflow.encoding import SHANGHAI, shown
from workflow.surveys import limits, waiting_list
from workflow.surveys.availability import next_best, wish_refused
from workflow.surveys.matter import Matter, add_visits
from workflow.surveys.planning import Planned, Site, plan_at

Json = dict[str, Any]


async def hold_wished(case: Case, at: datetime, *, refuse: bool) -> Json | None:
    """The time of form B is held from submit on, in place of any held before.

    Where it cannot be had: ``INVALID`` with the next best times, or without ``refuse`` what the
    applicant is to be told (``lose_time``). Without anybody who must come there is no visit.
    """
    matter = await Matter.of(case)
    own = await matter.own() if matter.survey or case.app.registration_id else []
    site = await matter.site(own)
    if not site.needed:
        await free(case, "nothing_to_survey")
        return None
    before = matter.survey
    if before is not None and before.at == at and await adjust(matter, await matter.site()):
        await before.change(state=SurveyState.HELD, held_until=at)
        return None
    planned = await plan_at(site, at)
    fault = await _fault(matter, site, planned, at)
    if fault is not None:
        if refuse:
            raise fault
        await free(case, "slot_taken")
        return await lost(site, at)
    assert planned is not None  # noqa: S101 - else it is a fault
    if own:
        await matter.end(SurveyState.CANCELLED, Ender.SYSTEM, "replaced")
    await matter.enter(site, planned, SurveyState.HELD, held_until=at)
    return None


async def confirm_held(case: Case) -> None:
    """Acceptance confirms the held time for whoever got a request; one that has passed, or cannot
    be had by all of them, is freed and the applicant told when else it can be.
    """
    if case.survey is None:
        return
    at = case.survey.at
    matter = await Matter.of(case)
    site = await matter.site()
    if at > case.unit.now and await adjust(matter, site):
        await case.survey.change(state=SurveyState.CONFIRMED, held_until=None)
        return
    await free(case, "held_time_passed" if at <= case.unit.now else "slot_taken")
    await case.move("lose_time", data=await lost(site, at), by_system=True)


async def put(matter: Matter, site: Site, planned: Planned, by: Ender, reason: str) -> None:
    """A time planned under lock becomes the appointment; the one before is moved."""
    standing = matter.survey is not None and matter.survey.state is SurveyState.CONFIRMED
    state = SurveyState.MOVED if standing else SurveyState.CANCELLED
    await matter.end(state, by, reason or "replaced")
    await matter.enter(site, planned, SurveyState.CONFIRMED)
    await waiting_list.resume(matter)


async def adjust(matter: Matter, site: Site) -> bool:
    """Make the visits those of whoever must come now, at the same time; False when somebody who
    is missing cannot. What suits stays as it is.
    """
    survey = matter.survey
    if survey is None:
        return False
    there = {visit.organization_id: visit for visit in matter.visits}
    missing = tuple(each for each in site.needed if each.organization not in there)
    planned = await plan_at(replace(site, needed=missing), survey.at)
    if planned is None:
        return False
    kept = []
    for each in site.needed:
        visit = there.pop(each.organization, None)
        if visit is not None:
            if visit.request_id != each.request:
                await visit.change(request_id=each.request)
            kept.append(visit)
    for visit in there.values():
        await visit.change(active=False, state=VisitState.ENDED)
    matter.take(survey, [*kept, *(await add_visits(survey, planned))])
    return True


async def free(case: Case, reason: str) -> None:
    """Give the held or confirmed time back, with whatever is kept beside it."""
    app = case.app
    if case.survey is None and app.accepted_at is None and app.registration_id is None:
        return
    agreed = case.survey is not None and case.survey.state is SurveyState.CONFIRMED
    matter = await Matter.of(case)
    await matter.end(SurveyState.CANCELLED, Ender.SYSTEM, reason)
    await waiting_list.end(matter)
    departments = case.visitors - {request.organization_id for request in case.requests}
    if agreed and departments:
        case.visitors = departments  # the others hear of it by what has ended the visit
        telling.notify(case, "cancel_survey", (Tell.COMING,))


async def done(case: Case) -> None:
    """The visit took place."""
    survey = case.survey
    if survey is None:
        return
    matter = await Matter.of(case)
    await matter.release()
    await waiting_list.end(matter)
    await survey.change(state=SurveyState.DONE)
    unfinished = [VisitState.PLANNED, VisitState.CONFIRMED, VisitState.ARRIVED]
    await SurveyVisit.filter(survey_id=survey.id, active=True, state__in=unfinished).update(
        state=VisitState.DONE
    )
    case.survey = None


async def lacks(site: Site, there: Collection[UUID]) -> bool:
    """Whether somebody who must come, and has crews, is not among those who do."""
    missing = [each for each in site.organizations if each not in there]
    return bool(missing) and await Crew.filter(organization_id__in=missing, active=True).exists()


async def lost(site: Site, at: datetime) -> Json:
    """What the applicant is told of a time that cannot be had: the next best ones."""
    return {
        "at": shown(at),
        "times": [shown(each.at) for each in await next_best(site, at)],
    }


def time_faults(matter: Matter, at: datetime) -> tuple[Fault, ...]:
    """Why a time cannot be surveyed at: past, or outside the city's working time."""
    if at <= matter.unit.now:
        return (Fault("at", "time_past"),)
    if not matter.case.clocks.calendar.is_working_time(at):
        return (Fault("at", "time_not_working"),)
    return ()


def too_far(site: Site, at: datetime) -> Fault | None:
    """Why a time is too far ahead to be booked."""
    days = site.city.survey_rules.book_ahead_days
    last = site.now.astimezone(SHANGHAI).date() + timedelta(days=days)
    if at.astimezone(SHANGHAI).date() <= last:
        return None
    return Fault("at", "too_far_ahead", "踏勘时间", {"days": days})


async def _fault(
    matter: Matter, site: Site, planned: Planned | None, at: datetime
) -> DomainError | None:
    """Why the time of form B cannot be held."""
    if planned is None:
        return await wish_refused(site, at)
    if planned.parts and (fault := too_far(site, at)):
        return DomainError(Code.INVALID, faults=(replace(fault, field="survey.time"),))
    if await limits.over(matter, planned):
        most = site.city.survey_rules.max_open
        told = Fault("survey.time", "too_many_surveys", "踏勘时间", {"most": most})
        return DomainError(Code.INVALID, faults=(told,))
    return None
