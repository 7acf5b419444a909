"""The database: how Tortoise reaches it, and how it is brought to the newest schema."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import asyncpg
from tortoise import Tortoise
from tortoise.backends.base.config_generator import expand_db_url
from tortoise.config import TortoiseConfig
from tortoise.connection import get_connection
from tortoise.context import TortoiseContext
from tortoise.migrations.api import migrate as tortoise_migrate
from tortoise.transactions import in_transaction

from models import connections

__all__ = [
    "close",
    "config",
    "connect",
    "in_transaction",
    "in_unit_of_work",
    "migrate",
    "pool",
]

MIGRATION_LOCK = 0x6C687A


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds the server lets a connection of ours hold others up: a ``statement`` in all, the
    wait for one ``lock``, and a transaction that does ``nothing``."""

    statement: int
    lock: int
    nothing: int

    @property
    def server_settings(self) -> dict[str, str]:
        """As PostgreSQL wants them."""
        return {
            "statement_timeout": f"{self.statement}s",
            "lock_timeout": f"{self.lock}s",
            "idle_in_transaction_session_timeout": f"{self.nothing}s",
        }


ANSWERING = Patience(statement=8, lock=3, nothing=15)
"""Of who answers somebody within ten seconds."""
BACKGROUND = Patience(statement=60, lock=3, nothing=60)
"""Of loops nobody waits for."""
ENDLESS: Mapping[str, str] = {}
"""Of migrations: a new index takes its time."""


def config(
    url: str,
    *,
    minimum: int = 1,
    maximum: int = 8,
    server_settings: Mapping[str, str] = ENDLESS,
) -> dict[str, Any]:
    """Tortoise's configuration for one PostgreSQL (``postgres://user:password@host:port/name``)."""
    plain = url.replace("postgresql://", "asyncpg://").replace("postgres://", "asyncpg://")
    connection = expand_db_url(plain)
    connection["engine"] = "models.connections"
    connection["credentials"] |= {
        "minsize": minimum,
        "maxsize": maximum,
        "server_settings": dict(server_settings),
    }
    return {
        "connections": {"default": connection},
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


async def connect(
    url: str, *, minimum: int = 1, maximum: int = 8, patience: Patience = ANSWERING
) -> TortoiseContext:
    """Open the pool for this process; every task of it may query."""
    told = config(url, minimum=minimum, maximum=maximum, server_settings=patience.server_settings)
    return await Tortoise.init(config=told, _enable_global_fallback=True)


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


def in_unit_of_work() -> bool:
    """Whether a transaction is open here: then everything is asked within it, nothing beside it."""
    return not isinstance(get_connection("default"), connections.Client)


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
