"""The deadline sweeper: lights told once, lapses and closings carried out in their time."""

from collections.abc import Awaitable
from uuid import UUID

import structlog
from tortoise.expressions import Q

from models import Application, Deadline, Registration, UtilityRequest
from rules.actors import SYSTEM, Role
from rules.errors import Code, DomainError
from workflow.cases import evaluation, plan
from workflow.encoding import shown
from workflow.notices import Audience, Notice
from workflow.outages import code_of
from workflow.ports import Services
from workflow.unit import Answer, Unit, perform

BATCH = 100
NOT_OVERDUE = frozenset({"rating_close", "offer_lapse"})
"""Steps whose end is an act of the system, not somebody's lateness."""


_log = structlog.get_logger("sweeper")


async def sweep(services: Services) -> bool:
    """Tell what turned yellow or red, do what time itself decides; whether more may wait."""
    now = services.clock.now()
    running = Deadline.filter(closed_at=None, paused_at=None)
    red = await running.filter(due_at__lt=now).exclude(warned="red").order_by("due_at").limit(BATCH)
    yellow = (
        await running.filter(Q(yellow_at__lte=now), due_at__gte=now, warned="")
        .order_by("yellow_at")
        .limit(BATCH)
    )
    whole = True
    for row in red:
        decides = row.step in NOT_OVERDUE
        act = _time_decides(services, row) if decides else _glow(services, row.id, "red")
        whole &= await _carried_out(row, act)
    for row in yellow:
        whole &= await _carried_out(row, _glow(services, row.id, "yellow"))
    return whole and (len(red) == BATCH or len(yellow) == BATCH)


async def _carried_out(row: Deadline, act: Awaitable[None]) -> bool:
    """Whether it went well. One case's trouble never holds up the others; an outage is raised."""
    try:
        await act
    except Exception as fault:  # the edge of a background loop
        if code_of(fault) is Code.UNAVAILABLE:
            raise
        _log.exception("deadline_failed", deadline=str(row.id), step=row.step)
        return False
    return True


async def _glow(services: Services, deadline_id: UUID, light: str) -> None:
    async def tell(unit: Unit) -> Answer:
        row = await Deadline.filter(id=deadline_id).select_for_update().first()
        if row is None or row.closed_at or row.paused_at or row.warned == light:
            return Answer({})
        if unit.now < (row.due_at if light == "red" else row.yellow_at or row.due_at):
            return Answer({})  # moved meanwhile
        await Deadline.filter(id=row.id).update(warned=light)
        unit.notices.append(await _notice(unit, row, light))
        unit.audit(row.city, Role.SYSTEM, f"deadline_{light}", "deadline", row.id, step=row.step)
        return Answer({})

    await perform(services, SYSTEM, tell)


async def _notice(unit: Unit, row: Deadline, light: str) -> Notice:
    case = (
        await Application.get(id=row.application_id)
        if row.application_id
        else await Registration.get(id=row.registration_id)
    )
    city = unit.services.cities.on(row.city, case.judged_on or row.opened_at.date())
    number = (
        city.numbering.format(case.year, case.sequence)
        if isinstance(case, Application) and case.year and case.sequence
        else None
    )
    request = await UtilityRequest.filter(id=row.request_id).first() if row.request_id else None
    mine = row.organization_id is None
    return Notice(
        origin=f"deadline:{row.id}:{light}:{int(row.due_at.timestamp())}",
        code=f"deadline_{light}",
        city=row.city,
        audience=Audience(
            persons=(case.owner_id,) if mine and case.owner_id else (),
            enterprise=case.enterprise_id if mine and isinstance(case, Application) else None,
            city_roles=(Role.COORDINATOR,) if light == "red" else (),
            organizations=(row.organization_id,) if row.organization_id else (),
            organization_roles=(row.holder,) if row.organization_id else (),
        ),
        params={
            "step": row.step,
            "number": number,
            "due_at": shown(row.due_at),
            "utility": request.utility if request else None,
        },
        application_id=row.application_id,
        registration_id=row.registration_id,
    )


async def _time_decides(services: Services, row: Deadline) -> None:
    """Silence lapses an offer; a case unrated after its days closes when nothing else is open."""
    application_id = row.application_id
    assert application_id is not None  # noqa: S101 - both steps are of applications

    async def act(unit: Unit) -> Answer:
        if row.step == "offer_lapse":
            return await plan.lapse_plan(unit, application_id)
        return await evaluation.close(unit, application_id, expect=None, system=True)

    try:
        await perform(services, SYSTEM, act)
    except DomainError as refused:
        # the case moved on meanwhile, or still waits for its road check: nothing to tell twice
        if refused.code not in (Code.MOVE_NOT_ALLOWED, Code.GUARD_FAILED):
            raise
        await Deadline.filter(id=row.id).update(warned="red")
