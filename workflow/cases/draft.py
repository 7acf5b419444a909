"""A draft of form B: created anywhere, saved field by field, nothing lost.

Every field carries the version of the application at which it was last written. A save names the
version it has read (``base``); where another writer was faster the value is reported and kept as
a conflict until somebody settles it.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from config.cities import City
from models import Application, Registration
from models.base import new_id
from rules.actors import Role
from rules.errors import Code, DomainError, Fault
from rules.forms import Checked, Form, validate
from rules.states import Channel, Stage
from workflow.cases.case import Case
from workflow.cases.profile import known
from workflow.encoding import SHANGHAI
from workflow.inputs import CodeName, Input
from workflow.unit import Answer, Unit
from workflow.values import (
    APPLICATION_PURPOSE,
    CONFLICT,
    at_rest,
    form_b,
    load,
    phone_lookup,
)

MOST = 5
"""Values kept beside a field; more people than that do not write one at once."""
EDITABLE = frozenset({Stage.DRAFT, Stage.RETURNED})


class NewDraft(Input):
    """A draft from blank, or filled from an enterprise the person acts for."""

    city: CodeName
    enterprise_id: UUID | None = None
    walk_in: bool = False
    """Entered by a window clerk for somebody at the window."""


class FieldSave(Input):
    """One field's value; ``base`` is the version at which the writer read it (0: never)."""

    value: Any = None
    base: Annotated[int, Field(ge=0, le=2**31 - 1)] = 0


class Save(Input):
    """Fields to save; the others stay."""

    fields: Annotated[dict[str, FieldSave], Field(min_length=1, max_length=200)]


async def create_draft(unit: Unit, body: NewDraft, *, channel: Channel) -> Answer:
    """Begin a draft, prefilled with what is known of the enterprise; a named one it belongs to."""
    city = city_today(unit, body.city)
    owner = unit.actor.person
    role = Role.APPLICANT
    if body.walk_in:
        if not unit.actor.holds(Role.WINDOW_CLERK, body.city):
            raise DomainError(Code.FORBIDDEN)
        owner, channel, role = None, Channel.WINDOW, Role.WINDOW_CLERK
    values = await known(unit, body.enterprise_id, owner)
    if body.enterprise_id is not None and not values:
        raise DomainError(Code.NOT_FOUND)
    app = await new_application(
        unit,
        city,
        values,
        owner=owner,
        channel=channel,
        role=role,
        enterprise_id=body.enterprise_id,
    )
    return Answer(draft_body(unit, app, values), 201, app.version, f"/applications/{app.id}")


async def new_application(
    unit: Unit,
    city: City,
    values: Mapping[str, Any],
    *,
    owner: UUID | None,
    channel: Channel,
    role: Role,
    registration: Registration | None = None,
    enterprise_id: UUID | None = None,
    platform: str | None = None,
    platform_ref: str | None = None,
) -> Application:
    """A draft row holding ``values``; used by every door and by registrations."""
    form = form_b(city)
    known_here = {key: value for key, value in values.items() if key in form.by_key}
    kept = at_rest(unit.services.seal, form, known_here, APPLICATION_PURPOSE)
    app = await Application.create(
        id=new_id(),
        city=city.code,
        owner_id=owner,
        enterprise_id=enterprise_id,
        registration_id=registration.id if registration else None,
        channel=channel,
        entered_by=unit.actor.person if channel is Channel.WINDOW else None,
        platform=platform,
        platform_ref=platform_ref,
        stage=Stage.DRAFT,
        fields_=kept.plain,
        revisions=dict.fromkeys(known_here, 1),
        personal_sealed=kept.sealed,
        created_at=unit.now,
        updated_at=unit.now,
        **columns(unit, known_here),
    )
    unit.audit(city.code, role, "create_draft", "application", app.id)
    return app


async def save(unit: Unit, application_id: UUID, body: Save) -> Answer:
    """Save fields of a draft or of a returned application; conflicts are reported per field."""
    case = await Case.open(unit, application_id)
    app = case.app
    _editable(case)
    form = form_b(case.city)
    values = load(unit.services.seal, app, APPLICATION_PURPOSE)
    version = app.version + 1
    _refuse_unread(app, body)
    late = {
        key: saved.value
        for key, saved in body.fields.items()
        if app.revisions.get(key, 0) > saved.base and values.get(key) != saved.value
    }
    fresh = {key: saved.value for key, saved in body.fields.items() if key not in late}
    checked = check(unit, case, form, fresh, "draft")
    for key in fresh:
        values.pop(key, None)
        if noted_at(values, key) <= body.fields[key].base:
            values.pop(CONFLICT + key, None)  # whoever writes now has seen what was kept
    values |= checked.kept
    for key, value in check(unit, case, form, late, "draft").kept.items():
        kept = [each for each in values.get(CONFLICT + key, []) if each["value"] != value]
        who = str(unit.actor.person) if unit.actor.person else None
        values[CONFLICT + key] = [*kept, {"value": value, "by": who, "version": version}][-MOST:]
    await _write(unit, case, form, values, [k for k in fresh if k in form.by_key], version)
    return Answer(draft_body(unit, app, values, faults=checked.faults), version=app.version)


def _refuse_unread(app: Application, body: Save) -> None:
    """Nobody has read a version that is not there yet."""
    ahead = [key for key, saved in body.fields.items() if saved.base > app.version]
    if ahead:
        faults = tuple(Fault(f"fields.{key}.base", "value_wrong") for key in ahead)
        raise DomainError(Code.INVALID, faults=faults)


def noted_at(values: Mapping[str, Any], key: str) -> int:
    """The version at which the newest conflict of a field was noted; 0 without one."""
    return max((each["version"] for each in values.get(CONFLICT + key, [])), default=0)


