"""What many ask for at the same moment is asked for together: one statement instead of many.

A statement costs the process that sends it more than most answers cost the database. Who asks alone
is asked for at once, alone; who asks while others do shares a statement with them: nobody waits for
company. For reads and writes that are a transaction each; nothing of a unit of work comes here.
"""

import asyncio
import contextvars
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

import asyncpg

Asked = TypeVar("Asked")
Told = TypeVar("Told")

MOST = 64
"""Askers of one statement."""
AT_ONCE = 2
"""Statements of one kind under way before others wait to share the next."""
WAIT_S = 0.004
"""How long they wait at most: a statement that is held up holds up nobody else."""
_OF_ONE = (
    asyncpg.DataError,
    asyncpg.IntegrityConstraintViolationError,
    asyncpg.LockNotAvailableError,
    asyncpg.QueryCanceledError,
    asyncpg.TransactionRollbackError,
)
"""Faults one asker may bring upon the others: each is asked for again, alone."""


class Together(Generic[Asked, Told]):
    """``ask`` tells something for each of those it is given, in their order."""

    def __init__(self, ask: Callable[[Sequence[Asked]], Awaitable[Sequence[Told]]]) -> None:
        self._ask = ask
        self._loop: asyncio.AbstractEventLoop | None = None
        self._waiting: list[tuple[Asked, asyncio.Future[Told]]] = []
        self._planned: asyncio.Handle | None = None
        self._running: set[asyncio.Task[None]] = set()

    async def __call__(self, asked: Asked) -> Told:
        """What is told for one. Raises what the statement raises."""
        loop = asyncio.get_running_loop()
        if loop is not self._loop:
            self._begin(loop)
        future: asyncio.Future[Told] = loop.create_future()
        self._waiting.append((asked, future))
        if self._planned is None:
            self._planned = (
                loop.call_soon(self._send)
                if len(self._running) < AT_ONCE
                else loop.call_later(WAIT_S, self._send)
            )
        return await future

    def _begin(self, loop: asyncio.AbstractEventLoop) -> None:
        """Another event loop than before: nothing of the old one can end any more."""
        self._loop = loop
        self._waiting, self._planned, self._running = [], None, set()

    def _send(self) -> None:
        assert self._loop is not None  # noqa: S101 - planned on it
        self._planned = None
        share, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
        # no transaction of an asker's may reach the statement of all
        task = self._loop.create_task(self._told(share), context=contextvars.Context())
        self._running.add(task)
        task.add_done_callback(self._over)
        if self._waiting:
            self._planned = self._loop.call_soon(self._send)

    def _over(self, task: "asyncio.Task[None]") -> None:
        self._running.discard(task)
        if self._waiting:
            if self._planned is not None:
                self._planned.cancel()
            self._send()

    async def _told(self, share: Sequence[tuple[Asked, "asyncio.Future[Told]"]]) -> None:
        try:
            told = await self._ask([asked for asked, _ in share])
        except _OF_ONE as fault:
            if len(share) == 1:
                _fail(share, fault)
                return
            await asyncio.gather(*(self._told([each]) for each in share))
        except BaseException as fault:
            _fail(share, fault)
            if not isinstance(fault, Exception):
                raise
        else:
            for (_, future), each in zip(share, told, strict=True):
                if not future.done():
                    future.set_result(each)


def _fail(share: Sequence[tuple[object, "asyncio.Future[Told]"]], fault: BaseException) -> None:
    for _, future in share:
        if not future.done():
            future.set_exception(fault)
