"""A crew on site: that it has come, and what it found (domain §6 decides the permits by it)."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from config.city.permits import RoadClass
from models import Survey, SurveyVisit, UtilityRequest
from rules.errors import Code, DomainError, Fault
from rules.found_bounds import bounds, needs_line
from rules.states import Course, RequestState, SurveyState, VisitState
from workflow.cases.brief import brief_request
from workflow.cases.case import Acting, Case
from workflow.cases.connection_clock import take_over_agreed
from workflow.cases.settling import settle
from workflow.encoding import SHANGHAI
from workflow.inputs import Day, Input, Line, Metres, Moment, Remark, SquareMetres
from workflow.surveys.field.arriving import Arrival, arrive
from workflow.surveys.field.positions import Position, site_of
from workflow.surveys.field.visiting import visit_of
from workflow.surveys.record.acts import follow
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
    """到场签到: since when the crew is on site (now when it does not say), and where it is."""

    at: Moment | None = None
    position: Position | None = None
    reason: Remark = ""
    """Asked where the check-in to a joint visit is doubtful: too far away, no position …"""


async def check_in(unit: Unit, request_id: UUID, body: CheckIn, *, expect: int | None) -> Answer:
    """A crew tells that it has come, to survey, to build or to connect; once a day for each.

    Where it is expected at a joint visit, its position is judged; doubts ask for a reason.
    """
    case, request = await Case.open_request(unit, request_id, expect=expect)
    at = body.at or unit.now
    if at > unit.now:
        raise DomainError(Code.INVALID, faults=(Fault("at", "time_future"),))
    if case.app.accepted_at is not None and at < case.app.accepted_at:
        raise DomainError(Code.INVALID, faults=(Fault("at", "before_acceptance"),))
    visit = await _joint_visit(case, request)
    if visit is not None:
        fix = body.position.fix() if body.position else None
        arrival = Arrival(at, body.position, fix, body.reason)
        site = site_of(case.app)
        await arrive(unit, visit, arrival, city=case.city, site=site, asking=True)
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
    await enter_findings(case, request, body)
    return Answer(brief_request(case, request), version=request.version)


async def correct_findings(
    unit: Unit, request_id: UUID, body: Findings, *, expect: int | None
) -> Answer:
    """Correct what was found, until the line is drawn."""
    case, request = await Case.open_request(unit, request_id, expect=expect)
    await enter_findings(case, request, body, "correct_findings")
    return Answer(brief_request(case, request), version=request.version)


async def enter_findings(
    case: Case,
    request: UtilityRequest,
    body: Findings,
    event: str = "record_findings",
    *,
    by: Acting | None = None,
    appointed: bool = True,
    visit: SurveyVisit | None = None,
) -> None:
    """Findings by one of the moves that take them. Raises ``INVALID`` with every fault at once.

    ``by``: as in ``Case.move``. ``appointed``: they cannot be older than the day agreed for.
    ``visit``: at which they were made; the one of the appointment where it is not given.
    """
    faults = _faults(case, body, appointed=appointed)
    if faults:
        raise DomainError(Code.INVALID, faults=faults)
    survey = await _joint_visit_of(case)
    at = body.visited_at
    await case.move_request(request, event, happened_at=at, start=at, by=by)
    findings: dict[str, Any] = body.model_dump(mode="json")
    case.set_request(request, findings=findings, segment_open=True)
    if not any(needs_line(segment) for segment in body.segments):
        case.set_request(request, course=Course.NO_LINE, segment_open=False)
        await case.move_request(request, "no_line_found", by_system=True)
        take_over_agreed(case, request)
    if survey is not None:
        await _visited(visit or await visit_of(survey, request.organization_id))
        await follow(case, survey, complete=not case.position().facts["survey_open"])
    await settle(case)


async def _joint_visit_of(case: Case) -> Survey | None:
    """The appointment: the one that stands, else the one that is done."""
    done = Survey.filter(application_id=case.app.id, state=SurveyState.DONE)
    return case.survey or await done.order_by("-at").first()


async def _visited(visit: SurveyVisit | None) -> None:
    """The crew has done what it came for."""
    if visit is not None and visit.active and visit.state is not VisitState.DONE:
        await visit.change(state=VisitState.DONE)


async def _joint_visit(case: Case, request: UtilityRequest) -> SurveyVisit | None:
    """The crew's part in the joint visit that is booked."""
    if case.survey is None or request.state is not RequestState.PENDING:
        return None
    return await visit_of(case.survey, request.organization_id)


def _faults(case: Case, body: Findings, *, appointed: bool) -> tuple[Fault, ...]:
    faults = []
    if body.visited_at > case.unit.now:
        faults.append(Fault("visited_at", "time_future"))
    if case.app.accepted_at is not None and body.visited_at < case.app.accepted_at:
        faults.append(Fault("visited_at", "before_acceptance"))
    elif appointed and case.survey is not None and _day(body.visited_at) < _day(case.survey.at):
        faults.append(Fault("visited_at", "before_appointment"))
    return (*faults, *bounds(body.segments, _day(body.visited_at)))


def _day(at: datetime) -> date:
    return at.astimezone(SHANGHAI).date()
