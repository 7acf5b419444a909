"""Nobody in office in a case of its own; nobody's own words where everyone reads."""

import orjson

from models import AuditEntry, Event, InboxMessage
from rules.actors import Actor, Role
from rules.errors import Code
from tests.workflow.drive import Drive
from tests.workflow.registering import enterprise_of
from tests.workflow.steps import (
    TWO,
    Act,
    accepted,
    allowed,
    allowed_on,
    at,
    last_event,
    of,
    offered,
    refused,
)
from tests.workflow.world import World
from workflow.cases import acceptance, application, connection, pausing, plan
from workflow.cases.view import case_view
from workflow.surveys import booking

WORDS = "请打 13900005678 找张样"
SECRETS = ("13900005678", "张样")


async def in_office(world: World) -> Actor:
    """李 works at the window and for the water utility, too."""
    owner = await world.person("李")
    window = await world.window("zhoukou")
    water = await world.staff(
        "zhoukou", Role.UTILITY_CLERK, window.memberships[0].org_kind.UTILITY, "water"
    )
    return Actor(person=owner.person, memberships=window.memberships + water.memberships)


async def test_staff_acts_in_its_own_case_as_the_applicant_only(world: World) -> None:
    drive = await Drive.drafted(world, "zhoukou", TWO)
    await drive.submit()
    both = await in_office(world)
    assert await allowed(drive, both) == ["withdraw"]
    refusal = await refused(
        world,
        both,
        lambda unit: acceptance.accept(unit, drive.id, acceptance.Acceptance(), expect=None),
    )
    assert refusal.code is Code.NOT_YOURS_TO_MOVE

    await drive.accept()
    body = await world.act(both, lambda unit: case_view(unit, drive.id))
    assert (body["own"], body["roles"]) == (True, ["applicant"])
    assert await allowed_on(drive, "water", both) == ["withdraw_request"]
    ident = (await of(drive, "water")).id
    no = connection.Refusal(reason="no_source", explanation="样例说明")
    refusal = await refused(
        world, both, lambda unit: connection.decline(unit, ident, no, expect=None)
    )
    assert refusal.code is Code.NOT_YOURS_TO_MOVE
    await world.act(
        both,
        lambda unit: application.withdraw(unit, drive.id, application.Withdrawal(), expect=None),
    )
    event = await last_event(drive, "withdraw")
    assert (event.role, event.organization_id) == (Role.APPLICANT, None)


async def test_so_it_does_in_a_case_of_the_enterprise_it_acts_for(world: World) -> None:
    both = await in_office(world)
    boss = await world.person("钱")
    made = await enterprise_of(world, boss, both)
    world.people["李"] = boss
    drive = await Drive.drafted(
        world, "zhoukou", TWO | {"enterprise.credit_code": made.credit_code}
    )
    await drive.submit()
    assert (await drive.app()).enterprise_id == made.id
    assert await allowed(drive, both) == ["withdraw"]
    assert "accept" in await allowed(drive, await world.window("zhoukou"))


async def told_everywhere() -> str:
    """All that events, notices and the audit trail hold."""
    rows = [
        *await Event.all().values("data"),
        *await InboxMessage.all().values("params"),
        *await AuditEntry.all().values("detail", "object_id"),
    ]
    return orjson.dumps(rows, default=str).decode()


async def test_what_an_applicant_writes_is_repeated_nowhere(world: World) -> None:
    """Each act with free text, then everything written about it."""
    drive = await offered(world)
    acts: list[Act] = [
        lambda unit: plan.ask_plan_change(
            unit, drive.id, plan.PlanChange(reason=WORDS), expect=None
        ),
        lambda unit: application.withdraw(
            unit, drive.id, application.Withdrawal(reason=WORDS), expect=None
        ),
    ]
    for act in acts:
        await world.act(drive.owner, act)
    assert (await drive.app()).ended == {"reason": WORDS}

    world.clock.set(at(3, 16))
    other = await accepted(world)
    water = (await of(other, "water")).id
    acts = [
        lambda unit: booking.cancel_survey(
            unit, other.id, booking.Cancellation(reason=WORDS), expect=None
        ),
        lambda unit: connection.withdraw_request(
            unit, water, connection.Reason(reason=WORDS), expect=None
        ),
    ]
    for act in acts:
        await world.act(other.owner, act)
    told = await told_everywhere()
    assert all(secret not in told for secret in SECRETS)
    names = {event.name for event in await Event.all()}
    assert names >= {"ask_plan_change", "withdraw", "cancel_survey", "withdraw_request"}


async def test_what_staff_write_stays_with_the_case(world: World) -> None:
    drive = await accepted(world)
    window = await world.window("zhoukou")
    stop = pausing.Pause(reason="waiting_applicant", remark=WORDS)
    await world.act(window, lambda unit: pausing.pause(unit, drive.id, stop, expect=None))
    no = connection.Refusal(reason="no_source", explanation=WORDS)
    row = await of(drive, "water")
    await world.act(
        await world.clerk("zhoukou", row.organization_id),
        lambda unit: connection.decline(unit, row.id, no, expect=None),
    )
    told = await told_everywhere()
    assert all(secret not in told for secret in SECRETS)
    assert (await last_event(drive, "pause")).data == {"reason": "waiting_applicant"}
    assert (await drive.app()).pauses[0]["remark"] == WORDS
