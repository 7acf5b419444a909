"""A message taken: once, in order, and in time, whatever happens.

The platform waits five seconds. A turn that is not done after 1.5 s, or finds no database within
0.7 s, is put on the spool (``bot.spool``) with all that stands behind it, the platform is told
``success``, and the replies follow as customer-service messages. Messages of one person wait for
one another, those of different people do not. Danger is answered at once even then.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import structlog

from bot.draining import Drain
from bot.lines import PUT_OFF, Entry, Line, Lines
from bot.one_turn import Kept, Turn
from bot.rendering import Said
from bot.spool import Spool
from bot.traces import trace_of
from config.texts import chat
from wechat.messages import Pushed
from workflow.outages import code_of

_log = structlog.get_logger("chat")


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds: until a turn must have reached the database, until it must be answered, how much
    longer where it cannot be put off, and until a turn is given up.
    """

    database: float = 0.7
    answer: float = 1.5
    without_disk: float = 2.5
    turn: float = 12.0
    between_tries: float = 0.05


class TakesOne(Protocol):
    """One turn, whatever time it takes (``bot.one_turn.OneTurn``)."""

    def begun(self, pushed: Pushed) -> Turn: ...

    async def take(self, turn: Turn) -> Kept: ...

    async def follow_up(self, turn: Turn, kept: Kept) -> None: ...

    async def apologise(self, turn: Turn) -> None: ...

    def urgent(self, pushed: Pushed) -> Said | None: ...


class Turns:
    """Takes the messages of one official account in one process."""

    def __init__(self, one: TakesOne, spool: Spool, patience: Patience | None = None) -> None:
        self._one = one
        self._spool = spool
        self._patience = patience or Patience()
        self._lines = Lines()
        self._running: set[asyncio.Task[None]] = set()
        self._drain = Drain(spool, self._late, self._given_up, self._patience.turn)

    async def take(self, pushed: Pushed) -> Said | None:
        """What is answered at once; None: nothing yet, the reply follows by itself.

        Raises OSError when a message that must wait cannot be written to disk.
        """
        entry = Entry(self._one.begun(pushed), self._spool.number())
        line = self._lines.of(pushed.openid)
        if (line is not None and line.off) or self._spool.waits_for(pushed.openid):
            return await self._behind(line, entry)
        if line is None:
            line = self._lines.begin(pushed.openid)
            task = asyncio.create_task(self._handle(pushed.openid, line))
            self._running.add(task)
            task.add_done_callback(self._running.discard)
        line.entries.append(entry)
        if not await self._in_time(line, entry):
            await self._put_off(line)
        return await self._told(entry)

    async def drain(self) -> int:
        """Take out what waits; how many messages."""
        return await self._drain.all()

    async def finish(self) -> None:
        """Wait for the turns under way."""
        await asyncio.gather(*self._running, return_exceptions=True)

    async def _late(self, pushed: Pushed) -> None:
        """A message that waited: the same turn, its reply sent."""
        turn = self._one.begun(pushed)
        turn.late = True
        await self._one.follow_up(turn, await self._one.take(turn))

    async def _given_up(self, pushed: Pushed) -> None:
        await self._one.apologise(self._one.begun(pushed))

    # --- the line ------------------------------------------------------------------------

    async def _handle(self, openid: str, line: Line) -> None:
        """One message after another, until none is left or all go to disk."""
        while (entry := line.head) is not None:
            try:
                entry.settle(await self._patiently(entry.turn))
            except Exception as fault:
                if code_of(fault) is None:
                    entry.fail(fault)
                elif not line.off:
                    await self._put_off(line, fault)
            line.entries.remove(entry)
        self._lines.end(openid, line)

    async def _patiently(self, turn: Turn) -> Kept:
        """A short outage is bridged. Raises what the database raised last."""
        loop = asyncio.get_running_loop()
        end = loop.time() + self._patience.database
        while True:
            try:
                async with asyncio.timeout(self._patience.turn):
                    return await self._one.take(turn)
            except Exception as fault:
                if code_of(fault) is None or loop.time() >= end:
                    raise
            await asyncio.sleep(self._patience.between_tries)

    # --- time ----------------------------------------------------------------------------

    async def _in_time(self, line: Line, entry: Entry) -> bool:
        """Whether the turn is over before the platform has to be told something."""
        loop = asyncio.get_running_loop()
        over: asyncio.Future[bool] = loop.create_future()

        def decide(in_time: bool) -> None:
            if not over.done():
                over.set_result(in_time)

        def look() -> None:
            head = line.head
            if head is not None and head.turn.waiting_for_database:
                decide(False)

        entry.outcome.add_done_callback(lambda _: decide(True))
        soon = loop.call_later(self._patience.database, look)
        last = loop.call_later(self._patience.answer, decide, False)
        try:
            return await over
        finally:
            soon.cancel()
            last.cancel()

    async def _told(self, entry: Entry) -> Said | None:
        """What the platform is answered."""
        try:
            outcome = await entry.outcome
        except OSError:
            raise
        except Exception as fault:  # the edge: the writer hears that it went wrong, the log why
            _log.error("turn_failed", type=entry.turn.pushed.type, trace=trace_of(fault))
            return Said.of_text(chat.said("trouble"))
        if isinstance(outcome, Kept):
            return None if outcome.sent else outcome.now
        return outcome if isinstance(outcome, Said) else None

    # --- the disk ------------------------------------------------------------------------

    async def _behind(self, line: Line | None, entry: Entry) -> Said | None:
        """A message of somebody of whom others wait already."""
        if line is None:
            await self._write([entry])
        else:
            async with line.disk:
                await self._write([entry])
        return await self._told(entry)

    async def _put_off(self, line: Line, fault: Exception | None = None) -> None:
        """All of a line to disk, in order; the turn under way goes on, the others never begin."""
        line.off = True
        async with line.disk:
            entries = [each for each in line.entries if not each.outcome.done()]
            try:
                await self._write(entries)
            except OSError as full:
                _log.error("spool_broken", trace=trace_of(full))
                await self._without_disk(line, full, running=fault is None)
            else:
                del line.entries[1:]

    async def _without_disk(self, line: Line, full: OSError, *, running: bool) -> None:
        """A disk that takes nothing: more patience with the turn under way, then no promise."""
        line.off = False
        left = [entry for entry in line.entries if not entry.outcome.done()]
        for entry in left:
            entry.turn.late = False
        if running and left:
            await asyncio.wait({left[0].outcome}, timeout=self._patience.without_disk)
            if left[0].outcome.done():
                return  # those behind it have their turn now
        for entry in left:
            entry.fail(full)
        del line.entries[1:]

    async def _write(self, entries: Sequence[Entry]) -> None:
        """Raises OSError. What tells of danger is answered at once and needs not wait."""
        for entry in entries:
            said = self._one.urgent(entry.turn.pushed)
            if said is not None:
                entry.settle(said)
                continue
            entry.turn.late = True
            pushed = entry.turn.pushed
            await asyncio.to_thread(self._spool.put, pushed.openid, entry.number, pushed.raw)
            entry.settle(PUT_OFF)
