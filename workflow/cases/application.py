"""一表申请: submit, withdraw, stop and restart the clocks."""

from datetime import datetime
from typing import Any
from uuid import UUID

from models.db import pool
from rules.errors import Code, DomainError
from rules.forms import Form
from rules.states import Channel, PlanState, RequestState, Stage
from workflow.cases.brief import brief
from workflow.cases.case import Case
from workflow.cases.draft import check, columns, conflict_faults, own_values, today
from workflow.cases.offer import retire
from workflow.cases.profile import remember
from workflow.inputs import Input, Remark
from workflow.registrations.claims import take_turn, verified_owner
from workflow.surveys.appointment import free, hold_wished
from workflow.unit import Answer, Unit
from workflow.values import APPLICATION_PURPOSE, at_rest, form_b, load


class Withdrawal(Input):
    """Why the application is given up."""

    reason: Remark = ""


async def submit(unit: Unit, application_id: UUID, *, expect: int | None) -> Answer:
    """Submit form B, first or corrected. The first time it gets its number.

    Raises ``INVALID`` with every fault of the form at once.
    """
    await _turn(unit, application_id)
    case = await Case.open(unit, application_id, expect=expect)
    first = case.app.stage is Stage.DRAFT
    if case.app.stage not in (Stage.DRAFT, Stage.RETURNED):
        await case.move("submit")  # the table refuses and says what is allowed now
    form = form_b(case.city)
    written = load(unit.services.seal, case.app, APPLICATION_PURPOSE)
    if conflicts := conflict_faults(form, written):
        raise DomainError(Code.DRAFT_CONFLICT, faults=conflicts)
    values = own_values(written)
    checked = check(unit, case, form, values, "submit")
    if checked.faults:
        raise DomainError(Code.INVALID, faults=checked.faults)
    values = checked.values
    kept = at_rest(unit.services.seal, form, values, APPLICATION_PURPOSE)
    case.set(fields_=kept.plain, personal_sealed=kept.sealed, **columns(unit, values))
    await _owner(unit, case, form, values)
    wish, lost = values.get("survey.time"), None
    if wish:
        by_people = unit.actor.platform is None
        lost = await hold_wished(case, datetime.fromisoformat(wish), refuse=by_people)
    if first:
        await _number(unit, case)  # late: the other submits of the city wait from here on
    others = await _others(case)  # and so one of two that meet sees the other
    await case.move("submit", data={"same_enterprise": others})
    if lost is not None:
        await case.move("lose_time", data=lost, by_system=True)
    if case.city.auto_accept:
        unit.send("accept_complete", {"application_id": str(case.app.id)})
    await case.finish()
    return Answer(brief(case), version=case.app.version)


async def _turn(unit: Unit, application_id: UUID) -> None:
    """Take the turn at the contact's number before the case, where an owner will be looked for.

    Only the window and platforms submit what nobody owns yet.
    """
    if unit.actor.memberships or unit.actor.platform is not None:
        await take_turn(await pool().fetchval(_UNOWNED, application_id))


_UNOWNED = "SELECT contact_lookup FROM applications WHERE id = $1 AND owner_id IS NULL"


async def _owner(unit: Unit, case: Case, form: Form, values: dict[str, Any]) -> None:
    """Give an unowned case to the person whose verified phone is the contact's."""
    owner = case.app.owner_id
    if owner is None:
        owner = await verified_owner(case.app.contact_lookup)
        case.set(owner_id=owner)
    if owner is not None and case.app.channel is not Channel.WINDOW:
        enterprise = await remember(unit, form, values, owner, case.app.enterprise_id)
        case.set(enterprise_id=enterprise)


async def _number(unit: Unit, case: Case) -> None:
    """联合报装编号: gapless per city and year; the counter stays locked until the commit."""
    day = today(unit.now)
    sequence = await pool().fetchval(_NEXT, case.app.city, day.year)
    case.set(year=day.year, sequence=sequence, judged_on=day, submitted_at=unit.now)


_NEXT = """
INSERT INTO case_counters (id, city, year, newest) VALUES (gen_random_uuid(), $1, $2, 1)
ON CONFLICT (city, year) DO UPDATE SET newest = case_counters.newest + 1
RETURNING newest
"""


async def _others(case: Case) -> int:
    """How many other open cases the same enterprise has in the city: the window is told."""
    found: int = await pool().fetchval(
        "SELECT count(*) FROM applications WHERE credit_code = $1 AND city = $2 AND id <> $3"
        " AND stage NOT IN ('draft', 'closed', 'withdrawn', 'rejected')",
        case.app.credit_code,
        case.app.city,
        case.app.id,
    )
    return found


async def withdraw(
    unit: Unit, application_id: UUID, body: Withdrawal, *, expect: int | None
) -> Answer:
    """Give up the whole application: a draft, or until any live request has started works."""
    case = await Case.open(unit, application_id, expect=expect)
    alive = case.live_requests()
    await case.move("withdraw")
    case.set(ended={"reason": body.reason})
    for request in alive:
        case.set_request(
            request,
            state=RequestState.WITHDRAWN,
            ended={"reason": body.reason},
        )
    await free(case, "withdrawn")
    if case.app.plan_state is PlanState.OFFERED:
        await retire(case)
    await case.finish()
    return Answer(brief(case), version=case.app.version)
