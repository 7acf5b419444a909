"""告知承诺: decided at once, per case or resting on a yearly promise (domain §6)."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from models import AnnualCommitment, UtilityRequest
from models.base import new_id
from rules.actors import Role
from rules.errors import Code, DomainError, Fault
from rules.permit import Route
from rules.states import PermitState, Verdict
from workflow.cases.brief import brief_request
from workflow.cases.case import Case
from workflow.cases.draft import today
from workflow.cases.permit import decide, opinions_of, promised_departments
from workflow.cases.settling import settle
from workflow.inputs import CodeName, Input, Line, Remark
from workflow.unit import Answer, Unit


class Commitment(Input):
    """告知承诺: the promises made, by whom, who builds (form D's contents)."""

    builder: Line
    signer: Line
    conditions_met: bool
    road_restored: bool
    inspection_accepted: bool
    pipes_protected: bool


class AnnualInput(Input):
    """年度承诺 to one department, for one year."""

    city: CodeName
    department: CodeName
    year: Annotated[int, Field(ge=2000, le=2100)]
    builder: Remark = ""
    promises: Annotated[tuple[Line, ...], Field(min_length=1, max_length=20)]


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
    opinions = opinions_of(case, request)
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
    decision = decide(case, request, await promised_departments(case, request))
    if decision.route is Route.JOINT:
        raise DomainError(
            Code.GUARD_FAILED,
            event="commit",
            guard="commitment_enough",
            reasons=[reason.text for reason in decision.reasons],
            allowed=case.allowed_on(request),
        )
