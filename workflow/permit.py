"""Permits of an external line: commitment at once, or parallel approval (domain §6)."""

from collections.abc import Callable
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from pydantic import Field

from models import AnnualCommitment, Opinion, UtilityRequest
from models.base import new_id
from rules.actors import Role
from rules.errors import Code, DomainError, Fault
from rules.lifecycle import Tell
from rules.permit import Decision, Route, overrule, route
from rules.states import Course, PermitState, PlanState, Verdict
from workflow import directory
from workflow.attached import attached_purposes
from workflow.case import Case
from workflow.deadlines import Holder
from workflow.draft import today
from workflow.inputs import CodeName, Input, Line, Remark
from workflow.settling import settle
from workflow.site_visit import FoundSegment
from workflow.telling import notify
from workflow.unit import Answer, Unit
from workflow.views import brief_request

DRAWN = {"line_m": "length_m", "crossing_m": "crossing_m", "green_m2": "green_m2"}
"""Measure of a stretch found → the same of a segment drawn."""


class Commitment(Input):
    """告知承诺: the promises made, by whom, who builds (form D's contents)."""

    builder: Line
    signer: Line
    conditions_met: bool
    road_restored: bool
    inspection_accepted: bool
    pipes_protected: bool


class Overrule(Input):
    """Why joint approval is chosen although a promise would be enough."""

    reason: Line


class DocumentList(Input):
    """审批事项清单 of one department: what it asks for."""

    documents: Annotated[tuple[Line, ...], Field(max_length=40)]


class Filing(Input):
    """报送材料: uploads by purpose are attached to the case; gaps only where the city allows."""

    documents: Annotated[tuple[Line, ...], Field(max_length=40)] = ()
    missing: Annotated[tuple[Line, ...], Field(max_length=40)] = ()
    restoration_promised: bool


class OpinionInput(Input):
    """审批意见: approve, approve with coded conditions, or object with coded reasons."""

    verdict: Verdict
    codes: Annotated[tuple[CodeName, ...], Field(max_length=20)] = ()
    remark: Remark = ""


class AnnualInput(Input):
    """年度承诺 to one department, for one year."""

    city: CodeName
    department: CodeName
    year: Annotated[int, Field(ge=2000, le=2100)]
    builder: Remark = ""
    promises: Annotated[tuple[Line, ...], Field(min_length=1, max_length=20)]


async def begin(case: Case, request: UtilityRequest) -> None:
    """Decide the route of a planned request and start its clocks.

    After an objection the route stays joint and only the objectors look again.
    """
    if request.permit_state is PermitState.OBJECTED:
        case.clocks.open("permit_papers", _clerk(request), request_id=request.id)
        return
    decision = decide(case, request)
    case.set_request(request, permit={**request.permit, **_kept(decision)})
    if decision.route is Route.NONE:
        case.set_request(request, permit_state=PermitState.NOT_NEEDED)
        return
    await _ask_departments(case, request, decision)
    if decision.route is Route.COMMITMENT:
        case.set_request(request, permit_state=PermitState.COMMITTING)
    else:
        _start_listing(case, request)
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


async def _promised(case: Case, request: UtilityRequest) -> frozenset[str]:
    """Departments the organisation's annual commitment of this year names."""
    rows = await AnnualCommitment.filter(
        organization_id=request.organization_id,
        year=today(case.unit.now).year,
        revoked_at=None,
    )
    return frozenset(row.department for row in rows)


async def commit(unit: Unit, request_id: UUID, body: Commitment, *, expect: int | None) -> Answer:
    """Commit: decided at once, departments told, form C issued (即时办结).

    Where the city's form is annual, the organisation's commitment to every department named must
    be in force; else the way is joint approval.
    """
    case, request = await Case.open_request(unit, request_id, expect=expect)
    promises = (
        "conditions_met",
        "road_restored",
        "inspection_accepted",
        "pipes_protected",
    )
    faults = [Fault(name, "must_agree") for name in promises if not getattr(body, name)]
    if faults:
        raise DomainError(Code.INVALID, faults=tuple(faults))
    opinions = _opinions(case, request)
    if request.permit_state is PermitState.COMMITTING:
        await _still_enough(case, request)
    await case.move_request(request, "commit")
    for opinion in opinions:
        await opinion.change(
            verdict=Verdict.APPROVED.value,
            by_commitment=True,
            asked_at=unit.now,
            signed_at=unit.now,
        )
    case.set_request(
        request,
        permit_state=PermitState.GRANTED,
        permit={**request.permit, "commitment": body.model_dump(mode="json")},
    )
    await settle(case)
    return Answer(brief_request(case, request), version=request.version)


