"""The database: how Tortoise reaches it, and how it is brought to the newest schema."""

from typing import Any

import asyncpg
from tortoise import Tortoise
from tortoise.config import TortoiseConfig
from tortoise.connection import get_connection
from tortoise.context import TortoiseContext
from tortoise.migrations.api import migrate as tortoise_migrate
from tortoise.transactions import in_transaction

__all__ = ["close", "config", "connect", "in_transaction", "migrate", "pool"]

MIGRATION_LOCK = 0x6C687A


def config(url: str, *, minimum: int = 1, maximum: int = 8) -> dict[str, Any]:
    """Tortoise's configuration for one PostgreSQL (``postgres://user:password@host:port/name``)."""
    separator = "&" if "?" in url else "?"
    plain = url.replace("postgresql://", "asyncpg://").replace("postgres://", "asyncpg://")
    return {
        "connections": {"default": f"{plain}{separator}minsize={minimum}&maxsize={maximum}"},
        "apps": {
            "models": {
                "models": ["models"],
                "default_connection": "default",
                "migrations": "models.migrations",
            }
        },
        "use_tz": True,
        "timezone": "UTC",
    }


async def connect(url: str, *, minimum: int = 1, maximum: int = 8) -> TortoiseContext:
    """Open the pool for this process; every task of it may query."""
    return await Tortoise.init(
        config=config(url, minimum=minimum, maximum=maximum), _enable_global_fallback=True
    )


async def close() -> None:
    """Give every connection back."""
    await Tortoise.close_connections()


class Pool:
    """Plain SQL on the connections below Tortoise, made when first needed.

    Inside a transaction it is the transaction's own connection, so a read sees what was written.
    """

    def acquire(self) -> Any:
        """A connection for several statements: ``async with pool().acquire() as connection``."""
        return get_connection("default").acquire_connection()

    async def fetch(self, query: str, *args: Any) -> list[asyncpg.Record]:
        """Every row."""
        async with self.acquire() as connection:
            return list(await connection.fetch(query, *args))

    async def fetchrow(self, query: str, *args: Any) -> asyncpg.Record | None:
        """The first row."""
        async with self.acquire() as connection:
            return await connection.fetchrow(query, *args)

    async def fetchval(self, query: str, *args: Any) -> Any:
        """The first column of the first row."""
        async with self.acquire() as connection:
            return await connection.fetchval(query, *args)

    async def execute(self, query: str, *args: Any) -> str:
        """A statement without rows; its status."""
        async with self.acquire() as connection:
            return str(await connection.execute(query, *args))


_POOL = Pool()


def pool() -> Pool:
    """For hot reads in plain SQL, inside and outside of a unit of work."""
    return _POOL


async def migrate(url: str) -> None:
    """Bring the schema to the newest migration; two at once wait for each other."""
    guard = await asyncpg.connect(url)
    try:
        await guard.execute("SELECT pg_advisory_lock($1)", MIGRATION_LOCK)
        await tortoise_migrate(config=TortoiseConfig.from_dict(config(url)))
        await Tortoise.close_connections()
    finally:
        await guard.close()
