"""A crew on site: that it has come, and what it found (domain §6 decides the permits by it)."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from config.city.permits import RoadClass
from rules.errors import Code, DomainError, Fault
from rules.states import Course
from workflow.cases.brief import brief_request
from workflow.cases.case import Case
from workflow.cases.connection_clock import take_over_agreed
from workflow.cases.settling import settle
from workflow.encoding import SHANGHAI
from workflow.inputs import Day, Input, Line, Metres, Moment, Remark, SquareMetres
from workflow.unit import Answer, Unit


class FoundSegment(Input):
    """One stretch of external line. Lengths in metres, areas in m²."""

    line_m: Metres
    crossing_m: Metres = Field(default=0, validate_default=True)
    road: Remark = ""
    road_class: RoadClass | None = None
    road_excavated: bool = False
    road_opened_on: Day | None = None
    """When a new, rebuilt or expanded road was opened to traffic."""
    road_overhauled_on: Day | None = None
    traffic_affected: bool = False
    green_m2: SquareMetres = Field(default=0, validate_default=True)
    planning_change: bool = False
    new_corridor: bool = False
    major_crossing: bool = False
    new_building: bool = False
    location: Remark = ""


class Findings(Input):
    """踏勘结果 of one request."""

    visited_at: Moment
    segments: Annotated[tuple[FoundSegment, ...], Field(min_length=1, max_length=50)]
    access_point: Line
    """报装接入地点(详细路段地址), printed on form C."""
    remark: Remark = ""


class CheckIn(Input):
    """到场签到: since when the crew is on site; now when it does not say."""

    at: Moment | None = None


async def check_in(unit: Unit, request_id: UUID, body: CheckIn, *, expect: int | None) -> Answer:
    """A crew tells that it has come, to survey, to build or to connect; once a day for each."""
    case, request = await Case.open_request(unit, request_id, expect=expect)
    at = body.at or unit.now
    if at > unit.now:
        raise DomainError(Code.INVALID, faults=(Fault("at", "time_future"),))
    if case.app.accepted_at is not None and at < case.app.accepted_at:
        raise DomainError(Code.INVALID, faults=(Fault("at", "before_acceptance"),))
    before = request.arrived_at
    if before is not None and _day(before) == _day(at) and "check_in" in case.allowed_on(request):
        return Answer(brief_request(case, request), version=request.version)
    await case.move_request(request, "check_in", happened_at=at)
    case.set_request(request, arrived_at=at)
    await settle(case)
    return Answer(brief_request(case, request), version=request.version)


async def record_findings(
    unit: Unit, request_id: UUID, body: Findings, *, expect: int | None
) -> Answer:
    """Record what was found; with the last request's findings the joint visit is done."""
    case, request = await Case.open_request(unit, request_id, expect=expect)
    faults = _faults(case, body)
    if faults:
        raise DomainError(Code.INVALID, faults=faults)
    await case.move_request(
        request, "record_findings", happened_at=body.visited_at, start=body.visited_at
    )
    findings: dict[str, Any] = body.model_dump(mode="json")
    case.set_request(request, findings=findings, segment_open=True)
    if not any(_needs_line(segment) for segment in body.segments):
        case.set_request(request, course=Course.NO_LINE, segment_open=False)
        await case.move_request(request, "no_line_found", by_system=True)
        take_over_agreed(case, request)
    await settle(case)
    return Answer(brief_request(case, request), version=request.version)


def _needs_line(segment: FoundSegment) -> bool:
    return segment.line_m > 0 or segment.crossing_m > 0 or segment.road_excavated


def _faults(case: Case, body: Findings) -> tuple[Fault, ...]:
    faults = []
    if body.visited_at > case.unit.now:
        faults.append(Fault("visited_at", "time_future"))
    if case.app.accepted_at is not None and body.visited_at < case.app.accepted_at:
        faults.append(Fault("visited_at", "before_acceptance"))
    elif case.survey is not None and _day(body.visited_at) < _day(case.survey.at):
        faults.append(Fault("visited_at", "before_appointment"))
    for index, segment in enumerate(body.segments):
        where = f"segments.{index}"
        if segment.crossing_m > segment.line_m:
            faults.append(Fault(f"{where}.crossing_m", "crossing_longer_than_line"))
        if (segment.road_excavated or segment.crossing_m > 0) and segment.road_class is None:
            faults.append(Fault(f"{where}.road_class", "road_class_needed"))
        for name in ("road_opened_on", "road_overhauled_on"):
            day: date | None = getattr(segment, name)
            if day is not None and day > body.visited_at.date():
                faults.append(Fault(f"{where}.{name}", "time_future"))
    return tuple(faults)


def _day(at: datetime) -> date:
    return at.astimezone(SHANGHAI).date()
