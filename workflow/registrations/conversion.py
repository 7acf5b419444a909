"""一口登记 → 一表申请: one more draft application with everything the registration knows."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from models import Application
from models.db import pool
from rules.actors import Role
from rules.errors import Code, DomainError
from rules.forms import Form, prefill, validate
from rules.forms.types import Values
from rules.states import Channel
from workflow.cases.draft import city_today, draft_body, new_application, read_by_clerk
from workflow.cases.profile import known
from workflow.encoding import SHANGHAI
from workflow.inputs import CodeName, Input
from workflow.registrations.case import RegistrationCase, brief
from workflow.registrations.claims import shared_enterprise
from workflow.surveys.matter import Matter
from workflow.unit import Answer, Unit
from workflow.values import REGISTRATION_PURPOSE, form_b, load


class Conversion(Input):
    """What this application is for; nothing named: everything registered, no kind chosen yet."""

    utilities: Annotated[tuple[CodeName, ...], Field(max_length=40)] = ()
    kinds: Annotated[dict[CodeName, CodeName], Field(max_length=40)] = Field(default_factory=dict)
    """Utility → 业务类型, e.g. ``{"water": "temporary"}`` for the construction site."""


async def convert(
    unit: Unit, registration_id: UUID, body: Conversion, *, channel: Channel, expect: int | None
) -> Answer:
    """One more draft application with everything known; may be done several times.

    Temporary supply for construction and permanent supply are two applications of one
    registration. Nothing known is asked twice.
    """
    case = await RegistrationCase.open(unit, registration_id, expect=expect)
    form = form_b(city_today(unit, case.row.city))
    row = case.row
    acting = unit.actor.person if case.owner else row.owner_id
    enterprise = await shared_enterprise(row.owner_id, acting, row.credit_code)
    profile = await known(unit, enterprise, acting) if enterprise else {}
    values = {**_registered(case, form, profile), **_chosen(case, form, body)}
    values = await _with_survey(case, form, values)
    made = await Application.filter(registration_id=row.id).count()
    app = await new_application(
        unit,
        city_today(unit, case.row.city),
        values,
        owner=row.owner_id,
        enterprise_id=enterprise,
        channel=channel if case.owner else Channel.WINDOW,
        role=Role.APPLICANT if case.owner else Role.WINDOW_CLERK,
        registration=row,
    )
    await pool().execute(_CARRY, row.id, app.id, unit.now)
    if not case.owner:
        read_by_clerk(unit, app)
    await case.move("convert", data={"application": str(app.id), "count": made + 1})
    await case.finish()
    answer = {**draft_body(unit, app, values), "registration": brief(case)}
    return Answer(answer, 201, app.version, f"/applications/{app.id}")


async def _with_survey(
    case: RegistrationCase, form: Form, values: dict[str, Any]
) -> dict[str, Any]:
    """The time of a survey booked on the registration is the one form B wishes for."""
    survey = (await Matter.of(case)).survey
    if survey is None or survey.at <= case.unit.now or "survey.time" not in form.by_key:
        return values
    at = survey.at.astimezone(SHANGHAI).isoformat(timespec="minutes")
    return {**values, "survey.time": at}


_CARRY = """
UPDATE surveys SET application_id = $2, version = version + 1,
       state = CASE WHEN state IN ('held', 'confirmed') THEN 'held' ELSE state END,
       held_until = CASE WHEN state IN ('held', 'confirmed') THEN at ELSE held_until END
WHERE registration_id = $1 AND application_id IS NULL
  AND (state = 'done' OR state IN ('held', 'confirmed') AND at > $3)
"""
"""The survey goes with the first application: held as a time of form B is, its visits stay."""


def _registered(case: RegistrationCase, form: Form, profile: Values) -> dict[str, Any]:
    """The enterprise's profile with what the registration says laid over it."""
    registered = load(case.unit.services.seal, case.row, REGISTRATION_PURPOSE)
    needs = {"needs.text": registered.get("other.text")}
    return prefill(form, profile, needs, registered)


def _chosen(case: RegistrationCase, form: Form, body: Conversion) -> dict[str, Any]:
    """The utilities and kinds of this application. ``INVALID`` names each that is not offered."""
    wanted: dict[str, Any] = {}
    if body.utilities or body.kinds:
        wanted["utilities"] = list(body.utilities or case.row.utilities or body.kinds)
    for utility, kind in body.kinds.items():
        offered = case.city.utilities.get(utility)
        only = offered.default_kind.code if offered and len(offered.kinds) == 1 else None
        if kind != only:
            wanted[f"{utility}.kind"] = kind
    unit = case.unit
    checked = validate(form, wanted, now=unit.now, calendar=case.clocks.calendar, mode="draft")
    if checked.faults:
        raise DomainError(Code.INVALID, faults=checked.faults)
    return checked.values
