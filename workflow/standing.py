"""What an actor is to a case, and what the guards of the moves need to know of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from models import Application, Deadline, Opinion, Survey, UtilityRequest
from rules.actors import Actor, Role
from rules.lifecycle import RequestStanding
from rules.states import (
    DEAD_REQUESTS,
    Channel,
    Course,
    PermitState,
    PlanState,
    RequestState,
    SurveyState,
)

CITY_WIDE = (Role.WINDOW_CLERK, Role.COORDINATOR, Role.REGULATOR)


def live(requests: Iterable[UtilityRequest]) -> list[UtilityRequest]:
    """Requests neither declined nor withdrawn."""
    return [request for request in requests if request.state not in DEAD_REQUESTS]


def standing(
    actor: Actor,
    *,
    city: str,
    owner: bool,
    providers: frozenset[UUID],
    departments: frozenset[UUID],
) -> frozenset[Role]:
    """The roles in which ``actor`` meets a case.

    ``owner``: it is the applicant's own case. ``providers``: organisations whose requests are
    looked at (all of the case, or the one of a request). ``departments``: those with an opinion.
    """
    roles: set[Role] = set()
    if owner:
        roles.add(Role.APPLICANT)
    if Role.SYSTEM in actor.roles:
        roles.add(Role.SYSTEM)
    for membership in actor.memberships:
        if membership.city != city:
            continue
        if (
            membership.role in CITY_WIDE
            or (membership.role in (Role.UTILITY_CLERK, Role.CREW) and membership.org in providers)
            or (membership.role is Role.APPROVER and membership.org in departments)
        ):
            roles.add(membership.role)
    return frozenset(roles)


def to_request_standing(request: UtilityRequest, *, survey_booked: bool) -> RequestStanding:
    """What of a request decides the stage of its application."""
    needed = (
        None
        if request.permit_state is None
        else request.permit_state not in (PermitState.NOT_NEEDED, PermitState.GRANTED)
    )
    return RequestStanding(request.state, request.course, needed, survey_booked)


@dataclass(frozen=True, slots=True)
class Loaded:
    """Everything of a case the guards look at."""

    application: Application
    requests: list[UtilityRequest]
    survey: Survey | None
    clocks: list[Deadline]
    now: datetime
    gaps_allowed: bool = False
    missing_documents: bool = False


def application_facts(case: Loaded) -> dict[str, bool]:
    """Guard name → holds, for the application's table."""
    app = case.application
    alive = live(case.requests)
    external = [r for r in alive if r.course is Course.FULL]
    waiting = [r for r in external if r.state is RequestState.PENDING]
    drawn = [r for r in external if r.state is RequestState.SURVEYED]
    rating_over = not any(r.step == "rating_close" and r.due_at > case.now for r in case.clocks)
    gaps = any(not gap.get("supplied_at") for gap in app.gaps)
    return {
        "walk_in": app.channel is Channel.WINDOW,
        "complete": not case.missing_documents,
        "gaps_allowed": case.gaps_allowed and case.missing_documents,
        "gaps_open": gaps,
        "works_not_started": all(r.works_started_at is None for r in alive),
        "survey_open": bool(waiting),
        "survey_booked": case.survey is not None,
        "plan_ready": bool(drawn)
        and not waiting
        and not any(r.segment_open for r in drawn)
        and app.plan_state is not PlanState.OFFERED,
        "plan_offered": app.plan_state is PlanState.OFFERED,
        "road_opened": app.road_opened and app.road_checked_at is None,
        "not_rated": app.rated_at is None,
        "may_close": (app.rated_at is not None or rating_over)
        and (not app.road_opened or app.road_checked_at is not None),
        "clock_running": any(r.paused_at is None for r in case.clocks),
        "clock_paused": any(r.paused_at is not None for r in case.clocks),
    }


def request_facts(
    request: UtilityRequest, survey: Survey | None, opinion: Opinion | None
) -> dict[str, bool]:
    """Guard name → holds, for a request's table; ``opinion``: the acting department's row."""
    permit = request.permit_state
    building = request.state is RequestState.PERMITTED or (
        request.state is RequestState.PLANNED and permit is PermitState.NOT_NEEDED
    )
    connectable = request.state is RequestState.INSPECTED or (
        request.state is RequestState.PENDING and request.course is not Course.FULL
    )
    return {
        "survey_confirmed": request.course is Course.FULL
        and survey is not None
        and survey.state is SurveyState.CONFIRMED,
        "segment_open": request.segment_open,
        "commitment_open": permit is PermitState.COMMITTING,
        "list_open": permit is PermitState.LISTING
        and opinion is not None
        and opinion.listed_at is None,
        "filing_open": permit in (PermitState.FILING, PermitState.OBJECTED),
        "opinion_open": permit is PermitState.DECIDING
        and opinion is not None
        and opinion.verdict is None,
        "may_start_works": building and request.works_started_at is None,
        "works_running": building
        and request.works_started_at is not None
        and request.works_finished_at is None,
        "works_not_started": request.works_started_at is None,
        "connection_open": connectable,
        "connection_agreed": connectable and request.connection_at is not None,
    }
