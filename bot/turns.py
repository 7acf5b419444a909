"""A message taken: once, in order, and in time, whatever happens.

The platform waits five seconds. A turn that is not done after 1.5 s, or finds no database within
0.7 s, is put on the spool (``bot.spool``), the platform is told ``success``, and the reply follows
as a customer-service message. Messages of one person wait for one another, those of different
people do not.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import structlog

from bot.one_turn import Kept, Turn
from bot.rendering import Said
from bot.spool import Spool
from bot.traces import trace_of
from config.texts import chat
from wechat.keyed_locks import KeyedLocks
from wechat.messages import Pushed, parse
from workflow.outages import code_of

_log = structlog.get_logger("chat")


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds: until a turn must have reached the database, until it must be answered, and how much
    longer where it cannot be put off.
    """

    database: float = 0.7
    answer: float = 1.5
    without_disk: float = 2.5
    between_tries: float = 0.05


class Unreachable(Exception):
    """The database did not answer in time."""


class TakesOne(Protocol):
    """One turn, whatever time it takes (``bot.one_turn.OneTurn``)."""

    def begun(self, pushed: Pushed) -> Turn: ...

    async def take(self, turn: Turn) -> Kept: ...

    async def follow_up(self, turn: Turn, kept: Kept) -> None: ...


class Turns:
    """Takes the messages of one official account in one process."""

    def __init__(self, one: TakesOne, spool: Spool, patience: Patience | None = None) -> None:
        self._one = one
        self._spool = spool
        self._patience = patience or Patience()
        self._locks = KeyedLocks()
        self._running: set[asyncio.Task[Kept]] = set()

    async def take(self, pushed: Pushed) -> Said | None:
        """What is answered at once; None: nothing yet, the reply follows by itself.

        Raises OSError when a message that must wait cannot be written to disk.
        """
        if self._spool.waits_for(pushed.openid):
            await self._put_off(pushed)
            return None
        turn = self._one.begun(pushed)
        task = asyncio.create_task(self._in_order(turn))
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        if not await self._in_time(task, turn):
            task.add_done_callback(_told_later)
            if await self._safe_on_disk(turn, task):
                return None
        try:
            kept = task.result()
        except Unreachable:
            await self._put_off(pushed)
            return None
        except Exception as fault:  # the edge: the writer hears that it went wrong, the log why
            _log.error("turn_failed", type=pushed.type, trace=trace_of(fault))
            return Said.of_text(chat.said("trouble"))
        return None if kept.sent else kept.now

    async def drain(self) -> int:
        """Take what waits, in order; how many messages. Stops where the database does not answer.

        A message that cannot be handled is set aside, so that it holds up nobody.
        """
        done = 0
        with self._spool.taking_out() as mine:
            for path in self._spool.waiting() if mine else ():
                if not await self._drained(path):
                    break
                done += 1
        return done

    async def finish(self) -> None:
        """Wait for the turns under way."""
        await asyncio.gather(*self._running, return_exceptions=True)

    async def _in_time(self, task: "asyncio.Task[Kept]", turn: Turn) -> bool:
        """Whether the turn is over before the platform has to be told something."""
        loop = asyncio.get_running_loop()
        over: asyncio.Future[bool] = loop.create_future()

        def decide(value: bool) -> Callable[..., None]:
            return lambda *_: None if over.done() else over.set_result(value)

        def look() -> None:
            if turn.waiting_for_database:
                decide(False)()

        task.add_done_callback(decide(True))
        soon = loop.call_later(self._patience.database, look)
        last = loop.call_later(self._patience.answer, decide(False))
        try:
            return await over
        finally:
            soon.cancel()
            last.cancel()

    async def _safe_on_disk(self, turn: Turn, task: "asyncio.Task[Kept]") -> bool:
        """Whether a late turn's message is kept. A disk that takes nothing: a little more patience.

        Raises OSError when that does not help either.
        """
        try:
            turn.late = True
            await self._put_off(turn.pushed)
        except OSError as broken:
            turn.late = False
            await asyncio.wait({task}, timeout=self._patience.without_disk)
            if not task.done():
                raise
            _log.error("spool_broken", trace=trace_of(broken))
            return False
        return True

    async def _put_off(self, pushed: Pushed) -> None:
        await asyncio.to_thread(self._spool.put, pushed.openid, pushed.raw)

    async def _in_order(self, turn: Turn) -> Kept:
        async with self._locks(turn.writer.openid):
            return await self._patiently(turn)

    async def _patiently(self, turn: Turn) -> Kept:
        loop = asyncio.get_running_loop()
        end = loop.time() + self._patience.database
        while True:
            try:
                return await self._one.take(turn)
            except Exception as fault:
                if code_of(fault) is None:
                    raise
                if loop.time() >= end:
                    raise Unreachable from fault
            await asyncio.sleep(self._patience.between_tries)

    async def _drained(self, path: Path) -> bool:
        """Whether the message is done with."""
        try:
            pushed = parse(await asyncio.to_thread(self._spool.read, path))
            turn = self._one.begun(pushed)
            turn.late = True
            await self._one.follow_up(turn, await self._in_order(turn))
        except Unreachable:
            return False
        except Exception as fault:
            if code_of(fault) is not None:
                return False
            _log.error("spooled_message_set_aside", file=path.name, trace=trace_of(fault))
            await asyncio.to_thread(self._spool.set_aside, path)
            return True
        await asyncio.to_thread(self._spool.remove, path)
        return True


def _told_later(task: "asyncio.Task[Kept]") -> None:
    """A late turn's outcome is looked at when the spool is drained; here it only must be read."""
    if not task.cancelled() and task.exception() is not None:
        _log.info("late_turn_left_to_the_spool")
