"""一个方案: each utility's segment, one combined reply, the applicant's answer (domain §8)."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from models import Plan, UtilityRequest
from rules.actors import Role
from rules.errors import Code, DomainError, Fault
from rules.states import Course, PlanState, RequestState
from workflow import directory, permit
from workflow.case import Case
from workflow.deadlines import Holder
from workflow.inputs import Day, Input, Line, Metres, Remark, SquareMetres
from workflow.unit import Answer, Unit
from workflow.views import brief, brief_request


class Segment(Input):
    """方案段 of one utility. Lengths and depths in metres, areas in m², days in working days."""

    route: Line
    length_m: Metres
    depth_m: Annotated[Metres, Field(le=50)]
    medium: Line
    crossing_m: Metres = Field(default=0, validate_default=True)
    green_m2: SquareMetres = Field(default=0, validate_default=True)
    starts_on: Day
    days: Annotated[int, Field(ge=1, le=365)]
    remark: Remark = ""


class PlanChange(Input):
    """What the applicant wants otherwise."""

    reason: Line


async def submit_segment(
    unit: Unit, request_id: UUID, body: Segment, *, expect: int | None
) -> Answer:
    """Enter a utility's segment; with the last one the combined reply goes out by itself."""
    case, request = await Case.open_request(unit, request_id, expect=expect)
    faults = []
    if body.crossing_m > body.length_m:
        faults.append(Fault("crossing_m", "crossing_longer_than_line"))
    if body.starts_on < unit.now.date():
        faults.append(Fault("starts_on", "time_past"))
    if faults:
        raise DomainError(Code.INVALID, faults=tuple(faults))
    await case.move_request(request, "submit_segment")
    case.set_request(request, segment=body.model_dump(mode="json"), segment_open=False)
    await case.finish()
    return Answer(brief_request(case, request), version=request.version)


async def offer(case: Case, *, by_system: bool = True) -> None:
    """Put every drawn segment into one reply (一并答复) and ask the applicant."""
    drawn = _drawn(case)
    names = await directory.names([request.organization_id for request in drawn])
    number = await Plan.filter(application_id=case.app.id).count() + 1
    await case.move("offer_plan", data={"plan": number}, by_system=by_system)
    await Plan.create(
        application_id=case.app.id,
        number=number,
        state=PlanState.OFFERED,
        content={"segments": [_shown(request, names) for request in drawn]},
        offered_at=case.unit.now,
    )
    case.set(plan_state=PlanState.OFFERED)


async def offer_plan(unit: Unit, application_id: UUID, *, expect: int | None) -> Answer:
    """Offer the plan again, after it lapsed."""
    case = await Case.open(unit, application_id, expect=expect)
    await offer(case, by_system=False)
    await case.finish()
    return Answer(brief(case), version=case.app.version)


async def agree_plan(unit: Unit, application_id: UUID, *, expect: int | None) -> Answer:
    """The applicant agrees: every drawn request is planned, its permit route decided."""
    case = await Case.open(unit, application_id, expect=expect)
    await case.move("agree_plan")
    drawn = _drawn(case)
    await _answer(case, PlanState.AGREED, "")
    for request in drawn:
        await case.move_request(request, "plan_agreed")
    for request in drawn:
        await permit.begin(case, request)
    await case.finish()
    return Answer(brief(case), version=case.app.version)


async def ask_plan_change(
    unit: Unit, application_id: UUID, body: PlanChange, *, expect: int | None
) -> Answer:
    """The applicant wants a change: every segment is open again, its clock runs anew."""
    case = await Case.open(unit, application_id, expect=expect)
    await case.move("ask_plan_change", data={"reason": body.reason})
    for request in _drawn(case):
        case.set_request(request, segment_open=True)
        case.clocks.open(
            "plan",
            Holder(Role.UTILITY_CLERK, request.organization_id),
            request_id=request.id,
        )
    await _answer(case, PlanState.CHANGE_ASKED, body.reason)
    await case.finish()
    return Answer(brief(case), version=case.app.version)


async def lapse_plan(unit: Unit, application_id: UUID) -> Answer:
    """Silence lapses the offer (ours, 10 working days); it may be offered again."""
    case = await Case.open(unit, application_id)
    await case.move("lapse_plan", by_system=True)
    await _answer(case, PlanState.LAPSED, "")
    await case.finish()
    return Answer(brief(case), version=case.app.version)


def _drawn(case: Case) -> list[UtilityRequest]:
    return [
        request
        for request in case.live_requests()
        if request.course is Course.FULL
        and request.state is RequestState.SURVEYED
        and request.segment
    ]


async def _answer(case: Case, state: PlanState, words: str) -> None:
    await Plan.filter(application_id=case.app.id, state=PlanState.OFFERED).update(
        state=state, answered_at=case.unit.now, answer=words
    )
    case.set(plan_state=state)


def _shown(request: UtilityRequest, names: dict[UUID, str]) -> dict[str, Any]:
    return {
        "request_id": str(request.id),
        "utility": request.utility,
        "organization": names.get(request.organization_id, ""),
        "segment": request.segment,
    }
