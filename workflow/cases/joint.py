"""联合审批: each department's list, the papers filed with all at once, their opinions."""

from collections.abc import Callable
from typing import Annotated
from uuid import UUID

from pydantic import Field

from models import Opinion, UtilityRequest
from rules.actors import Role
from rules.errors import Code, DomainError, Fault
from rules.permit import Route, overrule
from rules.states import PermitState, PlanState, Verdict
from workflow.cases.attached import attached_purposes
from workflow.cases.brief import brief_request
from workflow.cases.case import Case
from workflow.cases.permit import decide, kept, opinions_of, start_listing
from workflow.cases.settling import settle
from workflow.deadlines import Holder
from workflow.inputs import CodeName, Input, Line, Remark
from workflow.unit import Answer, Unit


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


async def choose_joint(
    unit: Unit, request_id: UUID, body: Overrule, *, expect: int | None
) -> Answer:
    """Overrule towards joint approval with a reason; never the other way."""
    case, request = await Case.open_request(unit, request_id, expect=expect)
    decision = overrule(case.city, decide(case, request), Route.JOINT, body.reason)
    await case.move_request(request, "choose_joint")
    case.set_request(request, permit={**request.permit, **kept(decision)})
    start_listing(case, request)
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
    if all(o.listed_at is not None for o in opinions_of(case, request)):
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
    asked = {d for o in opinions_of(case, request) for d in o.documents}
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
    for opinion in opinions_of(case, request):
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
    opinions = opinions_of(case, request)
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
