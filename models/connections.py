"""Tortoise's PostgreSQL client, with an end to every wait: a database that stands still must not
take the processes that use it with it.

asyncpg gives a cancelled statement's connection back only once the server has confirmed the
cancellation, and Tortoise rolls back before that; both would wait for a frozen server for ever.
"""

import asyncio
from typing import Any

import asyncpg
from tortoise.backends.asyncpg.client import AsyncpgDBClient, TransactionWrapper
from tortoise.backends.base.client import TransactionContext, TransactionContextPooled

GIVE_BACK_S = 1.0
"""Seconds a connection may take to become usable again; then it is cut and a new one opened."""


_CUT = (
    OSError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    asyncpg.PostgresConnectionError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
)


class Connection(asyncpg.Connection):  # type: ignore[misc] # asyncpg has no types
    """Given back without a statement that resets the session: nothing here changes one (no ``SET``
    but ``SET LOCAL``, no ``LISTEN``, no session locks), and it would cost every read a round trip.
    A transaction left open is still rolled back.
    """

    broken = False
    """Whether a statement met a cut connection, which the protocol may not have noticed yet."""

    def get_reset_query(self) -> str:
        """None."""
        return ""

    async def _do_execute(self, *given: Any, **named: Any) -> Any:
        try:
            return await super()._do_execute(*given, **named)
        except _CUT:
            self.broken = True
            raise

    async def execute(self, query: str, *args: Any, timeout: float | None = None) -> Any:  # noqa: ASYNC109
        """As asyncpg's."""
        try:
            return await super().execute(query, *args, timeout=timeout)
        except _CUT:
            self.broken = True
            raise


class Pool(asyncpg.Pool):  # type: ignore[misc] # asyncpg has no types
    """Gives connections back within ``GIVE_BACK_S``."""

    async def release(self, connection: Any, *, timeout: float | None = None) -> None:  # noqa: ASYNC109
        """As asyncpg's, but never without an end, and a broken one is not used again."""
        if (inner := getattr(connection, "_con", None)) is not None and inner.broken:
            inner.terminate()
        await super().release(connection, timeout=GIVE_BACK_S if timeout is None else timeout)


class BoundedTransaction(TransactionWrapper):
    """Rolls back within ``GIVE_BACK_S``; the server rolls back what it is cut from."""

    async def rollback(self) -> None:
        """Raises TimeoutError."""
        async with asyncio.timeout(GIVE_BACK_S):
            await super().rollback()


class Client(AsyncpgDBClient):
    """What ``models.db`` connects with."""

    connection_class = Connection

    async def create_pool(self, **told: Any) -> asyncpg.Pool:
        """A pool of ours, opened."""
        return await Pool(
            connection_class=told.pop("connection_class"),
            record_class=asyncpg.Record,
            min_size=told.pop("min_size"),
            max_size=told.pop("max_size"),
            max_queries=50_000,
            max_inactive_connection_lifetime=300.0,
            loop=told.pop("loop"),
            **told,
        )

    def _in_transaction(self) -> TransactionContext:
        return TransactionContextPooled(BoundedTransaction(self), self._pool_init_lock)


client_class = Client
"""Where Tortoise looks for it: this module is an ``engine``."""
