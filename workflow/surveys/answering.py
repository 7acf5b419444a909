"""A crew's one tap on its visit: it confirms, declines with a reason, or proposes another time.

Who declines is replaced by another free crew of its organisation at the same time; where there is
none the visit is declined and the applicant gets the next best times at once.
"""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from config.texts import words
from models import Survey, SurveyVisit
from models.queries import lanes
from rules.errors import Code, DomainError
from rules.lifecycle import Tell
from rules.states import KeptFor, SurveyState, VisitState
from workflow import directory
from workflow.encoding import shown
from workflow.inputs import Input, Line, Moment
from workflow.surveys import booking, offering
from workflow.surveys.availability import choices, next_best
from workflow.surveys.finishing import finish
from workflow.surveys.matter import Matter, add_visits
from workflow.surveys.planning import Planned, Site, plan_at
from workflow.unit import Answer, Unit

OPEN = (VisitState.PLANNED, VisitState.CONFIRMED)
PLANNABLE = (SurveyState.CONFIRMED,)

Json = dict[str, Any]


class Decline(Input):
    """Why a crew cannot come."""

    reason: Line


class Proposal(Input):
    """Another time a crew could come at, and why not at the one agreed."""

    at: Moment
    reason: Line


@dataclass(frozen=True, slots=True)
class Opened:
    """A visit of the actor's own organisation to a survey that stands."""

    matter: Matter
    visit: SurveyVisit
    name: str


async def open_visit(unit: Unit, survey_id: UUID, visit_id: UUID, event: str) -> Opened:
    """Lock what the visit belongs to. ``NOT_FOUND`` without a part in it; raises as ``advance``
    where the actor's role may not, ``NOT_YOURS_TO_MOVE`` for another organisation's visit.
    """
    survey = await Survey.filter(id=survey_id).first()
    if survey is None:
        raise DomainError(Code.NOT_FOUND)
    if survey.application_id is not None:
        matter = await Matter.application(unit, survey.application_id, expect=None)
    elif survey.registration_id is not None:
        matter = await Matter.registration(unit, survey.registration_id, expect=None)
    else:
        raise DomainError(Code.NOT_FOUND)
    visit = next((each for each in matter.visits if each.id == visit_id), None)
    if visit is None or visit.survey_id != survey_id:
        raise DomainError(Code.NOT_FOUND)
    matter.check(event)
    mine = {each.org for each in unit.actor.memberships_in(matter.city.code)}
    if visit.organization_id not in mine:
        raise DomainError(Code.NOT_YOURS_TO_MOVE, event=event, allowed=())
    if visit.state not in OPEN:
        raise DomainError(Code.GUARD_FAILED, event=event, guard="already_there", allowed=())
    names = await directory.names([visit.organization_id])
    return Opened(matter, visit, names[visit.organization_id])


async def confirm_visit(unit: Unit, survey_id: UUID, visit_id: UUID) -> Answer:
    """The crew comes."""
    opened = await open_visit(unit, survey_id, visit_id, "confirm_visit")
    matter, visit = opened.matter, opened.visit
    if visit.state is not VisitState.CONFIRMED:
        await matter.move("confirm_visit")
        await visit.change(state=VisitState.CONFIRMED)
        await finish(matter)
    return Answer(_told(matter, visit))


async def decline_visit(unit: Unit, survey_id: UUID, visit_id: UUID, body: Decline) -> Answer:
    """The crew cannot come: another one of its organisation does, or the applicant chooses anew."""
    opened = await open_visit(unit, survey_id, visit_id, "decline_visit")
    matter, visit = opened.matter, opened.visit
    site = await matter.site()
    await lanes.lock(site.organizations)
    await matter.move("decline_visit")
    await visit.change(active=False, state=VisitState.DECLINED, reason=body.reason)
    other = await _other_crew(matter, site, visit)
    data: Json = {"at": shown(visit.at), "organization": opened.name}
    told: Json = {"times": [], "choices": []}
    if other is not None and matter.survey is not None:
        visits = [each for each in matter.visits if each.id != visit.id]
        matter.take(matter.survey, [*visits, *(await add_visits(matter.survey, other))])
        await matter.move("replan_visit", data, by_system=True)
        await matter.notify("replan_visit", (Tell.COMING,), data)
    else:
        best = await next_best(await matter.site(await matter.own()), visit.at)
        told = await choices(site, best)
        times = [shown(each.at) for each in best]
        reason = words.message("crew_unavailable")
        await matter.move("lose_visit", {**data, "times": times, "reason": reason}, by_system=True)
    await finish(matter)
    return Answer({**_told(matter, visit), "replaced": other is not None, **told})


async def propose_time(unit: Unit, survey_id: UUID, visit_id: UUID, body: Proposal) -> Answer:
    """The crew proposes another time, kept for the applicant to take or leave."""
    opened = await open_visit(unit, survey_id, visit_id, "propose_time")
    matter, visit = opened.matter, opened.visit
    before = [row for row in await booking.offers(matter) if row.reason == KeptFor.PROPOSED]
    site, planned = await booking.planned_at(matter, body.at, [row.id for row in before])
    await booking.release(matter, KeptFor.PROPOSED)
    until = min(
        unit.now + timedelta(minutes=matter.city.survey_rules.wait_offer_minutes), planned.at
    )
    data = {"at": shown(body.at), "due_at": shown(until), "organization": opened.name}
    await matter.move("propose_time", data)
    kept = await matter.enter(
        site, planned, SurveyState.OFFERED, held_until=until, reason=KeptFor.PROPOSED
    )
    await visit.change(reason=body.reason)
    await offering.tell_in_chats(matter, kept, "proposed_kept", organization=opened.name)
    await finish(matter)
    return Answer({**_told(matter, visit), "kept": str(kept.id), "held_until": shown(until)})


async def _other_crew(matter: Matter, site: Site, visit: SurveyVisit) -> Planned | None:
    """Another crew of the same organisation for the same time; the one that declined is busy."""
    needed = tuple(each for each in site.needed if each.organization == visit.organization_id)
    if not needed or matter.survey is None:
        return None
    alone = replace(site, needed=needed, not_crews=(visit.crew_id,))
    found = await plan_at(alone, matter.survey.at)
    return found if found is not None and found.parts else None


def _told(matter: Matter, visit: SurveyVisit) -> Json:
    return {
        "survey": str(visit.survey_id),
        "visit": str(visit.id),
        "state": visit.state.value,
        "state_label": words.state("visit", visit.state.value),
        "at": shown(visit.at),
    }
