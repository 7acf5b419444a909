"""What follows from where the requests of a case stand: written once, at the end of every act."""

from rules.lifecycle import derived_stage
from rules.states import LIVE_STAGES, PermitState, PlanState, Stage
from workflow.cases import offer
from workflow.cases.case import Case
from workflow.cases.standing import to_request_standing
from workflow.surveys import appointment

DERIVED_EVENTS = {
    Stage.CONNECTED: "all_connected",
    Stage.REJECTED: "all_declined",
    Stage.WITHDRAWN: "all_withdrawn",
}
WAITING_FOR_PERMITS = frozenset(
    {
        PermitState.COMMITTING,
        PermitState.LISTING,
        PermitState.FILING,
        PermitState.DECIDING,
        PermitState.OBJECTED,
    }
)
OFFERS_BY_ITSELF = frozenset({PlanState.DRAFTING, PlanState.CHANGE_ASKED})
"""After a lapse the organiser offers again."""


async def settle(case: Case) -> None:
    """Derive survey, plan, form C and stage from the live requests, then write every row."""
    if case.app.stage in LIVE_STAGES:
        await _survey(case)
        await _plan(case)
        _form_c(case)
        await _stage(case)
    if case.app.stage is Stage.CONNECTED and case.position().facts["may_close"]:
        await case.move("close", by_system=True)
        case.set(closed_at=case.unit.now)
    await case.finish()


async def _survey(case: Case) -> None:
    """Nothing left to survey: the clock ends, and the appointment with it."""
    if case.position().facts["survey_open"]:
        return
    case.clocks.close("survey")
    if case.survey is None:
        return
    if any(request.findings for request in case.requests):
        await appointment.done(case)
    else:
        await appointment.free(case, "nothing_to_survey")


async def _plan(case: Case) -> None:
    """A reply that lost a request is retired; what is drawn is offered by itself."""
    if case.app.plan_state is PlanState.OFFERED:
        left = await offer.offered(case)
        if len(left) < await offer.asked_about(case):
            await offer.retire(case)
    if case.app.plan_state in OFFERS_BY_ITSELF and case.position().facts["plan_ready"]:
        await offer.offer(case)


def _form_c(case: Case) -> None:
    """综合审批意见单, once every live request that needs permits has them."""
    states = {request.permit_state for request in case.live_requests()}
    if (
        case.app.form_c_at is None
        and PermitState.GRANTED in states
        and not states & WAITING_FOR_PERMITS
    ):
        case.set(form_c_at=case.unit.now)


async def _stage(case: Case) -> None:
    booked = case.survey is not None
    stage = derived_stage(to_request_standing(r, survey_booked=booked) for r in case.requests)
    if stage in DERIVED_EVENTS:
        if stage is Stage.CONNECTED:
            case.set(connected_at=case.unit.now)
            case.lift(*(stop.id for stop in case.clocks.stops))  # nothing is left to hold up
        await case.move(DERIVED_EVENTS[stage], by_system=True)
    elif stage is not case.app.stage:
        case.set(stage=stage)
        case.touch()
