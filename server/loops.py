"""Named background loops: run at an interval or as soon as the database calls, and never die."""

import asyncio
import contextlib
import random
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

import asyncpg

from server import logs

_RECONNECT_S = 2.0
_FAILED_S = (1.0, 2.0, 5.0, 15.0, 60.0)
"""Pause after so many failures in a row, whatever the interval."""


@dataclass(frozen=True, slots=True)
class Loop:
    """``act`` runs every ``interval_s`` seconds (±10 %), and at once when ``wakes`` is notified.

    ``act`` returns whether more work waits: then it runs again without a pause. ``wakes`` is the
    PostgreSQL channel (``NOTIFY``) that calls it.
    """

    name: str
    interval_s: float
    act: Callable[[], Awaitable[bool]]
    wakes: str | None = None


class LoopRunner:
    """Runs loops as tasks of one process until stopped; an act in progress is let finish."""

    def __init__(self, loops: Sequence[Loop], database_url: str, *, grace_s: float = 20.0) -> None:
        self._loops = loops
        self._url = database_url
        self._grace_s = grace_s
        self._stopping = asyncio.Event()
        self._calls = {loop.name: asyncio.Event() for loop in loops}
        self._log = logs.get("loops")

    def stop(self) -> None:
        """Start nothing new; ``run`` returns once every act has ended."""
        self._stopping.set()
        for call in self._calls.values():
            call.set()

    async def run(self) -> None:
        """Run every loop until ``stop``; acts that outlast the grace are cancelled."""
        tasks = [asyncio.create_task(self._keep(loop), name=loop.name) for loop in self._loops]
        listening = asyncio.create_task(self._listen())
        await self._stopping.wait()
        _, late = await asyncio.wait(tasks, timeout=self._grace_s) if tasks else ((), set())
        for task in (*late, listening):
            self._log.warning("loop_cut", loop=task.get_name()) if task in late else None
            task.cancel()
        await asyncio.gather(*tasks, listening, return_exceptions=True)

    async def _keep(self, loop: Loop) -> None:
        failures = 0
        call = self._calls[loop.name]
        while not self._stopping.is_set():
            call.clear()
            try:
                more = await loop.act()
                failures = 0
            except Exception:  # the edge of a background loop: tell, wait, go on
                failures += 1
                more = False
                self._log.exception("loop_failed", loop=loop.name, failures=failures)
            if not more:
                await self._pause(call, self._delay(loop, failures))

    def _delay(self, loop: Loop, failures: int) -> float:
        jitter = random.uniform(0.9, 1.1)  # noqa: S311 - spreads load, guards nothing
        if failures:
            return _FAILED_S[min(failures, len(_FAILED_S)) - 1] * jitter
        return loop.interval_s * jitter

    async def _pause(self, call: asyncio.Event, seconds: float) -> None:
        if self._stopping.is_set():
            return
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await call.wait()

    async def _listen(self) -> None:
        """Keep one connection that listens; what was missed while it was away is looked for."""
        while not self._stopping.is_set():
            try:
                await self._listen_once()
            except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as lost:
                self._log.warning("listening_lost", reason=type(lost).__name__)
            await asyncio.sleep(_RECONNECT_S)

    async def _listen_once(self) -> None:
        gone = asyncio.Event()
        connection = await asyncpg.connect(self._url, timeout=5)
        try:
            connection.add_termination_listener(lambda _: gone.set())
            for loop in self._loops:
                if loop.wakes is not None:
                    call = self._calls[loop.name]
                    await connection.add_listener(loop.wakes, lambda *_, call=call: call.set())
                    call.set()
            await gone.wait()
        finally:
            connection.terminate()
