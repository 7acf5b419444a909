"""Lists say of one clock only: the step they name, and whether that one stands still."""

from typing import Any

from rules.actors import Actor
from tests.workflow.drive import Drive
from tests.workflow.forms import ZHOUKOU
from tests.workflow.world import World
from workflow.cases import acceptance, pausing
from workflow.reading.mine import MineQuery, mine
from workflow.reading.queue import queue
from workflow.reading.queue_filters import QueueQuery

CITY = "zhoukou"
OF_CLOCK = ("step", "due_at", "light", "paused", "paused_for")


async def lines(world: World, drive: Drive, staff: Actor) -> list[dict[str, Any]]:
    """What its owner's list and a queue say of the clock of the one case."""
    now = world.clock.now()
    own = await mine(world.services, drive.owner, MineQuery(), now)
    desk = await queue(world.services, staff, QueueQuery(), now)
    items = [item for answer in (own, desk) for item in dict(answer.body)["items"]]
    assert len(items) == 2
    return [{name: item[name] for name in OF_CLOCK} for item in items]


async def test_the_pause_of_another_clock_is_not_that_of_the_step(world: World) -> None:
    drive = await Drive.drafted(world, CITY, ZHOUKOU)
    await drive.submit()
    window = await world.window(CITY)
    fault = acceptance.FaultTold(field="contact.phone", reason="field_wrong")
    body = acceptance.Return(faults=(fault,))
    await world.act(
        window,
        lambda unit: acceptance.return_for_correction(unit, drive.id, body, expect=None),
    )
    world.clock.forward(days=21)
    for line in await lines(world, drive, window):  # the clock of acceptance stands meanwhile
        assert (line["step"], line["light"]) == ("correction", "red")
        assert line["due_at"] == "2026-03-30T17:30:00+08:00"
        assert (line["paused"], line["paused_for"]) == (False, None)


async def test_where_nothing_runs_the_step_is_the_one_that_stands(world: World) -> None:
    drive = await Drive.drafted(world, CITY, ZHOUKOU)
    await drive.submit()
    window = await world.window(CITY)
    pause = pausing.Pause(reason="heavy_pollution")
    await world.act(window, lambda unit: pausing.pause(unit, drive.id, pause, expect=None))
    for line in await lines(world, drive, window):
        assert (line["step"], line["light"], line["due_at"]) == ("acceptance", None, None)
        assert (line["paused"], line["paused_for"]) == (True, "停工令：重污染天气")
