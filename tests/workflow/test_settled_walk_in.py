"""Cases nobody has claimed yet: the window answers for them, until their owner comes."""

from uuid import UUID

import pytest

from models import Application, Event
from rules.actors import Actor, Role
from rules.errors import Code
from rules.states import Channel, PlanState, RequestState, Stage
from tests.workflow.drive import Drive
from tests.workflow.steps import (
    TWO,
    Act,
    allowed,
    allowed_on,
    at,
    give_up,
    guarded,
    last_event,
    of,
    refused,
    surveyed,
    walked_in,
)
from tests.workflow.world import World
from workflow.cases import application, connection, evaluation, plan
from workflow.people import me
from workflow.platforms import pushes as integration
from workflow.platforms.inputs import PushedApplication

PHONE = "13800004321"
VALUES = TWO | {"contact.phone": PHONE}
FOR_THE_OWNER = {"agree_plan", "ask_plan_change", "withdraw"}


async def pushed(world: World) -> Drive:
    """A case pushed by the service platform, accepted at the window."""
    platform = Actor(
        person=None,
        roles=frozenset({Role.PLATFORM}),
        channel=Channel.PLATFORM,
        platform="portal@zhoukou",
    )
    body = PushedApplication(ref="样例-1", values=VALUES)
    await world.act(platform, lambda unit: integration.push_application(unit, body))
    made = await Application.get(platform_ref="样例-1")
    drive = Drive(world, "zhoukou", platform, made.id)
    await drive.accept()
    return drive


async def entered(world: World) -> Drive:
    """A case entered at the window."""
    return await walked_in(world, VALUES)


@pytest.fixture(params=[entered, pushed])
async def unclaimed(world: World, request: pytest.FixtureRequest) -> Drive:
    """A case without an owner whose plan waits for an answer."""
    drive: Drive = await surveyed(world, await request.param(world))
    assert (await drive.app()).owner_id is None
    for row in await drive.requests():
        await drive.draw(row)
    return drive


def agree(ident: UUID) -> Act:
    """The plan's yes."""
    return lambda unit: plan.agree_plan(unit, ident, expect=None)


def change(ident: UUID) -> Act:
    """The plan's no."""
    body = plan.PlanChange(reason="请走东侧")
    return lambda unit: plan.ask_plan_change(unit, ident, body, expect=None)


def withdraw(ident: UUID) -> Act:
    """Giving up the whole."""
    body = application.Withdrawal(reason="不办了")
    return lambda unit: application.withdraw(unit, ident, body, expect=None)


async def by_whom(drive: Drive, event: str) -> tuple[str, UUID | None]:
    """Role and organisation of the newest such event."""
    found = await last_event(drive, event)
    return found.role, found.organization_id


async def test_the_window_answers_the_plan(unclaimed: Drive) -> None:
    world, window = unclaimed.world, await unclaimed.world.window("zhoukou")
    assert set(await allowed(unclaimed, window)) >= FOR_THE_OWNER
    await world.act(window, change(unclaimed.id))
    office = window.memberships[0].org
    assert await by_whom(unclaimed, "ask_plan_change") == (Role.WINDOW_CLERK, office)
    for row in await unclaimed.requests():
        await unclaimed.draw(row)
    body = await world.act(window, agree(unclaimed.id))
    assert body["plan"] == PlanState.AGREED
    assert await by_whom(unclaimed, "agree_plan") == (Role.WINDOW_CLERK, office)


async def test_the_window_withdraws_one_utility_or_all(unclaimed: Drive) -> None:
    world, window = unclaimed.world, await unclaimed.world.window("zhoukou")
    assert "withdraw_request" in await allowed_on(unclaimed, "water", window)
    await give_up(unclaimed, "water", window)
    assert (await of(unclaimed, "water")).state is RequestState.WITHDRAWN
    assert (await by_whom(unclaimed, "withdraw_request"))[0] == Role.WINDOW_CLERK
    assert (await world.act(window, withdraw(unclaimed.id)))["stage"] == Stage.WITHDRAWN
    assert (await by_whom(unclaimed, "withdraw"))[0] == Role.WINDOW_CLERK


async def test_once_claimed_the_owner_answers_itself(unclaimed: Drive) -> None:
    world, window = unclaimed.world, await unclaimed.world.window("zhoukou")
    owner = await world.person("周")
    await world.act(owner, lambda unit: me.bind_phone(unit, PHONE))
    assert (await unclaimed.app()).owner_id == owner.person
    assert not set(await allowed(unclaimed, window)) & FOR_THE_OWNER
    assert "withdraw_request" not in await allowed_on(unclaimed, "water", window)

    water = (await of(unclaimed, "water")).id
    assert await guarded(world, window, agree(unclaimed.id)) == "plan_offered_unclaimed"
    assert await guarded(world, window, change(unclaimed.id)) == "plan_offered_unclaimed"
    assert await guarded(world, window, withdraw(unclaimed.id)) == "unclaimed_not_started"
    assert (
        await guarded(
            world,
            window,
            lambda unit: connection.withdraw_request(unit, water, connection.Reason(), expect=None),
        )
        == "unclaimed_not_started"
    )
    assert (await world.act(owner, agree(unclaimed.id)))["plan"] == PlanState.AGREED
    assert await by_whom(unclaimed, "agree_plan") == (Role.APPLICANT, None)


async def test_nobody_rates_in_the_applicants_place(unclaimed: Drive) -> None:
    world, window = unclaimed.world, await unclaimed.world.window("zhoukou")
    await world.act(window, agree(unclaimed.id))
    for utility in ("water", "electricity"):
        await unclaimed.build(await of(unclaimed, utility))
    unclaimed.owner = window  # who agrees the times of connection
    for utility in ("water", "electricity"):
        await unclaimed.connect(await of(unclaimed, utility))
    assert (await unclaimed.app()).stage is Stage.CONNECTED
    body = evaluation.Judgement(level=5)
    refusal = await refused(
        world, window, lambda unit: evaluation.rate(unit, unclaimed.id, body, expect=None)
    )
    assert refusal.code is Code.NOT_YOURS_TO_MOVE
    assert not await Event.filter(application_id=unclaimed.id, name="rate").exists()


async def test_the_window_withdraws_nothing_of_which_works_have_begun(unclaimed: Drive) -> None:
    world, window = unclaimed.world, await unclaimed.world.window("zhoukou")
    await world.act(window, agree(unclaimed.id))
    await unclaimed.build(await of(unclaimed, "water"))
    assert await guarded(world, window, withdraw(unclaimed.id)) == "unclaimed_not_started"
    world.clock.set(at(3, 19))
    await give_up(unclaimed, "electricity", window)
    assert (await unclaimed.app()).stage is Stage.CONNECTING
