"""What many ask for at the same moment is asked for together: one statement instead of many.

A statement costs the process that sends it more than most answers cost the database. Who asks alone
is asked for at once, alone; who asks while others are asked for shares the next statement with all
who do. For reads and writes that are a transaction each; nothing of a unit of work comes here.
"""

import asyncio
import contextvars
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Generic, TypeVar

import asyncpg

from models.db import pool

Asked = TypeVar("Asked")
Told = TypeVar("Told")

MOST = 64
"""Askers of one statement."""
LANES = 4
"""Connections one kind of question may take."""
WAIT_S = 0.02
"""How long others wait for a statement under way before they are asked for beside it: one that is
held up holds up nobody else for long.
"""
_OF_ONE = (
    asyncpg.DataError,
    asyncpg.IntegrityConstraintViolationError,
    asyncpg.LockNotAvailableError,
    asyncpg.QueryCanceledError,
    asyncpg.TransactionRollbackError,
)
"""Faults one asker may bring upon the others: each is asked for again, alone."""


class Together(Generic[Asked, Told]):
    """``ask`` tells, over a connection, something for each of those it is given, in their order."""

    def __init__(self, ask: Callable[[Any, Sequence[Asked]], Awaitable[Sequence[Told]]]) -> None:
        self._ask = ask
        self._loop: asyncio.AbstractEventLoop | None = None
        self._waiting: list[tuple[Asked, asyncio.Future[Told]]] = []
        self._lanes: set[asyncio.Task[None]] = set()
        self._late: asyncio.Handle | None = None

    async def __call__(self, asked: Asked) -> Told:
        """What is told for one. Raises what the statement raises."""
        loop = asyncio.get_running_loop()
        if loop is not self._loop:  # of the old one nothing can end any more
            self._loop, self._waiting, self._lanes, self._late = loop, [], set(), None
        future: asyncio.Future[Told] = loop.create_future()
        self._waiting.append((asked, future))
        if not self._lanes:
            self._open_lane()
        elif self._late is None and len(self._lanes) < LANES:
            self._late = loop.call_later(WAIT_S, self._open_lane)
        return await future

    def _open_lane(self) -> None:
        assert self._loop is not None  # noqa: S101 - called on it
        self._late = None
        if not self._waiting:
            return
        # no transaction of an asker's may reach the statement of all
        lane = self._loop.create_task(self._lane(), context=contextvars.Context())
        self._lanes.add(lane)
        lane.add_done_callback(self._closed)

    def _closed(self, lane: "asyncio.Task[None]") -> None:
        self._lanes.discard(lane)
        if self._waiting and not self._lanes:
            self._open_lane()

    async def _lane(self) -> None:
        """Ask for all who wait, over one connection, until nobody does or it fails."""
        share: list[tuple[Asked, asyncio.Future[Told]]] = []
        try:
            async with pool().acquire() as connection:
                while share := self._next():
                    await self._told(connection, share)
        except BaseException as fault:
            _fail(share or self._next(), fault)
            if not isinstance(fault, Exception):
                raise

    def _next(self) -> list[tuple[Asked, "asyncio.Future[Told]"]]:
        share, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
        return share

    async def _told(
        self, connection: Any, share: Sequence[tuple[Asked, "asyncio.Future[Told]"]]
    ) -> None:
        try:
            told = await self._ask(connection, [asked for asked, _ in share])
        except _OF_ONE as fault:
            if len(share) == 1:
                _fail(share, fault)
            else:
                for each in share:
                    await self._told(connection, [each])
        else:
            for (_, future), one in zip(share, told, strict=True):
                if not future.done():
                    future.set_result(one)


def _fail(share: Sequence[tuple[object, "asyncio.Future[Told]"]], fault: BaseException) -> None:
    for _, future in share:
        if not future.done():
            future.set_exception(fault)
