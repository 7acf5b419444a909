"""The permit route of a planned request, and whom it asks (domain §6)."""

from decimal import Decimal

from models import AnnualCommitment, Opinion, UtilityRequest
from models.base import new_id
from rules.actors import Role
from rules.lifecycle import Tell
from rules.permit import Decision, Route, route
from rules.states import Course, PermitState
from workflow import directory
from workflow.cases.case import Case
from workflow.cases.draft import today
from workflow.cases.site_visit import FoundSegment
from workflow.cases.telling import notify
from workflow.deadlines import Holder

DRAWN = {"line_m": "length_m", "crossing_m": "crossing_m", "green_m2": "green_m2"}
"""Measure of a stretch found → the same of a segment drawn."""


async def begin(case: Case, request: UtilityRequest) -> None:
    """Decide the route of a planned request and start its clocks.

    After an objection the route stays joint and only the objectors look again.
    """
    if request.permit_state is PermitState.OBJECTED:
        case.clocks.open("permit_papers", _clerk(request), request_id=request.id)
        return
    decision = decide(case, request)
    case.set_request(request, permit={**request.permit, **kept(decision)})
    if decision.route is Route.NONE:
        case.set_request(request, permit_state=PermitState.NOT_NEEDED)
        return
    await _ask_departments(case, request, decision)
    if decision.route is Route.COMMITMENT:
        case.set_request(request, permit_state=PermitState.COMMITTING)
    else:
        start_listing(case, request)
        notify(case, "choose_joint", (Tell.DEPARTMENTS,), request)


def decide(case: Case, request: UtilityRequest, promised: frozenset[str] | None = None) -> Decision:
    """The route from everything found for this utility in this case, summed over its carriers.

    A line drawn longer than it was found is judged as drawn. ``promised``: departments with an
    annual commitment in force; None leaves that for later.
    """
    found = [
        segment
        for each in case.live_requests()
        if each.utility == request.utility and each.course is Course.FULL
        for segment in _stretches(each)
    ]
    return route(case.city, found, on=today(case.unit.now), promised=promised)


def _stretches(request: UtilityRequest) -> list[FoundSegment]:
    """What was found of one request; what is drawn beyond it lengthens the longest such stretch."""
    found = [FoundSegment.model_validate(s) for s in request.findings.get("segments", [])]
    if not request.segment:
        return found
    for measure, drawn in DRAWN.items():
        values: list[Decimal] = [getattr(stretch, measure) for stretch in found]
        beyond = Decimal(request.segment[drawn]) - sum(values)
        if beyond > 0:
            at = values.index(max(values))
            found[at] = found[at].model_copy(update={measure: values[at] + beyond})
    return found


async def promised_departments(case: Case, request: UtilityRequest) -> frozenset[str]:
    """Departments the organisation's annual commitment of this year names."""
    rows = await AnnualCommitment.filter(
        organization_id=request.organization_id,
        year=today(case.unit.now).year,
        revoked_at=None,
    )
    return frozenset(row.department for row in rows)


async def _ask_departments(case: Case, request: UtilityRequest, decision: Decision) -> None:
    for code in decision.departments:
        organization = await directory.department(case.app.city, code, case.app.town)
        opinion = await Opinion.create(
            id=new_id(),
            request_id=request.id,
            city=case.app.city,
            department=code,
            organization_id=organization.id,
        )
        case.opinions.append(opinion)


def start_listing(case: Case, request: UtilityRequest) -> None:
    case.set_request(request, permit_state=PermitState.LISTING)
    for opinion in opinions_of(case, request):
        case.clocks.open(
            "document_list",
            Holder(Role.APPROVER, opinion.organization_id),
            request_id=request.id,
        )


def opinions_of(case: Case, request: UtilityRequest) -> list[Opinion]:
    return [opinion for opinion in case.opinions if opinion.request_id == request.id]


def _clerk(request: UtilityRequest) -> Holder:
    return Holder(Role.UTILITY_CLERK, request.organization_id)


def kept(decision: Decision) -> dict[str, object]:
    return {
        "route": decision.route.value,
        "reasons": [{"code": r.code, "clause": r.clause, "text": r.text} for r in decision.reasons],
        "permits": [{"kind": p.kind, "label": p.label} for p in decision.permits],
        "departments": list(decision.departments),
    }
