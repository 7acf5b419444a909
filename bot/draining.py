"""Taking out what waits on the spool: of each person in order, of several at a time.

Whoever cannot be handled now holds up nobody else. A message that breaks us is set aside, and its
writer hears that it went wrong.
"""

import asyncio
from collections.abc import Awaitable, Callable
from enum import Enum
from pathlib import Path

import structlog

from bot.spool import Spool
from bot.traces import trace_of
from wechat.messages import Pushed, parse
from workflow.outages import code_of, cut_off

AT_ONCE = 4
"""People whose messages are taken out at the same time."""

_log = structlog.get_logger("chat")


Handle = Callable[[Pushed], Awaitable[None]]


class _Came(Enum):
    DONE = "done"
    NOT_NOW = "not now"
    AWAY = "away"
    """The database: nobody else needs to try."""


class Drain:
    """Takes out for one process: ``handle`` one message, within ``limit_s`` seconds; ``give_up``
    tells the writer of one that cannot be handled.
    """

    def __init__(self, spool: Spool, handle: Handle, give_up: Handle, limit_s: float) -> None:
        self._spool = spool
        self._handle = handle
        self._give_up = give_up
        self._limit_s = limit_s

    async def all(self) -> int:
        """Everything that can be handled now; how many messages. Raises OSError."""
        with self._spool.taking_out() as mine:
            people = await asyncio.to_thread(self._spool.people) if mine else []
            going, lanes = asyncio.Event(), asyncio.Semaphore(AT_ONCE)
            going.set()
            counts = await asyncio.gather(*(self._of(each, going, lanes) for each in people))
        return sum(counts)

    async def _of(self, person: Path, going: asyncio.Event, lanes: asyncio.Semaphore) -> int:
        done = 0
        async with lanes:
            waiting = await asyncio.to_thread(self._spool.of, person) if going.is_set() else []
            for path in waiting:
                came = await self._taken_out(path)
                if came is _Came.AWAY:
                    going.clear()
                if came is not _Came.DONE or not going.is_set():
                    break
                done += 1
        return done

    async def _taken_out(self, path: Path) -> _Came:
        pushed: Pushed | None = None
        try:
            pushed = parse(await asyncio.to_thread(self._spool.read, path))
            async with asyncio.timeout(self._limit_s):
                await self._handle(pushed)
        except Exception as fault:
            if isinstance(fault, ConnectionError) or cut_off(fault):
                return _Came.AWAY
            if code_of(fault) is not None:
                return _Came.NOT_NOW
            return await self._set_aside(path, pushed, fault)
        await asyncio.to_thread(self._spool.remove, path)
        return _Came.DONE

    async def _set_aside(self, path: Path, pushed: Pushed | None, fault: Exception) -> _Came:
        _log.error("spooled_message_set_aside", file=path.name, trace=trace_of(fault))
        try:
            if pushed is not None:
                await self._give_up(pushed)
        except Exception as again:
            if code_of(again) is not None:
                return _Came.NOT_NOW
            raise
        await asyncio.to_thread(self._spool.set_aside, path)
        return _Came.DONE