def conflict_faults(form: Form, values: Mapping[str, Any]) -> tuple[Fault, ...]:
    """One fault for each field that holds two people's values: somebody has to choose."""
    return tuple(
        Fault(field.key, "conflict_open", field.label)
        for field in form.fields
        if CONFLICT + field.key in values
    )


async def check_draft(unit: Unit, application_id: UUID) -> Answer:
    """Every fault the form would have if submitted now, at once."""
    case = await _readable(unit, application_id)
    values, form = load(unit.services.seal, case.app, APPLICATION_PURPOSE), form_b(case.city)
    faults = check(unit, case, form, own_values(values), "submit").faults
    faults += conflict_faults(form, values)
    return Answer(draft_body(unit, case.app, values, faults=faults), version=case.app.version)


async def read_draft(unit: Unit, application_id: UUID) -> Answer:
    """The form as it stands, with each field's version and what conflicts."""
    case = await _readable(unit, application_id)
    values = load(unit.services.seal, case.app, APPLICATION_PURPOSE)
    return Answer(draft_body(unit, case.app, values), version=case.app.version)


def check(unit: Unit, case: Case, form: Form, values: Mapping[str, Any], mode: Any) -> Checked:
    """The form's verdict on values in this city's working time."""
    return validate(form, values, now=unit.now, calendar=case.clocks.calendar, mode=mode)


def own_values(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values without the conflicts kept beside them."""
    return {key: value for key, value in values.items() if not key.startswith(CONFLICT)}


def draft_body(
    unit: Unit, app: Application, values: Mapping[str, Any], faults: tuple[Fault, ...] = ()
) -> dict[str, Any]:
    """A draft as clients get it.

    A field with a conflict shows the version at which that was noted: a save with this ``base``
    chooses, one by somebody who has not seen it leaves the conflict standing.
    """
    open_ = {key.removeprefix(CONFLICT) for key in values if key.startswith(CONFLICT)}
    seen = {key: max(app.revisions.get(key, 0), noted_at(values, key)) for key in open_}
    me = str(unit.actor.person)
    return {
        "id": str(app.id),
        "city": app.city,
        "stage": app.stage.value,
        "version": app.version,
        "values": own_values(values),
        "revisions": {**app.revisions, **seen},
        "conflicts": {
            key: [
                {"value": each["value"], "by_me": each["by"] == me, "version": each["version"]}
                for each in values[CONFLICT + key]
            ]
            for key in sorted(open_)
        },
        "faults": faults,
    }


def columns(unit: Unit, values: Mapping[str, Any]) -> dict[str, Any]:
    """Columns kept beside the form for queues and look-ups."""
    return {
        "utilities": _list(values.get("utilities")),
        "town": _text(values.get("site.town")),
        "enterprise_name": _text(values.get("enterprise.name"), 120),
        "credit_code": _text(values.get("enterprise.credit_code"), 18),
        "project_code": _text(values.get("project.code"), 32),
        "contact_lookup": phone_lookup(unit.services.seal, _text(values.get("contact.phone"))),
    }


def city_today(unit: Unit, code: str) -> City:
    """The city's policy in force today; ``NOT_FOUND`` for a city we do not serve."""
    if code not in unit.services.cities.codes():
        raise DomainError(Code.NOT_FOUND)
    return unit.services.cities.on(code, today(unit.now))


def today(now: datetime) -> Any:
    """The day in Shanghai."""
    return now.astimezone(SHANGHAI).date()


def _text(value: Any, length: int = 64) -> str | None:
    return value[:length] if isinstance(value, str) and value else None


def _list(value: Any) -> list[str]:
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []


async def _readable(unit: Unit, application_id: UUID) -> Case:
    """A case whose form the actor may see unmasked: its own, or one the window still fills in.

    ``NOT_FOUND`` for everyone else, also for those who may look at the case itself.
    """
    case = await Case.peek(unit, application_id)
    if case.owner:
        return case
    if not _of_window(case) or case.app.stage not in EDITABLE:
        raise DomainError(Code.NOT_FOUND)
    read_by_clerk(unit, case.app)
    return case


def read_by_clerk(unit: Unit, app: Application) -> None:
    """Note that the window is given the applicant's personal values, unmasked."""
    unit.audit(app.city, Role.WINDOW_CLERK, "read_personal", "application", app.id)


def _of_window(case: Case) -> bool:
    return case.app.channel is Channel.WINDOW and Role.WINDOW_CLERK in case.standing()


def _editable(case: Case) -> None:
    if not (case.owner or _of_window(case)):
        raise DomainError(Code.NOT_YOURS_TO_MOVE, event="save", allowed=case.allowed())
    if case.app.stage not in EDITABLE:
        raise DomainError(
            Code.MOVE_NOT_ALLOWED,
            event="save",
            state=case.app.stage.value,
            allowed=case.allowed(),
        )


async def _write(
    unit: Unit,
    case: Case,
    form: Form,
    values: Mapping[str, Any],
    written: list[str],
    version: int,
) -> None:
    kept = at_rest(unit.services.seal, form, values, APPLICATION_PURPOSE)
    case.set(
        fields_=kept.plain,
        personal_sealed=kept.sealed,
        revisions={**case.app.revisions, **dict.fromkeys(written, version)},
        version=version,
        **columns(unit, own_values(values)),
    )
    role = Role.APPLICANT if case.owner else Role.WINDOW_CLERK
    unit.audit(case.app.city, role, "save", "application", case.app.id, fields=written)
    if not case.owner:
        read_by_clerk(unit, case.app)  # the answer holds the whole form
    await case.finish()
