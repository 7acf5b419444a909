"""How often somebody may try something, counted in Redis for all processes together.

Without Redis every process counts for itself: nobody is locked out by our own fault, and nobody
guesses unhindered. What must never be guessed (TOTP) is counted in the database besides.
"""

import time
from collections import OrderedDict
from collections.abc import Callable

import redis.asyncio as aioredis
from redis.exceptions import RedisError

from server import logs

_PREFIX = "limit:"
_REMEMBERED = 10_000
"""Names one process counts at most when it is on its own; the oldest are forgotten."""


class RedisLimits:
    """Fixed windows: the first try opens one, the window's end forgets it."""

    def __init__(
        self, redis: aioredis.Redis, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._redis = redis
        self._own = OwnCounts(clock)

    async def spend(self, name: str, limit: int, window_s: int) -> int | None:
        """Count one try; seconds to wait when more than ``limit`` were made, else None."""
        key = _PREFIX + name
        try:
            async with self._redis.pipeline(transaction=True) as pipe:
                pipe.set(key, 0, ex=window_s, nx=True)
                pipe.incr(key)
                pipe.ttl(key)
                _, count, left = await pipe.execute()
        except (OSError, TimeoutError, RedisError) as broken:
            logs.get("limits").warning("counting_alone", error=type(broken).__name__)
            return self._own.spend(name, limit, window_s)
        return max(int(left), 1) if int(count) > limit else None


class OwnCounts:
    """The same in the memory of one process."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._windows: OrderedDict[str, tuple[float, int]] = OrderedDict()

    def spend(self, name: str, limit: int, window_s: int) -> int | None:
        """As ``RedisLimits.spend``."""
        now = self._clock()
        end, count = self._windows.pop(name, (0.0, 0))
        if end <= now:
            end, count = now + window_s, 0
        self._windows[name] = (end, count + 1)
        if len(self._windows) > _REMEMBERED:
            self._windows.popitem(last=False)
        return max(int(end - now), 1) if count + 1 > limit else None
