"""What a case waits for now, and on whom: derived from its states, never stored.

``steps.toml`` holds the words of every step; ``DEADLINE`` names the clock that measures it.
"""

from dataclasses import dataclass
from enum import StrEnum

from rules.states import Course, PermitState, PlanState, RequestState, Stage


class Holder(StrEnum):
    """Whose turn it is."""

    APPLICANT = "applicant"
    WINDOW = "window"
    SURVEY = "survey"
    """Whoever organises the survey in this city."""
    PROVIDER = "provider"
    DEPARTMENTS = "departments"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Wait:
    """One step that somebody has to take."""

    step: str
    holder: Holder


DEADLINE: dict[str, str] = {
    "acceptance": "acceptance",
    "correction": "correction",
    "book_survey": "survey",
    "survey": "survey",
    "plan": "plan",
    "agree_plan": "offer_lapse",
    "commitment": "commitment",
    "document_list": "document_list",
    "permit_papers": "permit_papers",
    "joint_approval": "joint_approval",
    "connection": "connection",
    "rating": "rating_close",
}
"""Step → the deadline that runs against it; steps not named have none."""

FILL = Wait("fill", Holder.APPLICANT)
ACCEPTANCE = Wait("acceptance", Holder.WINDOW)
CORRECTION = Wait("correction", Holder.APPLICANT)
ROAD_CHECK = Wait("road_check", Holder.DEPARTMENTS)
RATING = Wait("rating", Holder.APPLICANT)
CLOSING = Wait("closing", Holder.WINDOW)
ENDED = Wait("ended", Holder.NOBODY)
DONE = Wait("done", Holder.NOBODY)

OF_PERMIT: dict[PermitState, Wait] = {
    PermitState.COMMITTING: Wait("commitment", Holder.PROVIDER),
    PermitState.LISTING: Wait("document_list", Holder.DEPARTMENTS),
    PermitState.FILING: Wait("permit_papers", Holder.PROVIDER),
    PermitState.OBJECTED: Wait("permit_papers", Holder.PROVIDER),
    PermitState.DECIDING: Wait("joint_approval", Holder.DEPARTMENTS),
}


def of_application(
    stage: Stage, *, rated: bool = False, road_unchecked: bool = False
) -> Wait | None:
    """What the application as a whole waits for; ``None`` while its requests decide that."""
    match stage:
        case Stage.DRAFT:
            return FILL
        case Stage.SUBMITTED:
            return ACCEPTANCE
        case Stage.RETURNED:
            return CORRECTION
        case Stage.CONNECTED if road_unchecked:
            return ROAD_CHECK
        case Stage.CONNECTED:
            return CLOSING if rated else RATING
        case Stage.CLOSED | Stage.WITHDRAWN | Stage.REJECTED:
            return ENDED
    return None


@dataclass(frozen=True, slots=True)
class RequestNow:
    """What of a request decides its next step."""

    state: RequestState
    course: Course
    permit: PermitState | None = None
    survey_booked: bool = False
    segment_open: bool = False
    plan: PlanState = PlanState.DRAFTING
    works_started: bool = False
    connection_agreed: bool = False


def of_request(now: RequestNow) -> Wait:
    """What one request of an accepted application waits for."""
    match now.state:
        case RequestState.PENDING if now.course is Course.FULL:
            step = "survey" if now.survey_booked else "book_survey"
            return Wait(step, Holder.SURVEY)
        case RequestState.PENDING | RequestState.INSPECTED:
            step = "connection" if now.connection_agreed else "agree_connection_time"
            return Wait(step, Holder.PROVIDER)
        case RequestState.SURVEYED:
            return _planning(now)
        case RequestState.PLANNED if now.permit in OF_PERMIT:
            return OF_PERMIT[now.permit]
        case RequestState.PLANNED | RequestState.PERMITTED:
            return Wait("works" if now.works_started else "start_works", Holder.PROVIDER)
        case RequestState.BUILT:
            return Wait("inspection", Holder.SURVEY)
        case RequestState.CONNECTED:
            return DONE
    return ENDED


def _planning(now: RequestNow) -> Wait:
    if now.segment_open:
        return Wait("plan", Holder.PROVIDER)
    if now.plan is PlanState.OFFERED:
        return Wait("agree_plan", Holder.APPLICANT)
    if now.plan is PlanState.LAPSED:
        return Wait("offer_again", Holder.SURVEY)
    return Wait("other_plans", Holder.SURVEY)