async def choose_joint(
    unit: Unit, request_id: UUID, body: Overrule, *, expect: int | None
) -> Answer:
    """Overrule towards joint approval with a reason; never the other way."""
    case, request = await Case.open_request(unit, request_id, expect=expect)
    decision = overrule(case.city, decide(case, request), Route.JOINT, body.reason)
    await case.move_request(request, "choose_joint")
    case.set_request(request, permit={**request.permit, **_kept(decision)})
    _start_listing(case, request)
    await settle(case)
    return Answer(brief_request(case, request), version=request.version)


async def list_documents(
    unit: Unit, request_id: UUID, body: DocumentList, *, expect: int | None
) -> Answer:
    """A department says what it asks for; with the last list the papers' clock starts."""
    case, request = await Case.open_request(unit, request_id, expect=expect)
    opinion = _own_opinion(case, request, lambda o: o.listed_at is None)
    await case.move_request(
        request, "list_documents", department=Holder(Role.APPROVER, opinion.organization_id)
    )
    await opinion.change(documents=list(body.documents), listed_at=unit.now)
    if all(o.listed_at is not None for o in _opinions(case, request)):
        case.set_request(request, permit_state=PermitState.FILING)
        await case.move_request(request, "lists_complete", by_system=True)
    await settle(case)
    return Answer(brief_request(case, request), version=request.version)


async def file_papers(unit: Unit, request_id: UUID, body: Filing, *, expect: int | None) -> Answer:
    """File the papers with every department at the same moment (并联审批)."""
    case, request = await Case.open_request(unit, request_id, expect=expect)
    faults = []
    if not body.restoration_promised:
        faults.append(Fault("restoration_promised", "must_agree"))
    if body.missing and not case.city.permit_gaps_allowed:
        faults.append(Fault("missing", "gaps_not_allowed"))
    asked = {d for o in _opinions(case, request) for d in o.documents}
    attached = await attached_purposes(case.app.id)
    faults += [
        Fault(f"documents.{name}", "not_attached", name)
        for name in body.documents
        if name not in attached
    ]
    faults += [
        Fault(f"documents.{name}", "document_missing", name)
        for name in sorted(asked - set(body.documents) - set(body.missing))
    ]
    if faults:
        raise DomainError(Code.INVALID, faults=tuple(faults))
    again = request.permit_state is PermitState.OBJECTED
    for opinion in _opinions(case, request):
        if opinion.verdict == Verdict.OBJECTED.value:
            await opinion.change(
                verdict=None,
                conditions=[],
                remark="",
                signed_by=None,
                signed_at=None,
                round=opinion.round + 1,
                asked_at=unit.now,
            )
        elif opinion.verdict is None:
            await opinion.change(asked_at=unit.now)
    await case.move_request(request, "file_papers", data={"again": again})
    case.set_request(
        request,
        permit_state=PermitState.DECIDING,
        permit={**request.permit, "filing": body.model_dump(mode="json")},
    )
    await settle(case)
    return Answer(brief_request(case, request), version=request.version)


async def sign_opinion(
    unit: Unit, request_id: UUID, body: OpinionInput, *, expect: int | None
) -> Answer:
    """Sign one department's opinion; with the last one the permits are granted, or it goes back."""
    case, request = await Case.open_request(unit, request_id, expect=expect)
    opinion = _own_opinion(case, request, lambda o: o.verdict is None)
    faults = _opinion_faults(case, body)
    if faults:
        raise DomainError(Code.INVALID, faults=faults)
    await case.move_request(
        request,
        "sign_opinion",
        data={
            "verdict": body.verdict.value,
            "department": opinion.department,
            "codes": list(body.codes),
            "round": opinion.round,
        },
        department=Holder(Role.APPROVER, opinion.organization_id),
    )
    await opinion.change(
        verdict=body.verdict.value,
        conditions=list(body.codes),
        remark=body.remark,
        signed_by=unit.actor.person,
        signed_at=unit.now,
    )
    await _conclude(case, request)
    await settle(case)
    return Answer(brief_request(case, request), version=request.version)


