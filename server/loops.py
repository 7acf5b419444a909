"""Named background loops: run at an interval, at once while work waits, and never die.

Nothing calls them: a loop with urgent work looks for it often (docs/decisions/0003).
"""

import asyncio
import contextlib
import random
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from server import logs

_FAILED_S = (0.5, 1.0, 2.0)
"""Pause after so many failures in a row, whatever the interval."""


@dataclass(frozen=True, slots=True)
class Loop:
    """``act`` runs every ``interval_s`` seconds (±10 %).

    It returns whether more work waits: then it runs again without a pause.
    """

    name: str
    interval_s: float
    act: Callable[[], Awaitable[bool]]


class LoopRunner:
    """Runs loops as tasks of one process until stopped; an act in progress is let finish."""

    def __init__(self, loops: Sequence[Loop], *, grace_s: float = 20.0) -> None:
        self._loops = loops
        self._grace_s = grace_s
        self._stopping = asyncio.Event()
        self._log = logs.get("loops")

    def stop(self) -> None:
        """Start nothing new; ``run`` returns once every act has ended."""
        self._stopping.set()

    async def run(self) -> None:
        """Run every loop until ``stop``; acts that outlast the grace are cancelled."""
        tasks = [asyncio.create_task(self._keep(loop), name=loop.name) for loop in self._loops]
        await self._stopping.wait()
        _, late = await asyncio.wait(tasks, timeout=self._grace_s) if tasks else ((), set())
        for task in late:
            self._log.warning("loop_cut", loop=task.get_name())
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _keep(self, loop: Loop) -> None:
        failures = 0
        while not self._stopping.is_set():
            try:
                more = await loop.act()
                failures = 0
            except Exception:  # the edge of a background loop: tell, wait, go on
                failures += 1
                more = False
                self._log.exception("loop_failed", loop=loop.name, failures=failures)
            await self._pause(0 if more else self._delay(loop, failures))

    def _delay(self, loop: Loop, failures: int) -> float:
        jitter = random.uniform(0.9, 1.1)  # noqa: S311 - spreads load, guards nothing
        if failures:
            return _FAILED_S[min(failures, len(_FAILED_S)) - 1] * jitter
        return loop.interval_s * jitter

    async def _pause(self, seconds: float) -> None:
        """Give way to the other loops, for so long or until stopped."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._stopping.wait()
