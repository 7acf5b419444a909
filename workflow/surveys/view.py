"""The survey on one page: the appointment, who comes, what is kept, what may be done."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from config.texts import words
from models import Crew, Survey, SurveyVisit
from rules.actors import Role
from rules.states import KeptFor, SurveyState, VisitState
from workflow import directory
from workflow.cases.case import Case
from workflow.encoding import shown
from workflow.registrations.case import RegistrationCase
from workflow.surveys import limits, waiting_list
from workflow.surveys.booking import offers
from workflow.surveys.matter import Matter
from workflow.unit import Answer, Unit

ANSWERS = ("confirm", "decline", "propose")
COMES = frozenset({Role.CREW, Role.UTILITY_CLERK, Role.APPROVER})

Json = dict[str, Any]


async def of_application(unit: Unit, application_id: UUID) -> Answer:
    """The survey of an application. ``NOT_FOUND`` without a part in it."""
    matter = await Matter.of(await Case.peek(unit, application_id))
    return Answer(await page(matter), version=matter.version)


async def of_registration(unit: Unit, registration_id: UUID) -> Answer:
    """The survey of a registration."""
    matter = await Matter.of(await RegistrationCase.load(unit, registration_id))
    return Answer(await page(matter), version=matter.version)


async def page(matter: Matter) -> Json:
    """The survey of what is open already."""
    survey = matter.survey
    now = matter.unit.now
    kept = [row for row in await offers(matter) if row.held_until and row.held_until > now]
    return {
        "version": matter.version,
        "survey": None if survey is None else _appointment(survey),
        "visits": await _visits(matter, matter.visits),
        "own_arrangement": await _by_themselves(matter),
        "kept": [_kept(row) for row in kept],
        "waiting": await _waiting(matter),
        "limits": await _limits(matter),
        "allowed": [verb for verb in matter.allowed() if verb in _ABOUT],
    }


_ABOUT = frozenset(
    {
        "book_survey",
        "cancel_survey",
        "hold_survey",
        "take_time",
        "leave_time",
        "wait_earlier",
        "stop_waiting",
        "tell_late",
        "report_absence",
    }
)


def _appointment(survey: Survey) -> Json:
    return {
        "id": str(survey.id),
        "at": shown(survey.at),
        "ends_at": shown(survey.ends_at),
        "state": survey.state.value,
        "state_label": words.state("survey", survey.state.value),
        "late_minutes": survey.late_minutes,
    }


def _kept(survey: Survey) -> Json:
    return {
        "id": str(survey.id),
        "at": shown(survey.at),
        "ends_at": shown(survey.ends_at),
        "reason": KeptFor(survey.reason).value,
        "held_until": shown(survey.held_until),
    }


async def _visits(matter: Matter, visits: Sequence[SurveyVisit]) -> list[Json]:
    ids = [visit.organization_id for visit in visits]
    names, utilities = await directory.names(ids), await directory.utilities(ids)
    crews = {row.id: row.name for row in await Crew.filter(id__in=[v.crew_id for v in visits])}
    mine = {each.org for each in matter.unit.actor.memberships_in(matter.city.code, *COMES)}
    survey = matter.survey
    standing = survey is not None and survey.state is SurveyState.CONFIRMED and not matter.owner
    return [
        {
            "id": str(visit.id),
            "organization_id": str(visit.organization_id),
            "organization": names[visit.organization_id],
            "utility": utilities[visit.organization_id],
            "crew": crews[visit.crew_id],
            "state": visit.state.value,
            "state_label": words.state("visit", visit.state.value),
            "late_minutes": visit.late_minutes,
            "arrived_at": shown(visit.arrived_at),
            "allowed": list(ANSWERS)
            if standing
            and visit.organization_id in mine
            and visit.state in (VisitState.PLANNED, VisitState.CONFIRMED)
            else [],
        }
        for visit in visits
    ]


async def _by_themselves(matter: Matter) -> list[str]:
    """Who must come to the appointment and comes without a crew of ours."""
    if matter.survey is None:
        return []
    site = await matter.site()
    there = {visit.organization_id for visit in matter.visits}
    names = await directory.names(site.organizations)
    return [names[each] for each in site.organizations if each not in there]


async def _waiting(matter: Matter) -> Json | None:
    row = await waiting_list.of(matter)
    if row is None:
        return None
    return {
        "since": shown(row.created_at),
        "state": row.state.value,
        "not_before": row.not_before.isoformat() if row.not_before else None,
    }


async def _limits(matter: Matter) -> Json:
    rules = matter.city.survey_rules
    moved = await limits.used(matter, SurveyState.MOVED)
    cancelled = await limits.used(matter, SurveyState.CANCELLED)
    return {
        "moves_left": max(rules.max_moves - moved, 0),
        "cancels_left": max(rules.max_cancels - cancelled, 0),
        "move_until_hours": rules.move_until_hours,
        "too_late": limits.too_late(matter),
    }
