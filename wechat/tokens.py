"""The access token of one account, shared by every process through Redis.

One refresher at a time: inside a process one task that all callers await, between processes a
Redis lock. Without Redis each process keeps a token of its own, which works because the
platform's stable token is the same for everyone who asks.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import LockError, RedisError

LAST_SECONDS = 300
"""A token is renewed before these last seconds, in which the platform hands out the next one."""

_DROP_IF_SAME = "if redis.call('get', KEYS[1]) == ARGV[1] then redis.call('del', KEYS[1]) end"
_RedisFault = (RedisError, OSError, TimeoutError)


@dataclass(frozen=True, slots=True)
class Grant:
    """A token and the seconds it lives."""

    token: str
    expires_in: int

    @property
    def usable_seconds(self) -> int:
        """How long to keep it; a token already near its end is kept briefly, not never."""
        return max(self.expires_in - LAST_SECONDS, min(30, self.expires_in // 2), 1)


class Tokens:
    """``current()`` gives a token; ``renew(stale)`` a newer one after the platform refused it.

    ``lock_seconds`` must outlast one fetch; ``redis_seconds`` is the patience with Redis, after
    which this process goes without it for ``redis_pause_seconds``.
    """

    def __init__(
        self,
        appid: str,
        fetch: Callable[[], Awaitable[Grant]],
        redis: "Redis | None",
        *,
        lock_seconds: float = 6.0,
        redis_seconds: float = 0.5,
        redis_pause_seconds: float = 5.0,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._fetch = fetch
        self._redis = redis
        self._key = f"wechat:token:{appid}"
        self._lock_seconds = lock_seconds
        self._redis_seconds = redis_seconds
        self._redis_pause = redis_pause_seconds
        self._redis_down_until = float("-inf")
        self._monotonic = monotonic
        self._own: tuple[str, float] | None = None
        self._flight: asyncio.Task[str] | None = None

    async def current(self) -> str:
        """A token believed to be valid. Raises what fetching one raises."""
        return await self._read() or await self._join(None)

    async def renew(self, stale: str) -> str:
        """A token other than ``stale``, fetched only if nobody has done so yet.

        The platform may insist on the same one; then the caller's single retry fails and stops.
        """
        kept = await self._read()
        if kept and kept != stale:
            return kept
        return await self._join(stale)

    async def _join(self, stale: str | None) -> str:
        if self._flight is None or self._flight.done():
            self._flight = asyncio.create_task(self._refresh(stale))
            self._flight.add_done_callback(lambda task: task.cancelled() or task.exception())
        return await asyncio.shield(self._flight)

    async def _refresh(self, stale: str | None) -> str:
        redis = self._usable_redis()
        if redis is None:
            return await self._fetch_own(stale)
        lock = redis.lock(
            f"{self._key}:lock",
            timeout=self._lock_seconds,
            blocking_timeout=self._lock_seconds,
            sleep=0.05,
        )
        try:
            async with asyncio.timeout(self._lock_seconds + self._redis_seconds):
                held = await lock.acquire()
        except _RedisFault:
            self._redis_failed()
            return await self._fetch_own(stale)
        try:
            kept = await self._read()
            if kept and kept != stale:
                return kept
            if stale is not None:
                await self._ask(redis.eval(_DROP_IF_SAME, 1, self._key, stale))
            grant = await self._fetch()
            self._keep_own(grant)
            await self._ask(redis.set(self._key, grant.token, ex=grant.usable_seconds))
            return grant.token
        finally:
            if held:
                await self._release(lock)

    async def _release(self, lock: Any) -> None:
        try:
            async with asyncio.timeout(self._redis_seconds):
                await lock.release()
        except LockError:
            pass  # it ran out while we fetched; the next holder reads before it fetches
        except _RedisFault:
            self._redis_failed()

    async def _fetch_own(self, stale: str | None) -> str:
        kept = self._read_own()
        if kept and kept != stale:
            return kept
        grant = await self._fetch()
        self._keep_own(grant)
        return grant.token

    async def _read(self) -> str | None:
        redis = self._usable_redis()
        if redis is None:
            return self._read_own()
        kept = await self._ask(redis.get(self._key))
        if kept is None:
            return None if self._usable_redis() else self._read_own()
        return kept.decode() if isinstance(kept, bytes) else str(kept)

    async def _ask(self, command: Any) -> Any:
        """The command's answer, None when Redis does not answer in time."""
        try:
            async with asyncio.timeout(self._redis_seconds):
                return await command
        except _RedisFault:
            self._redis_failed()
            return None

    def _usable_redis(self) -> "Redis | None":
        return self._redis if self._monotonic() >= self._redis_down_until else None

    def _redis_failed(self) -> None:
        self._redis_down_until = self._monotonic() + self._redis_pause

    def _keep_own(self, grant: Grant) -> None:
        self._own = (grant.token, self._monotonic() + grant.usable_seconds)

    def _read_own(self) -> str | None:
        if self._own is None or self._monotonic() >= self._own[1]:
            return None
        return self._own[0]
