"""一个方案: each utility's segment, one combined reply, the applicant's answer (domain §8)."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from rules.actors import Role
from rules.errors import Code, DomainError, Fault
from rules.states import Course, PlanState, RequestState
from workflow.cases import permit
from workflow.cases.brief import brief, brief_request
from workflow.cases.case import Case
from workflow.cases.offer import answered, offer, offered
from workflow.cases.settling import settle
from workflow.deadlines import Holder
from workflow.inputs import Day, Input, Line, Metres, Remark, SquareMetres
from workflow.unit import Answer, Unit


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
    await settle(case)
    return Answer(brief_request(case, request), version=request.version)


async def offer_plan(unit: Unit, application_id: UUID, *, expect: int | None) -> Answer:
    """Offer the plan again, after it lapsed."""
    case = await Case.open(unit, application_id, expect=expect)
    await offer(case, by_system=False)
    await settle(case)
    return Answer(brief(case), version=case.app.version)


async def agree_plan(unit: Unit, application_id: UUID, *, expect: int | None) -> Answer:
    """The applicant agrees: every request it was asked about is planned, its route decided."""
    case = await Case.open(unit, application_id, expect=expect)
    await case.move("agree_plan")
    agreed = await offered(case)
    await answered(case, PlanState.AGREED)
    for request in agreed:
        await case.move_request(request, "plan_agreed", by_system=True)
    for request in agreed:
        await permit.begin(case, request)
    if any(
        r.course is Course.FULL and r.state is RequestState.SURVEYED for r in case.live_requests()
    ):
        case.set(plan_state=PlanState.DRAFTING)  # one that was objected to comes with the next
    await settle(case)
    return Answer(brief(case), version=case.app.version)


async def ask_plan_change(
    unit: Unit, application_id: UUID, body: PlanChange, *, expect: int | None
) -> Answer:
    """The applicant wants a change: every segment is open again, its clock runs anew."""
    case = await Case.open(unit, application_id, expect=expect)
    await case.move("ask_plan_change")
    for request in await offered(case):
        case.set_request(request, segment_open=True)
        case.clocks.open(
            "plan", Holder(Role.UTILITY_CLERK, request.organization_id), request_id=request.id
        )
    await answered(case, PlanState.CHANGE_ASKED, body.reason)
    await settle(case)
    return Answer(brief(case), version=case.app.version)


async def lapse_plan(unit: Unit, application_id: UUID) -> Answer:
    """Silence lapses the offer (ours, 10 working days); it may be offered again."""
    case = await Case.open(unit, application_id)
    await case.move("lapse_plan", by_system=True)
    await answered(case, PlanState.LAPSED)
    await settle(case)
    return Answer(brief(case), version=case.app.version)
