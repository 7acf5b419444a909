"""The combined reply (一并答复): offered when all is drawn, retired when it no longer holds."""

from typing import Any
from uuid import UUID

from models import Plan, UtilityRequest
from models.base import new_id
from models.writes import insert
from rules.states import Course, PlanState, RequestState
from workflow import directory
from workflow.cases.case import Case


def drawn(case: Case) -> list[UtilityRequest]:
    """Live requests whose segment is entered and not open again."""
    return [
        request
        for request in case.live_requests()
        if request.course is Course.FULL
        and request.state is RequestState.SURVEYED
        and request.segment
        and not request.segment_open
    ]


async def offer(case: Case, *, by_system: bool = True) -> None:
    """Put every drawn segment into one reply and ask the applicant."""
    requests = drawn(case)
    names = await directory.names([request.organization_id for request in requests])
    number = await Plan.filter(application_id=case.app.id).count() + 1
    await case.move("offer_plan", data={"plan": number}, by_system=by_system)
    plan = Plan(
        id=new_id(),
        application_id=case.app.id,
        number=number,
        state=PlanState.OFFERED,
        content={"segments": [_shown(request, names) for request in requests]},
        offered_at=case.unit.now,
    )
    await insert([plan])
    case.set(plan_state=PlanState.OFFERED)


async def offered(case: Case) -> list[UtilityRequest]:
    """The requests the applicant was asked about and that still wait for its answer.

    One that was objected to meanwhile is drawn anew and comes with the next reply.
    """
    plan = await Plan.filter(application_id=case.app.id, state=PlanState.OFFERED).first()
    asked = {s["request_id"] for s in plan.content["segments"]} if plan else set()
    return [
        request
        for request in case.live_requests()
        if str(request.id) in asked and request.state is RequestState.SURVEYED
    ]


async def asked_about(case: Case) -> int:
    """How many requests the offered reply holds."""
    plan = await Plan.filter(application_id=case.app.id, state=PlanState.OFFERED).first()
    return len(plan.content["segments"]) if plan else 0


async def answered(case: Case, state: PlanState, words: str = "") -> None:
    """Record what became of the offered reply."""
    await Plan.filter(application_id=case.app.id, state=PlanState.OFFERED).update(
        state=state, answered_at=case.unit.now, answer=words
    )
    case.set(plan_state=state)


async def retire(case: Case) -> None:
    """The reply no longer holds, since a request left it; the rest is offered anew."""
    await answered(case, PlanState.REPLACED)
    case.set(plan_state=PlanState.DRAFTING)
    case.clocks.close("offer_lapse")


def _shown(request: UtilityRequest, names: dict[UUID, str]) -> dict[str, Any]:
    return {
        "request_id": str(request.id),
        "utility": request.utility,
        "organization": names.get(request.organization_id, ""),
        "segment": request.segment,
    }
