"""一窗受理: the window (or the system) accepts, returns for correction, or rejects."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from models import Registration, UtilityRequest
from models.base import new_id
from rules.errors import Code, DomainError, Fault
from rules.forms import documents_for
from rules.states import Course, RequestState
from workflow import directory
from workflow.cases.attached import attached_purposes
from workflow.cases.brief import brief
from workflow.cases.case import Case
from workflow.cases.connection_clock import take_over_agreed
from workflow.cases.settling import settle
from workflow.deadlines import APPLICANT
from workflow.inputs import CodeName, Input, Line, Moment, Remark, iso
from workflow.surveys.appointment import confirm_held, free
from workflow.unit import Answer, Unit
from workflow.values import APPLICATION_PURPOSE, carriers_of, form_b, kind_of, load


class Estimate(Input):
    """What a utility expects before the survey."""

    external_line: bool = True
    permit_likely: bool = False


class Acceptance(Input):
    """受理. ``estimates`` by utility; a utility not named is surveyed."""

    estimates: dict[CodeName, Estimate] = Field(default_factory=dict)
    remark: Remark = ""


class Gap(Input):
    """A document that may come later, and until when."""

    document: CodeName
    due_at: Moment


class AcceptanceWithGaps(Acceptance):
    """容缺受理: every missing document is named with its due time."""

    gaps: Annotated[tuple[Gap, ...], Field(min_length=1, max_length=40)]


class FaultTold(Input):
    """One thing to correct: the field, why (a reason of the city file), and in own words."""

    field: Annotated[str, Field(max_length=80)]
    reason: CodeName
    note: Remark = ""


class Return(Input):
    """退回补正: every fault at once (一次性告知)."""

    faults: Annotated[tuple[FaultTold, ...], Field(min_length=1, max_length=100)]


class Rejection(Input):
    """不予受理, with a reason of the city file."""

    reason: CodeName
    explanation: Line


class Papers(Input):
    """补齐容缺材料: uploads already attached to the case under their document's code."""

    documents: Annotated[tuple[CodeName, ...], Field(min_length=1, max_length=40)]


async def accept(
    unit: Unit, application_id: UUID, body: Acceptance, *, expect: int | None, system: bool = False
) -> Answer:
    """Accept a complete application; it splits into one request per utility and carrier."""
    case = await Case.open(unit, application_id, expect=expect)
    case.missing_documents = bool(await missing_documents(case))
    return await _accept(case, "accept", body, (), system=system)


async def accept_with_gaps(
    unit: Unit, application_id: UUID, body: AcceptanceWithGaps, *, expect: int | None
) -> Answer:
    """Accept although documents are missing, where the city allows it."""
    case = await Case.open(unit, application_id, expect=expect)
    missing = await missing_documents(case)
    case.missing_documents = bool(missing)
    named = {gap.document for gap in body.gaps}
    faults = [
        Fault(f"gaps.{code}", "gap_unnamed", label)
        for code, label in missing.items()
        if code not in named
    ]
    faults += [Fault(f"gaps.{code}", "gap_unknown") for code in sorted(named - set(missing))]
    faults += [
        Fault(f"gaps.{gap.document}", "time_past") for gap in body.gaps if gap.due_at <= unit.now
    ]
    if case.city.gaps_allowed and missing and faults:
        raise DomainError(Code.INVALID, faults=tuple(faults))
    case.set(
        gaps=[
            {"document": gap.document, "due_at": iso(gap.due_at), "supplied_at": None}
            for gap in body.gaps
        ]
    )
    return await _accept(case, "accept_with_gaps", body, body.gaps)


async def _accept(
    case: Case, event: str, body: Acceptance, gaps: tuple[Gap, ...], *, system: bool = False
) -> Answer:
    unknown = sorted(set(body.estimates) - set(case.app.utilities))
    if unknown:
        raise DomainError(
            Code.INVALID, faults=tuple(Fault(f"estimates.{u}", "utility_unknown") for u in unknown)
        )
    position = case.position()
    if position.state == "submitted":
        await _split(case, body.estimates)
    surveyed = any(r.course is Course.FULL for r in case.requests)
    await case.move(
        event,
        due_at=min((gap.due_at for gap in gaps), default=None),
        skip_steps=() if surveyed else ("survey",),
        by_system=system,
    )
    case.set(accepted_at=case.unit.now)
    for request in case.requests:
        if request.course is not Course.FULL:
            take_over_agreed(case, request)
    if surveyed:
        await confirm_held(case)
    else:
        await free(case, "no_external_line")
    await settle(case)
    return Answer(brief(case), version=case.app.version)


