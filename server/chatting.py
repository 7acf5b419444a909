"""Keeps what waits for the database moving, in one HTTP worker."""

import asyncio

from bot.door import Keeping, Takers
from server import logs

EVERY_S = 1.0


class ChatKeeper:
    """Takes out what waits on the spools, every ``EVERY_S`` seconds until stopped."""

    def __init__(self, takers: Takers) -> None:
        self._keeping = (takers.talk, takers.oa_pushes, takers.mp_pushes)
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin looking."""
        self._task = asyncio.create_task(self._keep(), name="chat")

    async def stop(self) -> None:
        """Look no more; turns under way are waited for."""
        if self._task is not None:
            task, self._task = self._task, None
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        for each in self._keeping:
            await each.finish()

    async def _keep(self) -> None:
        while True:
            await asyncio.sleep(EVERY_S)
            for each in self._keeping:
                await _drained(each)


async def _drained(keeping: Keeping) -> None:
    try:
        done = await keeping.drain()
    except Exception:  # the edge of a background loop: tell, go on
        logs.get("chat").exception("drain_failed")
    else:
        if done:
            logs.get("chat").info("spool_drained", messages=done)
