"""One row's trouble never holds up the others; an outage is told to the loop."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from models import Deadline, OutboxRow
from models.base import new_id
from tests.workflow.drive import Drive
from tests.workflow.forms import ZHOUKOU
from tests.workflow.world import World
from workflow.background import outbox
from workflow.background.sweeper import sweep
from workflow.ports import Services


class Stumbling:
    """A handler that falls over one payload; each telling takes its time."""

    def __init__(self, world: World, over: int, error: Exception, **takes: float) -> None:
        self.told: list[int] = []
        self._world, self._over, self._error, self._takes = world, over, error, takes

    async def __call__(self, services: Services, payload: Mapping[str, Any]) -> str:
        self._world.clock.forward(**self._takes)
        if payload["n"] == self._over:
            raise self._error
        self.told.append(payload["n"])
        return "sent"


async def fill(world: World, count: int) -> None:
    """Rows of a topic ``t``."""
    now = world.clock.now()
    for n in range(count):
        await OutboxRow.create(topic="t", payload={"n": n}, created_at=now, available_at=now)


async def test_a_row_that_falls_over_waits_and_the_others_are_told(world: World) -> None:
    await fill(world, 3)
    handler = Stumbling(world, 0, ZeroDivisionError())
    assert await outbox.work(world.services, {"t": handler}) is False
    assert handler.told == [1, 2]
    row = await OutboxRow.get(done_at=None)
    assert (row.outcome, row.failed_at, row.leased_until) == (outbox.FAILED, None, None)
    assert row.available_at > world.clock.now()
    world.clock.set(row.available_at)
    await outbox.work(world.services, {"t": Stumbling(world, -1, ZeroDivisionError())})
    assert (await OutboxRow.get(id=row.id)).outcome == "sent"


async def test_an_outage_is_raised_and_the_rows_are_taken_up_after_the_lease(world: World) -> None:
    await fill(world, 2)
    with pytest.raises(ConnectionError):
        await outbox.work(world.services, {"t": Stumbling(world, 0, ConnectionError())})
    handler = Stumbling(world, -1, ConnectionError())
    world.clock.forward(seconds=31)
    await outbox.work(world.services, {"t": handler})
    assert handler.told == [0, 1]


async def test_rows_whose_lease_ran_out_are_left_to_whoever_takes_them(world: World) -> None:
    await fill(world, 5)
    slow = Stumbling(world, -1, ConnectionError(), seconds=20)
    assert await outbox.work(world.services, {"t": slow}) is True
    assert slow.told == [0, 1]
    await outbox.work(world.services, {"t": Stumbling(world, -1, ConnectionError())})
    assert await OutboxRow.filter(done_at=None).count() == 0


async def test_one_broken_deadline_does_not_darken_the_others(world: World) -> None:
    drive = await Drive.drafted(world, "zhoukou", ZHOUKOU)
    await drive.submit()
    good = await Deadline.get(application_id=drive.id, step="acceptance")
    # of a city that is no longer served
    broken = await Deadline.create(
        id=new_id(),
        city="atlantis",
        step="acceptance",
        application_id=(await Drive.drafted(world, "zhoukou", ZHOUKOU)).id,
        holder=good.holder,
        opened_at=good.opened_at,
        due_at=good.due_at - timedelta(minutes=1),
        yellow_at=good.yellow_at,
        limit=good.limit,
    )
    world.clock.set(good.due_at + timedelta(minutes=1))
    assert await sweep(world.services) is False
    assert (await Deadline.get(id=good.id)).warned == "red"
    assert (await Deadline.get(id=broken.id)).warned == ""
