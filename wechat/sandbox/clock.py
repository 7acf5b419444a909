"""The stand-in's own time, moved by its control surface so that nothing has to be waited for."""

import asyncio
import time


class Clock:
    """Unix seconds, real time plus whatever it was moved by."""

    def __init__(self) -> None:
        self.moved = 0.0
        self._changed = asyncio.Event()

    def now(self) -> float:
        """Unix seconds."""
        return time.time() + self.moved

    def move(self, seconds: float) -> None:
        """Moves time and wakes whoever waits for a moment in it."""
        self.moved += seconds
        self._changed.set()

    async def wait_until(self, moment: float) -> None:
        """Returns once this clock shows ``moment``, also when it is moved there."""
        while (left := moment - self.now()) > 0:
            self._changed.clear()
            try:
                await asyncio.wait_for(self._changed.wait(), left)
            except TimeoutError:
                continue