async def _conclude(case: Case, request: UtilityRequest) -> None:
    opinions = _opinions(case, request)
    if any(o.verdict is None for o in opinions):
        return
    if any(o.verdict == Verdict.OBJECTED.value for o in opinions):
        objectors = [o.department for o in opinions if o.verdict == Verdict.OBJECTED.value]
        await case.move_request(
            request, "permit_objected", data={"departments": objectors}, by_system=True
        )
        case.set_request(request, permit_state=PermitState.OBJECTED, segment_open=True)
        if case.app.plan_state is not PlanState.OFFERED:
            # an offer that is out stays: it is about the other requests
            case.set(plan_state=PlanState.DRAFTING)
        return
    await case.move_request(request, "permit_granted", by_system=True)
    case.set_request(request, permit_state=PermitState.GRANTED)


async def sign_annual(unit: Unit, body: AnnualInput) -> Answer:
    """Sign the yearly commitment of the actor's own utility to one department (大冶 四(二)1).

    For this year, or ahead of time for the next. Every fault at once.
    """
    memberships = unit.actor.memberships_in(body.city, Role.UTILITY_CLERK)
    if not memberships:
        raise DomainError(Code.FORBIDDEN)
    day = today(unit.now)
    city = unit.services.cities.on(body.city, day)
    faults = []
    if body.department not in city.departments:
        faults.append(Fault("department", "department_unknown"))
    if body.year not in (day.year, day.year + 1):
        faults.append(Fault("year", "year_wrong"))
    if faults:
        raise DomainError(Code.INVALID, faults=tuple(faults))
    organization = memberships[0].org
    if await AnnualCommitment.filter(
        organization_id=organization, department=body.department, year=body.year, revoked_at=None
    ).exists():
        raise DomainError(Code.CONFLICT)
    row = await AnnualCommitment.create(
        id=new_id(),
        city=body.city,
        organization_id=organization,
        department=body.department,
        year=body.year,
        builder=body.builder,
        promises=list(body.promises),
        signed_by=unit.actor.person,
        signed_at=unit.now,
    )
    unit.audit(body.city, Role.UTILITY_CLERK, "sign_annual", "annual_commitment", row.id)
    return Answer({"id": str(row.id), "department": body.department, "year": body.year}, status=201)


async def _still_enough(case: Case, request: UtilityRequest) -> None:
    """A commitment that ended (a new year, a revocation) since the plan was agreed blocks it."""
    decision = decide(case, request, await _promised(case, request))
    if decision.route is Route.JOINT:
        raise DomainError(
            Code.GUARD_FAILED,
            event="commit",
            guard="commitment_enough",
            reasons=[reason.text for reason in decision.reasons],
            allowed=case.allowed_on(request),
        )


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


def _start_listing(case: Case, request: UtilityRequest) -> None:
    case.set_request(request, permit_state=PermitState.LISTING)
    for opinion in _opinions(case, request):
        case.clocks.open(
            "document_list",
            Holder(Role.APPROVER, opinion.organization_id),
            request_id=request.id,
        )


def _opinions(case: Case, request: UtilityRequest) -> list[Opinion]:
    return [opinion for opinion in case.opinions if opinion.request_id == request.id]


def _own_opinion(case: Case, request: UtilityRequest, waits: Callable[[Opinion], bool]) -> Opinion:
    """The acting department's row that waits for this act; any of its rows else, for the table
    to refuse with its reason.
    """
    own = case.own_opinions(request)
    found = next((opinion for opinion in own if waits(opinion)), next(iter(own), None))
    if found is None:
        raise DomainError(
            Code.NOT_YOURS_TO_MOVE, event="sign_opinion", allowed=case.allowed_on(request)
        )
    return found


def _opinion_faults(case: Case, body: OpinionInput) -> tuple[Fault, ...]:
    known = {
        Verdict.APPROVED: (),
        Verdict.CONDITIONAL: case.city.opinion_conditions,
        Verdict.OBJECTED: case.city.objection_reasons,
    }[body.verdict]
    codes = {each.code for each in known}
    faults = [
        Fault(f"codes.{index}", "reason_unknown")
        for index, code in enumerate(body.codes)
        if code not in codes
    ]
    if body.verdict is not Verdict.APPROVED and not body.codes:
        faults.append(Fault("codes", "reason_needed"))
    return tuple(faults)


def _clerk(request: UtilityRequest) -> Holder:
    return Holder(Role.UTILITY_CLERK, request.organization_id)


def _kept(decision: Decision) -> dict[str, object]:
    return {
        "route": decision.route.value,
        "reasons": [{"code": r.code, "clause": r.clause, "text": r.text} for r in decision.reasons],
        "permits": [{"kind": p.kind, "label": p.label} for p in decision.permits],
        "departments": list(decision.departments),
    }
