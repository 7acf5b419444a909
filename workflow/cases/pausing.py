"""Stopping the clocks of a case with a coded reason everyone sees, and letting them run again."""

from uuid import UUID

from models.base import new_id
from rules.actors import Role
from rules.errors import Code, DomainError, Fault
from workflow.cases.brief import brief
from workflow.cases.case import Case
from workflow.cases.stops import Stop
from workflow.inputs import CodeName, Input, Remark
from workflow.unit import Answer, Unit


class Pause(Input):
    """A coded reason of the city file. A utility's pause holds its own requests only."""

    reason: CodeName
    remark: Remark = ""


class Resume(Input):
    """Which reason is over; none named: every one of the actor's own side."""

    pause: UUID | None = None


async def pause(unit: Unit, application_id: UUID, body: Pause, *, expect: int | None) -> Answer:
    """Stop clocks; several reasons may stand at once, and a clock opened meanwhile stands too."""
    case = await Case.open(unit, application_id, expect=expect)
    if body.reason not in {reason.code for reason in case.city.pause_reasons}:
        raise DomainError(Code.INVALID, faults=(Fault("reason", "reason_unknown"),))
    move = await case.move("pause", data={"reason": body.reason})
    role, organization = case.acting(move, case.standing())
    case.stop_clocks(
        Stop(
            str(new_id()),
            body.reason,
            requests=_own_requests(case) if role is Role.UTILITY_CLERK else None,
            role=role.value,
            organization=str(organization) if organization else None,
            remark=body.remark,
            at=unit.now,
        )
    )
    await case.finish()
    return Answer(brief(case), version=case.app.version)


async def resume(unit: Unit, application_id: UUID, body: Resume, *, expect: int | None) -> Answer:
    """Lift reasons of the actor's own side; the coordinator may lift any."""
    case = await Case.open(unit, application_id, expect=expect)
    await case.move("resume")
    mine = [
        stop
        for stop in case.clocks.stops
        if stop.organization is not None
        and body.pause in (None, UUID(stop.id))
        and _may_lift(case, stop)
    ]
    if not mine:
        raise DomainError(
            Code.GUARD_FAILED, event="resume", guard="own_pause", allowed=case.allowed()
        )
    case.lift(*(stop.id for stop in mine))
    await case.finish()
    return Answer(brief(case), version=case.app.version)


def _may_lift(case: Case, stop: Stop) -> bool:
    if case.unit.actor.holds(Role.COORDINATOR, case.app.city):
        return True
    return any(str(held.org) == stop.organization for held in case.unit.actor.memberships)


def _own_requests(case: Case) -> tuple[str, ...]:
    return tuple(
        str(request.id)
        for request in case.live_requests()
        if Role.UTILITY_CLERK in case.standing(request)
    )