async def _split(case: Case, estimates: Mapping[str, Estimate]) -> None:
    values = load(case.unit.services.seal, case.app, APPLICATION_PURPOSE)
    registration = (
        await Registration.filter(id=case.app.registration_id).first()
        if case.app.registration_id
        else None
    )
    agreed = registration.agreed_connection_at if registration else None
    for utility in case.app.utilities:
        kind = kind_of(case.city, values, utility)
        estimate = estimates.get(utility) or Estimate()
        course = Course.FULL if estimate.external_line else Course.NO_LINE
        if kind.account_change:
            course = Course.ACCOUNT
        for provider in await directory.providers(
            case.app.city, utility, carriers_of(case.city, values, utility)
        ):
            case.requests.append(
                UtilityRequest(
                    id=new_id(),
                    application_id=case.app.id,
                    city=case.app.city,
                    utility=utility,
                    organization_id=provider.id,
                    kind=kind.code,
                    course=course,
                    state=RequestState.PENDING,
                    permit={"permit_likely": estimate.permit_likely},
                    connection={"agreed_early": iso(agreed)} if agreed else {},
                    created_at=case.unit.now,
                )
            )
    await UtilityRequest.bulk_create(case.requests)


async def missing_documents(case: Case) -> dict[str, str]:
    """Documents the city asks of this application that are not attached: code → label."""
    values = load(case.unit.services.seal, case.app, APPLICATION_PURPOSE)
    attached = await attached_purposes(case.app.id)
    return {
        document.code: document.label
        for document in documents_for(case.city, values)
        if document.required and document.code not in attached
    }


async def return_for_correction(
    unit: Unit, application_id: UUID, body: Return, *, expect: int | None
) -> Answer:
    """Return with every fault at once.

    The same faults may be told again; a new one, on a field untouched since, only the first time.
    """
    case = await Case.open(unit, application_id, expect=expect)
    reasons = {reason.code for reason in case.city.return_reasons}
    form = form_b(case.city)
    faults = [
        Fault(f"faults.{index}.reason", "reason_unknown")
        for index, fault in enumerate(body.faults)
        if fault.reason not in reasons
    ]
    documents = {document.code for document in case.city.documents}
    faults += [
        Fault(f"faults.{index}.field", "field_unknown")
        for index, fault in enumerate(body.faults)
        if fault.field not in form.by_key and fault.field not in documents
    ]
    faults += [
        Fault(f"faults.{index}.field", "told_once")
        for index, fault in enumerate(body.faults)
        if not _may_tell(case, fault)
    ]
    if faults:
        raise DomainError(Code.INVALID, faults=tuple(faults))
    listed = [fault.model_dump() for fault in body.faults]
    await case.move(
        "return_for_correction",
        data={
            "faults": [{"field": f.field, "reason": f.reason} for f in body.faults],
            "count": len(listed),
        },
    )
    told = {"at": iso(unit.now), "version": case.app.version, "faults": listed}
    case.set(faults_told=[*case.app.faults_told, told])
    await free(case, "returned")
    await settle(case)
    return Answer(brief(case), version=case.app.version)


def _may_tell(case: Case, fault: FaultTold) -> bool:
    if not case.app.faults_told:
        return True
    told = {f["field"] for before in case.app.faults_told for f in before["faults"]}
    seen = case.app.faults_told[-1]["version"]
    return fault.field in told or case.app.revisions.get(fault.field, 0) > seen


async def reject(
    unit: Unit, application_id: UUID, body: Rejection, *, expect: int | None
) -> Answer:
    """Refuse an application before acceptance, with the reason and the remedies' slip."""
    case = await Case.open(unit, application_id, expect=expect)
    if body.reason not in {reason.code for reason in case.city.reject_reasons}:
        raise DomainError(Code.INVALID, faults=(Fault("reason", "reason_unknown"),))
    await case.move("reject", data={"reason": body.reason})
    case.set(ended=body.model_dump(mode="json"))
    await free(case, "rejected")
    await settle(case)
    return Answer(brief(case), version=case.app.version)


async def supply_papers(
    unit: Unit, application_id: UUID, body: Papers, *, expect: int | None
) -> Answer:
    """Settle gaps: each named document must be attached. The clock runs to the next gap's time."""
    case = await Case.open(unit, application_id, expect=expect)
    attached = await attached_purposes(case.app.id)
    missing = {gap["document"] for gap in case.app.gaps if not gap["supplied_at"]}
    faults = tuple(
        Fault(f"documents.{index}", "gap_unknown" if code not in missing else "not_attached")
        for index, code in enumerate(body.documents)
        if code not in missing or code not in attached
    )
    if missing and faults:
        raise DomainError(Code.INVALID, faults=faults)
    await case.move("supply_papers", data={"documents": list(body.documents)})
    gaps: list[dict[str, Any]] = [
        {**gap, "supplied_at": iso(unit.now)}
        if gap["document"] in body.documents and not gap["supplied_at"]
        else gap
        for gap in case.app.gaps
    ]
    case.set(gaps=gaps)
    left = [gap for gap in gaps if not gap["supplied_at"]]
    if left:
        next_due = min(datetime.fromisoformat(gap["due_at"]) for gap in left)
        case.clocks.open("gap_papers", APPLICANT, due_at=next_due)
    await settle(case)
    return Answer(brief(case), version=case.app.version)
