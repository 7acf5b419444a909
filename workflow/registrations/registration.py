"""一口登记: register by form A, call at home, agree a time or park, withdraw."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from config.cities import City
from models import Registration, RegistrationVisit
from models.base import new_id
from rules.actors import Role
from rules.errors import Code, DomainError, Fault
from rules.forms import Checked, Form, form_of, validate
from rules.lifecycle import Organiser, Tell, organiser_role
from rules.states import Channel, Ender, RegistrationState, SurveyState
from workflow import directory
from workflow.cases.draft import city_today, columns, today
from workflow.deadlines import Holder
from workflow.inputs import CodeName, Day, Input, Moment, Remark, iso
from workflow.registrations.case import CREATED, RegistrationCase, brief
from workflow.registrations.claims import verified_owner
from workflow.surveys.matter import Matter
from workflow.unit import Answer, Unit
from workflow.values import REGISTRATION_PURPOSE, at_rest

FieldKey = Annotated[str, Field(max_length=80)]


class NewRegistration(Input):
    """Form A (信息采集单) as filled in: field key → value."""

    city: CodeName
    values: Annotated[dict[FieldKey, Any], Field(max_length=100)]
    walk_in: bool = False
    """Entered by a window clerk for somebody at the window."""


class HomeVisit(Input):
    """上门对接: when the organisation called, and what came of it."""

    visited_at: Moment
    note: Remark = ""


class AgreedTime(Input):
    """预约式报装: when the connection is to be made; a working time in the future."""

    at: Moment


class Parking(Input):
    """Why it waits: usage cannot be told yet."""

    reason: Remark = ""


class PlanningPermit(Input):
    """建设工程规划许可证 issued on this day."""

    issued_on: Day


class RegistrationWithdrawal(Input):
    """Why the registration is given up."""

    reason: Remark = ""


async def register(unit: Unit, body: NewRegistration, *, channel: Channel) -> Answer:
    """Register intent; every utility of the city is told at once. Every fault of form A at once."""
    city = city_today(unit, body.city)
    owner, role = unit.actor.person, Role.APPLICANT
    if body.walk_in:
        if not unit.actor.holds(Role.WINDOW_CLERK, city.code):
            raise DomainError(Code.FORBIDDEN)
        owner, channel, role = None, Channel.WINDOW, Role.WINDOW_CLERK
    checked = check_form_a(unit, city, body.values)
    if checked.faults:
        raise DomainError(Code.INVALID, faults=checked.faults)
    case = await create(unit, city, checked.values, owner=owner, channel=channel, role=role)
    return Answer(brief(case), 201, case.row.version, f"/registrations/{case.row.id}")


def form_a(city: City) -> Form:
    """Form A of a city."""
    return form_of(city, "A")


def check_form_a(unit: Unit, city: City, values: Mapping[str, Any]) -> Checked:
    """The form's verdict in this city's working time."""
    calendar = unit.services.calendars.of(city)
    return validate(form_a(city), values, now=unit.now, calendar=calendar, mode="submit")


async def create(
    unit: Unit,
    city: City,
    values: Mapping[str, Any],
    *,
    owner: UUID | None,
    channel: Channel,
    role: Role,
    platform_ref: str | None = None,
    contract: Mapping[str, Any] | None = None,
) -> RegistrationCase:
    """A registration with its owed visits and their clocks; without an owner, the verified one."""
    kept = at_rest(unit.services.seal, form_a(city), values, REGISTRATION_PURPOSE)
    beside = columns(unit, values)
    row = await Registration.create(
        id=new_id(),
        city=city.code,
        owner_id=owner or await verified_owner(beside["contact_lookup"]),
        channel=channel,
        platform=unit.actor.platform,
        platform_ref=platform_ref,
        state=RegistrationState.RECEIVED,
        fields_=kept.plain,
        personal_sealed=kept.sealed,
        contract=dict(contract or {}),
        judged_on=today(unit.now),
        created_at=unit.now,
        **beside,
    )
    case = RegistrationCase.around(unit, row, owner=owner is not None)
    await _owe_visits(case)
    case.note(CREATED, role, "", data={"utilities": row.utilities})
    tells = (Tell.UTILITIES, Tell.WINDOW, Tell.ORGANISER)
    await case.tell(CREATED, tells if owner else (*tells, Tell.APPLICANT))
    await case.finish()
    return case


async def _owe_visits(case: RegistrationCase) -> None:
    """Each provider owes a call, or whoever the city lets organise one joint call."""
    code, organisers = case.city.code, case.city.organisers
    role = organiser_role(Organiser.HOME_VISIT, organisers)
    joint = await directory.organiser(code, Organiser.HOME_VISIT, organisers)
    callers = [joint] if joint else await directory.all_providers(code)
    if not callers:
        raise LookupError(f"{code} has no provider; run migrate")
    for organization in callers:
        case.visits.append(
            RegistrationVisit(
                id=new_id(), registration_id=case.row.id, organization_id=organization.id
            )
        )
        case.clocks.open("first_visit", Holder(role, organization.id))
    await RegistrationVisit.bulk_create(case.visits)


async def record_visit(
    unit: Unit, registration_id: UUID, body: HomeVisit, *, expect: int | None
) -> Answer:
    """Record the actor's organisation's call; with the last one the registration is visited."""
    case = await RegistrationCase.open(unit, registration_id, expect=expect)
    if body.visited_at > unit.now:
        raise DomainError(Code.INVALID, faults=(Fault("visited_at", "time_future", "上门时间"),))
    visit = case.own_visit()
    role = organiser_role(Organiser.HOME_VISIT, case.city.organisers)
    holder = Holder(role, visit.organization_id) if visit else None
    data = {"organization": str(visit.organization_id)} if visit else None
    await case.move("record_visit", data=data, happened_at=body.visited_at, holder=holder)
    if visit is not None:
        visit.visited_at = body.visited_at
        await RegistrationVisit.filter(id=visit.id).update(
            visited_at=body.visited_at, visited_by=unit.actor.person, note=body.note
        )
    await case.finish()
    return Answer(brief(case), version=case.row.version)


async def agree_time(
    unit: Unit, registration_id: UUID, body: AgreedTime, *, expect: int | None
) -> Answer:
    """Agree when to connect; later applications of this registration take the time over."""
    case = await RegistrationCase.open(unit, registration_id, expect=expect)
    if body.at <= unit.now:
        raise DomainError(Code.INVALID, faults=(Fault("at", "time_past", "约定接入时间"),))
    if not case.clocks.calendar.is_working_time(body.at):
        raise DomainError(Code.INVALID, faults=(Fault("at", "time_not_working", "约定接入时间"),))
    await case.move("agree_time", data={"at": iso(body.at)})
    case.set(agreed_connection_at=body.at)
    await case.finish()
    return Answer(brief(case), version=case.row.version)


async def park(unit: Unit, registration_id: UUID, body: Parking, *, expect: int | None) -> Answer:
    """Let it wait until the usage can be told; a planning permit reminds the enterprise."""
    case = await RegistrationCase.open(unit, registration_id, expect=expect)
    await case.move("park", data={"reason": body.reason} if body.reason else None)
    case.set(agreed_connection_at=None)
    await case.finish()
    return Answer(brief(case), version=case.row.version)


async def planning_permit_issued(
    unit: Unit, registration_id: UUID, body: PlanningPermit, *, expect: int | None
) -> Answer:
    """The permit is there: remind the enterprise that it can apply now (大冶 四(一)1)."""
    if body.issued_on > today(unit.now):
        raise DomainError(Code.INVALID, faults=(Fault("issued_on", "date_future", "核发日期"),))
    case = await RegistrationCase.open(unit, registration_id, expect=expect)
    await remind(case, body.issued_on)
    return Answer(brief(case), version=case.row.version)


async def remind(case: RegistrationCase, issued_on: date) -> None:
    """Move a parked registration by its planning permit."""
    await case.move("planning_permit_issued", data={"issued_on": issued_on.isoformat()})
    case.set(planning_permit_on=issued_on)
    await case.finish()


async def withdraw(
    unit: Unit, registration_id: UUID, body: RegistrationWithdrawal, *, expect: int | None
) -> Answer:
    """Give the registration up; applications made from it live on."""
    case = await RegistrationCase.open(unit, registration_id, expect=expect)
    matter = await Matter.of(case)
    await case.move("withdraw", data={"reason": body.reason} if body.reason else None)
    await matter.end(SurveyState.CANCELLED, Ender.SYSTEM, "withdrawn")
    await case.finish()
    return Answer(brief(case), version=case.row.version)
