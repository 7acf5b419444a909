"""Connection: the agreed time, its clock, and what must be there before (domain §8)."""

from datetime import date, datetime, time, timedelta
from typing import Literal
from uuid import UUID

from models import UtilityRequest
from rules.actors import Role
from rules.errors import Code, DomainError, Fault
from rules.states import Course
from workflow.cases.brief import brief_request
from workflow.cases.case import Case
from workflow.cases.settling import settle
from workflow.deadlines import Holder
from workflow.encoding import SHANGHAI
from workflow.inputs import CodeName, Input, Line, Moment, Remark
from workflow.unit import Answer, Unit
from workflow.values import APPLICATION_PURPOSE, load


class ConnectionTime(Input):
    """约定的接入时间, from which the limit runs."""

    at: Moment


class Connected(Input):
    """接通: what was handed over. ``safety_checked`` is asked of gas only."""

    connected_at: Moment
    contract: Line
    """Number of the supply contract signed."""
    boundary: Line
    """产权分界点 (红线)."""
    safety_checked: bool | None = None
    reading: Remark = ""
    """Meter reading at hand-over."""


class Refusal(Input):
    """不予办理, with a reason of the city file."""

    reason: CodeName
    explanation: Line


class Reason(Input):
    """Why an applicant gives something up."""

    reason: Remark = ""


async def agree_connection_time(
    unit: Unit, request_id: UUID, body: ConnectionTime, *, expect: int | None
) -> Answer:
    """Agree when to connect; a second agreement replaces the first and its clock."""
    case, request = await Case.open_request(unit, request_id, expect=expect)
    if body.at <= unit.now:
        raise DomainError(Code.INVALID, faults=(Fault("at", "time_past"),))
    if not case.clocks.calendar.is_working_time(body.at):
        raise DomainError(Code.INVALID, faults=(Fault("at", "time_not_working"),))
    await case.move_request(
        request, "agree_connection_time", data={"at": body.at.isoformat()}, start=body.at
    )
    case.set_request(request, connection_at=body.at)
    await settle(case)
    return Answer(brief_request(case, request), version=request.version)


async def connect(unit: Unit, request_id: UUID, body: Connected, *, expect: int | None) -> Answer:
    """Water, power, gas, heat or data flow; an account change takes effect."""
    case, request = await Case.open_request(unit, request_id, expect=expect)
    faults = []
    if body.connected_at > unit.now:
        faults.append(Fault("connected_at", "time_future"))
    elif body.connected_at < _earliest(case, request):
        faults.append(Fault("connected_at", "before_works_end"))
    checked = case.city.utilities[request.utility].safety_check
    if checked and request.course is not Course.ACCOUNT and not body.safety_checked:
        faults.append(Fault("safety_checked", "safety_check_needed"))
    if request.course is Course.ACCOUNT and not body.reading:
        faults.append(Fault("reading", "reading_needed"))
    if faults:
        raise DomainError(Code.INVALID, faults=tuple(faults))
    await case.move_request(request, "connect", happened_at=body.connected_at)
    case.set_request(
        request, connected_at=body.connected_at, connection=body.model_dump(mode="json")
    )
    _begin_temporary(case, request)
    await settle(case)
    return Answer(brief_request(case, request), version=request.version)


async def decline(unit: Unit, request_id: UUID, body: Refusal, *, expect: int | None) -> Answer:
    """A utility refuses its part, before works, with a coded reason."""
    case, request = await Case.open_request(unit, request_id, expect=expect)
    if body.reason not in {reason.code for reason in case.city.decline_reasons}:
        raise DomainError(Code.INVALID, faults=(Fault("reason", "reason_unknown"),))
    await case.move_request(request, "decline", data={"reason": body.reason})
    case.set_request(request, ended=body.model_dump(mode="json"))
    await settle(case)
    return Answer(brief_request(case, request), version=request.version)


async def withdraw_request(
    unit: Unit, request_id: UUID, body: Reason, *, expect: int | None
) -> Answer:
    """The applicant gives up one utility; the others go on."""
    case, request = await Case.open_request(unit, request_id, expect=expect)
    await case.move_request(request, "withdraw_request")
    case.set_request(request, ended=body.model_dump(mode="json"))
    await settle(case)
    return Answer(brief_request(case, request), version=request.version)


class EndSupply(Input):
    """临时用能到期: taken down, or made permanent by an application of its own."""

    outcome: Literal["removed", "converted"]
    ended_at: Moment
    remark: Remark = ""


async def end_supply(
    unit: Unit, request_id: UUID, body: EndSupply, *, expect: int | None
) -> Answer:
    """A temporary supply has ended; its clock outlives the case."""
    case, request = await Case.open_request(unit, request_id, expect=expect)
    if body.ended_at > unit.now:
        raise DomainError(Code.INVALID, faults=(Fault("ended_at", "time_future"),))
    await case.move_request(
        request, "end_supply", data={"result": body.outcome}, happened_at=body.ended_at
    )
    case.set_request(
        request, connection={**request.connection, "ended": body.model_dump(mode="json")}
    )
    await settle(case)
    return Answer(brief_request(case, request), version=request.version)


def _earliest(case: Case, request: UtilityRequest) -> datetime:
    """When the step before was done: the works, or the acceptance where there are none."""
    before = request.works_finished_at or case.app.accepted_at
    return before or case.app.created_at


def _begin_temporary(case: Case, request: UtilityRequest) -> None:
    """A temporary supply runs until its end date; then it is removed or converted."""
    values = load(case.unit.services.seal, case.app, APPLICATION_PURPOSE)
    until = values.get(f"{request.utility}.temporary_until")
    kind = case.city.utilities[request.utility].kinds.get(request.kind)
    if kind is None or not kind.temporary or not until:
        return
    case.set_request(request, connection={**request.connection, "until": until})
    end = datetime.combine(date.fromisoformat(until) + timedelta(days=1), time(), SHANGHAI)
    case.clocks.open(
        "temporary_end",
        Holder(Role.UTILITY_CLERK, request.organization_id),
        request_id=request.id,
        due_at=end,
    )
