"""Two acts that meet: one is held just before its commit, the other is seen waiting for it."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from models.db import pool
from rules.actors import Actor
from tests.workflow.world import World
from workflow.unit import Answer, Unit

Act = Callable[[Unit], Awaitable[Answer]]
Told = dict[str, Any]
_WAITING = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND wait_event_type = 'Lock'"""


class Held:
    """An act done but not yet committed, until it is let go."""

    def __init__(self, world: World, actor: Actor, act: Act) -> None:
        self._done, self._go = asyncio.Event(), asyncio.Event()
        self._act = act
        self._task = asyncio.create_task(world.act(actor, self._held))

    async def _held(self, unit: Unit) -> Answer:
        answer = await self._act(unit)
        self._done.set()
        await self._go.wait()
        return answer

    async def done(self) -> "Held":
        """Wait until it holds everything it takes."""
        reached = asyncio.create_task(self._done.wait())
        await asyncio.wait({reached, self._task}, return_when=asyncio.FIRST_COMPLETED)
        reached.cancel()
        if self._task.done():
            self._task.result()
        return self

    async def let_go(self) -> Told:
        """Have it commit; its answer."""
        self._go.set()
        return await self._task


async def seen_waiting(task: asyncio.Task[Told], waiting: int = 1) -> None:
    """Until so many acts wait for a lock of the database, or this one is over without having to."""
    async with asyncio.timeout(10):
        while not task.done() and await pool().fetchval(_WAITING) < waiting:
            pass


async def meet(
    world: World, first: tuple[Actor, Act], second: tuple[Actor, Act]
) -> tuple[Told, Told]:
    """Both acts, the second begun when the first has done all but commit; their answers."""
    held = await Held(world, *first).done()
    late = asyncio.create_task(world.act(*second))
    await seen_waiting(late)
    return await held.let_go(), await late
