"""What an actor is to a case, and what the guards of the moves need to know of it."""

from collections.abc import Iterable, Sequence
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

    ``owner``: it is the applicant's own case, in which nobody acts in office. ``providers``:
    organisations whose requests are looked at (all of the case, or the one of a request).
    ``departments``: those with an opinion.
    """
    if owner:
        return frozenset({Role.APPLICANT})
    roles: set[Role] = set()
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
    untouched = not any(
        r.works_started_at is not None or r.state is RequestState.CONNECTED for r in alive
    )
    unclaimed = app.owner_id is None
    offered = app.plan_state is PlanState.OFFERED
    digging = any(r.works_started_at and not r.works_finished_at and opens_road(r) for r in alive)
    return {
        "walk_in": app.channel is Channel.WINDOW,
        "complete": not case.missing_documents,
        "gaps_allowed": case.gaps_allowed and case.missing_documents,
        "gaps_open": gaps,
        "works_not_started": untouched,
        "unclaimed_not_started": untouched and unclaimed,
        "survey_open": bool(waiting),
        "survey_booked": case.survey is not None,
        "survey_open_unclaimed": bool(waiting) and unclaimed,
        "survey_booked_unclaimed": case.survey is not None and unclaimed,
        "plan_ready": bool(drawn)
        and not waiting
        and not any(r.segment_open for r in drawn)
        and not offered,
        "plan_offered": offered,
        "plan_offered_unclaimed": offered and unclaimed,
        "road_opened": app.road_opened and app.road_checked_at is None and not digging,
        "not_rated": app.rated_at is None,
        "may_close": (app.rated_at is not None or rating_over)
        and (not app.road_opened or app.road_checked_at is not None)
        and not gaps,
        "clock_running": bool(case.clocks),
        "clock_paused": any(stop["organization"] for stop in app.pauses),
    }


def opens_road(request: UtilityRequest) -> bool:
    """Whether its findings say that a road is dug up."""
    return any(found.get("road_excavated") for found in request.findings.get("segments", []))


def request_facts(
    request: UtilityRequest,
    survey: Survey | None,
    opinions: Sequence[Opinion],
    *,
    claimed: bool,
) -> dict[str, bool]:
    """Guard name → holds, for a request's table.

    ``opinions``: the rows of the acting departments. ``claimed``: the case has an owner who acts
    for itself.
    """
    permit = request.permit_state
    building = request.state is RequestState.PERMITTED or (
        request.state is RequestState.PLANNED and permit is PermitState.NOT_NEEDED
    )
    connectable = request.state is RequestState.INSPECTED or (
        request.state is RequestState.PENDING and request.course is not Course.FULL
    )
    surveyable = (
        request.course is Course.FULL
        and survey is not None
        and survey.state is SurveyState.CONFIRMED
    )
    working = building and request.works_finished_at is None
    connection_agreed = connectable and request.connection_at is not None
    return {
        "survey_confirmed": surveyable,
        "to_survey": request.course is Course.FULL,
        "visit_due": surveyable or working or connection_agreed,
        "segment_open": request.segment_open,
        "commitment_open": permit is PermitState.COMMITTING,
        "list_open": permit is PermitState.LISTING
        and any(opinion.listed_at is None for opinion in opinions),
        "filing_open": permit in (PermitState.FILING, PermitState.OBJECTED),
        "opinion_open": permit is PermitState.DECIDING
        and any(opinion.verdict is None for opinion in opinions),
        "may_start_works": building and request.works_started_at is None,
        "works_running": building
        and request.works_started_at is not None
        and request.works_finished_at is None,
        "works_not_started": request.works_started_at is None,
        "unclaimed_not_started": request.works_started_at is None and not claimed,
        "connection_open": connectable,
        "connection_unset": connectable and request.connection_at is None,
        "connection_unclaimed": connectable and not claimed,
        "connection_agreed": connection_agreed,
        "temporary_running": request.state is RequestState.CONNECTED
        and "until" in request.connection
        and "ended" not in request.connection,
    }
