"""Temporary supply: its end date outlives the case, until it is removed or converted."""

from models import Deadline, InboxMessage
from rules.states import Stage
from tests.workflow.drive import Drive
from tests.workflow.forms import ZHOUKOU
from tests.workflow.steps import (
    INSIDE,
    Act,
    accepted,
    allowed_on,
    at,
    clerk,
    faults,
    guarded,
    last_event,
    of,
    the_clock,
)
from tests.workflow.world import World
from workflow.background.sweeper import sweep
from workflow.cases import connection, evaluation, pausing
from workflow.reading.progress import progress

VALUES = ZHOUKOU | {
    "utilities": ["water"],
    "water.kind": "temporary",
    "water.temporary_until": "2026-04-30",
}


async def flowing(world: World) -> Drive:
    """Water for a building site until the end of April."""
    drive = await accepted(world, VALUES, water=INSIDE)
    await drive.connect(await of(drive, "water"))
    return drive


async def closed(world: World) -> Drive:
    """The same, rated and closed."""
    drive = await flowing(world)
    body = evaluation.Judgement(level=5)
    await world.act(drive.owner, lambda unit: evaluation.rate(unit, drive.id, body, expect=None))
    assert (await drive.app()).stage is Stage.CLOSED
    return drive


async def ending(drive: Drive) -> Act:
    """It is taken down now."""
    ident = (await of(drive, "water")).id
    body = connection.EndSupply(outcome="removed", ended_at=drive.world.clock.now())
    return lambda unit: connection.end_supply(unit, ident, body, expect=None)


async def test_its_clock_outlives_the_case_until_the_supply_is_ended(world: World) -> None:
    drive = await closed(world)
    (left,) = await Deadline.filter(application_id=drive.id, closed_at=None)
    row = await of(drive, "water")
    # to the end of its last day
    assert (left.step, left.due_at, row.due_at) == ("temporary_end", at(5, 1, 0), at(5, 1, 0))
    staff = await clerk(drive, "water")
    assert await allowed_on(drive, "water", staff) == ["end_supply"]
    assert await allowed_on(drive, "water", drive.owner) == []

    world.clock.set(at(4, 29, 10))
    await world.act(staff, await ending(drive))
    assert not await Deadline.filter(application_id=drive.id, closed_at=None).exists()
    row = await of(drive, "water")
    assert row.due_at is None
    assert row.connection["ended"]["outcome"] == "removed"
    assert (await last_event(drive, "end_supply")).data == {"result": "removed"}
    assert (await drive.app()).stage is Stage.CLOSED
    assert await guarded(world, staff, await ending(drive)) == "temporary_running"


async def test_it_may_end_before_the_case_is_closed(world: World) -> None:
    drive = await flowing(world)
    await world.act(await clerk(drive, "water"), await ending(drive))
    assert (await drive.app()).stage is Stage.CONNECTED
    assert await the_clock(drive, "rating_close")


async def test_its_end_lies_not_in_the_future(world: World) -> None:
    drive = await flowing(world)
    ident = (await of(drive, "water")).id
    body = connection.EndSupply(outcome="converted", ended_at=at(5, 30))
    assert await faults(
        world,
        await clerk(drive, "water"),
        lambda unit: connection.end_supply(unit, ident, body, expect=None),
    ) == {"ended_at": "time_future"}


async def test_a_permanent_supply_has_no_end(world: World) -> None:
    drive = await accepted(world, ZHOUKOU | {"utilities": ["water"]}, water=INSIDE)
    await drive.connect(await of(drive, "water"))
    staff = await clerk(drive, "water")
    assert await guarded(world, staff, await ending(drive)) == "temporary_running"
    assert not await Deadline.filter(application_id=drive.id, step="temporary_end").exists()


async def test_the_sweeper_tells_the_utility_once_each_of_yellow_and_red(world: World) -> None:
    staff = await world.clerk("zhoukou", (await of(await closed(world), "water")).organization_id)
    told = InboxMessage.filter(person_id=staff.person, code__startswith="deadline_")
    world.clock.set(at(4, 10))
    await sweep(world.services)
    assert await told.count() == 0
    for when, code in ((at(4, 28), "deadline_yellow"), (at(5, 6), "deadline_red")):
        world.clock.set(when)
        await sweep(world.services)
        await sweep(world.services)
        assert await told.filter(code=code, params__contains={"step": "temporary_end"}).count() == 1


async def test_progress_shows_it_after_closing(world: World) -> None:
    drive = await closed(world)
    body = (await progress(world.services, drive.owner, drive.id, world.clock.now())).body
    (clock,) = dict(body)["deadlines"]
    assert (clock["step"], clock["due_at"]) == ("temporary_end", "2026-05-01T00:00:00+08:00")


async def test_no_pause_moves_an_agreed_end(world: World) -> None:
    values = VALUES | {"utilities": ["water", "electricity"]}
    drive = await accepted(world, values, water=INSIDE)
    bureau = await world.coordinator("zhoukou")
    body = pausing.Pause(reason="heavy_pollution")
    await world.act(bureau, lambda unit: pausing.pause(unit, drive.id, body, expect=None))
    await drive.connect(await of(drive, "water"))
    clock = await the_clock(drive, "temporary_end")
    assert (clock.paused_at, clock.due_at) == (None, at(5, 1, 0))
    world.clock.forward(days=3)
    await world.act(
        bureau, lambda unit: pausing.resume(unit, drive.id, pausing.Resume(), expect=None)
    )
    assert (await the_clock(drive, "temporary_end")).due_at == at(5, 1, 0)
