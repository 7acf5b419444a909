"""Synchronous works and joint acceptance (同步施工、联合验收)."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from models import UtilityRequest
from rules.errors import Code, DomainError, Fault
from workflow.cases.brief import brief_request
from workflow.cases.case import Case
from workflow.cases.connection_clock import take_over_agreed
from workflow.cases.settling import settle
from workflow.cases.standing import opens_road
from workflow.inputs import Day, Input, Line, Moment, Remark
from workflow.unit import Answer, Unit


class Start(Input):
    """开工: the builder and the construction time that form C prints (施工时间 起至)."""

    started_at: Moment
    builder: Line
    ends_on: Day
    briefed: bool
    """Owners of pipes nearby have been briefed (施工前交底)."""


class Finish(Input):
    """完工: when, and whether the road was restored as it was."""

    finished_at: Moment
    road_restored: bool | None = None
    remark: Remark = ""


class Inspection(Input):
    """联合验收 of one request's line."""

    result: Literal["passed", "failed"]
    items: Annotated[tuple[Line, ...], Field(max_length=40)] = ()
    remark: Remark = ""


async def start_works(unit: Unit, request_id: UUID, body: Start, *, expect: int | None) -> Answer:
    """Start digging: permits are there (or not needed), pipes nearby are known."""
    case, request = await Case.open_request(unit, request_id, expect=expect)
    faults = []
    if body.started_at > unit.now:
        faults.append(Fault("started_at", "time_future"))
    elif _before_visit(request, body.started_at):
        faults.append(Fault("started_at", "before_survey"))
    if body.ends_on < body.started_at.date():
        faults.append(Fault("ends_on", "ends_before_start"))
    if not body.briefed:
        faults.append(Fault("briefed", "briefing_needed"))
    if faults:
        raise DomainError(Code.INVALID, faults=tuple(faults))
    await case.move_request(request, "start_works", happened_at=body.started_at)
    case.set_request(
        request, works_started_at=body.started_at, works={"start": body.model_dump(mode="json")}
    )
    case.set(works_started=True)
    if opens_road(request):
        case.set(road_opened=True, road_checked_at=None)
    await settle(case)
    return Answer(brief_request(case, request), version=request.version)


async def finish_works(unit: Unit, request_id: UUID, body: Finish, *, expect: int | None) -> Answer:
    """The line is built; where a road was opened it says whether it is restored."""
    case, request = await Case.open_request(unit, request_id, expect=expect)
    started = request.works_started_at
    if body.finished_at > unit.now:
        raise DomainError(Code.INVALID, faults=(Fault("finished_at", "time_future"),))
    if started is not None and body.finished_at < started:
        raise DomainError(Code.INVALID, faults=(Fault("finished_at", "ends_before_start"),))
    if opens_road(request) and not body.road_restored:
        raise DomainError(Code.INVALID, faults=(Fault("road_restored", "must_agree"),))
    await case.move_request(request, "finish_works", happened_at=body.finished_at)
    case.set_request(
        request,
        works_finished_at=body.finished_at,
        works={**request.works, "finish": body.model_dump(mode="json")},
    )
    await settle(case)
    return Answer(brief_request(case, request), version=request.version)


async def inspect(unit: Unit, request_id: UUID, body: Inspection, *, expect: int | None) -> Answer:
    """Pass, or send back to the works for rectification."""
    case, request = await Case.open_request(unit, request_id, expect=expect)
    if body.result == "failed" and not body.items:
        raise DomainError(Code.INVALID, faults=(Fault("items", "items_needed"),))
    await case.move_request(request, "inspect", data={"result": body.result})
    if body.result == "passed":
        await case.move_request(request, "inspection_passed", by_system=True)
        take_over_agreed(case, request)
    else:
        await case.move_request(request, "inspection_failed", by_system=True)
        case.set_request(request, works_finished_at=None)
        if opens_road(request):
            case.set(road_checked_at=None)  # the rectification may open it once more
    earlier = request.inspection.get("earlier", [])
    before = {key: value for key, value in request.inspection.items() if key != "earlier"}
    case.set_request(
        request,
        inspection={
            "at": unit.now.isoformat(),
            **body.model_dump(mode="json"),
            "earlier": [*earlier, before] if before else earlier,
        },
    )
    await settle(case)
    return Answer(brief_request(case, request), version=request.version)


def _before_visit(request: UtilityRequest, at: datetime) -> bool:
    visited = request.findings.get("visited_at")
    return visited is not None and at < datetime.fromisoformat(visited)
