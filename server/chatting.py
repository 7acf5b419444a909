"""Keeps the chat's waiting messages moving in one HTTP worker."""

import asyncio

from bot.turns import Turns
from server import logs

EVERY_S = 1.0


class ChatKeeper:
    """Takes out what waits on the spool, every ``EVERY_S`` seconds until stopped."""

    def __init__(self, turns: Turns) -> None:
        self._turns = turns
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
        await self._turns.finish()

    async def _keep(self) -> None:
        while True:
            await asyncio.sleep(EVERY_S)
            try:
                done = await self._turns.drain()
            except Exception:  # the edge of a background loop: tell, go on
                logs.get("chat").exception("drain_failed")
            else:
                if done:
                    logs.get("chat").info("spool_drained", messages=done)
