"""Other platforms push registrations, planning permits and applications; each exactly once.

A platform names what it pushes by its own ``ref``: the same ref with the same content gives the
same answer, with other content ``KEY_REUSED``.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import quote

from config.cities import City
from models import Application, Registration
from rules.actors import Role
from rules.errors import Code, DomainError, Fault
from rules.forms import Checked, validate
from rules.forms.codes import Wrong, project_code
from rules.states import Channel, RegistrationState, Stage
from workflow.cases import application
from workflow.cases.draft import city_today, columns, new_application, own_values, today
from workflow.platforms.inputs import (
    PushedApplication,
    PushedCorrection,
    PushedPermit,
    PushedRegistration,
)
from workflow.platforms.status import application_status, reference, registration_status
from workflow.registrations.case import OPEN_STATES, RegistrationCase
from workflow.registrations.claims import take_turn
from workflow.registrations.registration import check_form_a, create, form_a, remind
from workflow.unit import Answer, Unit
from workflow.values import (
    APPLICATION_PURPOSE,
    REGISTRATION_PURPOSE,
    at_rest,
    form_b,
    load,
    phone_lookup,
)

LATER = frozenset({"plan.use_date", "utilities", "site.town", "site.address"})
"""Of form A, what the land authority need not know: asked at the first visit."""
STATED = ("project.code", "project.name", "land.contract_date")
"""What it states instead, and must."""


def own_city(unit: Unit) -> City:
    """The city the platform's key opens, as it is today. ``NOT_FOUND`` when it is not served."""
    return city_today(unit, unit.actor.platform_city or "")


async def push_registration(unit: Unit, body: PushedRegistration) -> Answer:
    """Register for an enterprise; it is its own once the contact's phone is verified."""
    city = own_city(unit)
    checked = _check_pushed(unit, city, body.values)
    if checked.faults:
        raise DomainError(Code.INVALID, faults=checked.faults)
    before = await _before(unit, Registration, body.ref)
    if before is not None:
        _same(load(unit.services.seal, before, REGISTRATION_PURPOSE), checked.values)
        return Answer(await registration_status(unit.services, before), version=before.version)
    case = await create(
        unit,
        city,
        checked.values,
        owner=None,
        channel=Channel.PLATFORM,
        role=Role.PLATFORM,
        platform_ref=body.ref,
        contract={key: checked.values[key] for key in STATED},
    )
    status = await registration_status(unit.services, case.row)
    return Answer(status, 201, case.row.version, _location("registrations", body.ref))


def _check_pushed(unit: Unit, city: City, values: Mapping[str, Any]) -> Checked:
    """Form A without what comes later, with what the contract states."""
    checked = check_form_a(unit, city, values)
    form = form_a(city)
    faults = [
        fault
        for fault in checked.faults
        if not (fault.code in ("required", "required_choice") and fault.field in LATER)
    ]
    faulty = {fault.field for fault in faults}
    faults += [
        Fault(key, "required", form.by_key[key].label)
        for key in STATED
        if key not in checked.values and key not in faulty
    ]
    return Checked(checked.values, tuple(faults))


async def push_permit(unit: Unit, body: PushedPermit) -> Answer:
    """Remind every parked registration of the project; note the day with those still open."""
    city = own_city(unit)
    faults = []
    code = ""
    try:
        code = project_code(body.project_code)
    except Wrong as wrong:
        faults.append(Fault("project_code", wrong.code, "项目代码"))
    if body.issued_on > today(unit.now):
        faults.append(Fault("issued_on", "date_future", "核发日期"))
    if faults:
        raise DomainError(Code.INVALID, faults=tuple(faults))
    reminded = noted = 0
    found = Registration.filter(city=city.code, project_code=code, state__in=OPEN_STATES)
    for registration_id in await found.order_by("id").values_list("id", flat=True):
        case = await RegistrationCase.open(unit, registration_id)  # type: ignore[arg-type]
        if case.row.state is RegistrationState.PARKED:
            await remind(case, body.issued_on)
            reminded += 1
        elif case.row.state in OPEN_STATES:
            await _note_permit(case, body.issued_on)
            noted += 1
    return Answer(
        {"ref": body.ref, "project_code": code, "reminded": reminded, "noted": noted}, 201
    )


