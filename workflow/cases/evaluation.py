"""Road check, rating (好差评) and closing."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from models import Rating
from rules.errors import Code, DomainError, Fault
from workflow.cases.brief import brief
from workflow.cases.case import Case
from workflow.cases.settling import settle
from workflow.inputs import Input, Remark
from workflow.unit import Answer, Unit

LOW = 2
"""The two lowest of five levels ask for a reason."""


class RoadCheck(Input):
    """道路恢复核验 by a department."""

    restored: bool
    remark: Remark = ""


class Judgement(Input):
    """评价: 1 非常不满意 … 5 非常满意."""

    level: Annotated[int, Field(ge=1, le=5)]
    reason: Remark = ""


async def check_road(
    unit: Unit, application_id: UUID, body: RoadCheck, *, expect: int | None
) -> Answer:
    """Find the opened road restored as it was, or not yet."""
    case = await Case.open(unit, application_id, expect=expect)
    if not body.restored and not body.remark:
        raise DomainError(Code.INVALID, faults=(Fault("remark", "reason_needed"),))
    await case.move("check_road", data={"result": "restored" if body.restored else "not_restored"})
    if body.restored:
        case.set(road_checked_at=unit.now)
    await settle(case)
    return Answer(brief(case), version=case.app.version)


async def rate(unit: Unit, application_id: UUID, body: Judgement, *, expect: int | None) -> Answer:
    """Rate once; a connected case with nothing else open closes with it."""
    case = await Case.open(unit, application_id, expect=expect)
    if body.level <= LOW and not body.reason:
        raise DomainError(Code.INVALID, faults=(Fault("reason", "reason_needed"),))
    await case.move("rate", data={"level": body.level})
    await Rating.create(
        application_id=case.app.id, level=body.level, reason=body.reason, created_at=unit.now
    )
    case.set(rated_at=unit.now)
    await settle(case)
    return Answer(brief(case), version=case.app.version)


async def close(
    unit: Unit, application_id: UUID, *, expect: int | None, system: bool = False
) -> Answer:
    """Close a connected case: rated or past the city's days, every opened road checked."""
    case = await Case.open(unit, application_id, expect=expect)
    await case.move("close", by_system=system)
    case.set(closed_at=unit.now)
    await settle(case)
    return Answer(brief(case), version=case.app.version)