async def _note_permit(case: RegistrationCase, issued_on: date) -> None:
    """Nobody waits for it yet: a fact on the registration, no move."""
    case.set(planning_permit_on=issued_on, version=case.row.version + 1)
    platform = case.unit.actor.platform
    case.unit.audit(
        case.row.city,
        Role.PLATFORM,
        "note_planning_permit",
        "registration",
        case.row.id,
        platform=platform,
    )
    await case.finish()


async def push_application(unit: Unit, body: PushedApplication) -> Answer:
    """Submit form B as a whole; every fault at once."""
    city = own_city(unit)
    before = await _before(unit, Application, body.ref)
    if before is not None:
        checked = _check_b(unit, city, body.values, "accept")
        _same(load(unit.services.seal, before, APPLICATION_PURPOSE), checked.values)
        return Answer(await application_status(unit.services, before), version=before.version)
    checked = _check_b(unit, city, body.values, "submit")
    if checked.faults:
        raise DomainError(Code.INVALID, faults=checked.faults)
    app = await new_application(
        unit,
        city,
        checked.values,
        owner=None,
        channel=Channel.PLATFORM,
        role=Role.PLATFORM,
        platform=unit.actor.platform,
        platform_ref=body.ref,
    )
    await application.submit(unit, app.id, expect=None)
    return await _now(unit, body.ref, 201)


async def correct_application(unit: Unit, ref: str, body: PushedCorrection) -> Answer:
    """Put the whole form in the place of a returned one and submit it again."""
    ref = reference(ref)
    seen = await Application.filter(platform=unit.actor.platform, platform_ref=ref).first()
    if seen is None:
        raise DomainError(Code.NOT_FOUND)
    city = unit.services.cities.on(seen.city, seen.judged_on or today(unit.now))
    checked = _check_b(unit, city, body.values, "submit")
    if checked.faults:
        raise DomainError(Code.INVALID, faults=checked.faults)
    if seen.owner_id is None:
        new = phone_lookup(unit.services.seal, checked.values["contact.phone"])
        await take_turn(seen.contact_lookup, new)
    app = await _before(unit, Application, ref)
    old = own_values(load(unit.services.seal, app, APPLICATION_PURPOSE))
    if app.stage is Stage.RETURNED:
        changed = [k for k in {*old, *checked.values} if old.get(k) != checked.values.get(k)]
        kept = at_rest(unit.services.seal, form_b(city), checked.values, APPLICATION_PURPOSE)
        await (
            Application.filter(id=app.id)
            .using_db(unit.connection)
            .update(
                fields_=kept.plain,
                personal_sealed=kept.sealed,
                revisions={**app.revisions, **dict.fromkeys(changed, app.version + 1)},
                **columns(unit, checked.values),
            )
        )
    elif app.stage is Stage.SUBMITTED and old == checked.values:
        return await _now(unit, app.platform_ref, 200)
    await application.submit(unit, app.id, expect=None)
    return await _now(unit, app.platform_ref, 200)


def _check_b(unit: Unit, city: City, values: Mapping[str, Any], mode: Any) -> Checked:
    calendar = unit.services.calendars.of(city)
    return validate(form_b(city), values, now=unit.now, calendar=calendar, mode=mode)


async def _before(unit: Unit, table: Any, ref: str) -> Any:
    """What the platform pushed under this ref, under lock."""
    found = table.filter(platform=unit.actor.platform, platform_ref=ref)
    return await found.using_db(unit.connection).select_for_update().first()


def _same(stored: Mapping[str, Any], pushed: Mapping[str, Any]) -> None:
    """Stored answers are not kept for ever; the case itself then tells whether it is a repeat."""
    if own_values(stored) != pushed:
        raise DomainError(Code.KEY_REUSED)


async def _now(unit: Unit, ref: str, status: int) -> Answer:
    app = await _before(unit, Application, ref)
    body = await application_status(unit.services, app)
    return Answer(body, status, app.version, _location("applications", ref))


def _location(kind: str, ref: str) -> str:
    return f"/{kind}/{quote(ref, safe='')}"
