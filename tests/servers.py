"""Real PostgreSQL and Valkey for the tests: one pair for a whole run, a database a worker."""

import asyncio
import shutil
import tempfile
from collections.abc import Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit, urlunsplit

import asyncpg

from models.db import migrate
from server import embedded

TEMPLATE = "template_product"
_TEMPLATE_LOCK = 0x7E57
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Addresses:
    """The servers of one test run."""

    postgres: str
    redis: str

    def database(self, name: str) -> str:
        """The address of one database."""
        return _with_path(self.postgres, name)

    def redis_database(self, number: int) -> str:
        """The address of one numbered Redis database."""
        return _with_path(self.redis, str(number))


class OwnServers:
    """Embedded servers in a temporary folder, gone with the run."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="baozhuang-tests-"))
        try:
            self._running = embedded.start(self._folder, durable=False)
        except BaseException:
            shutil.rmtree(self._folder, ignore_errors=True)
            raise
        self.addresses = Addresses(self._running.postgres.url, self._running.valkey.url)

    def stop(self) -> None:
        """Stop both and remove the folder."""
        self._running.stop()
        shutil.rmtree(self._folder, ignore_errors=True)


def run_apart(work: Coroutine[Any, Any, _T]) -> _T:
    """Run a coroutine on a loop of its own without touching the tests' loop."""
    loop = asyncio.new_event_loop()
    try:
        return loop.run_until_complete(work)
    finally:
        loop.close()


async def ensure_template(addresses: Addresses) -> None:
    """Make the migrated database all others are copied from; workers at once wait for one."""
    admin = await asyncpg.connect(addresses.database("postgres"))
    try:
        await admin.execute("SELECT pg_advisory_lock($1)", _TEMPLATE_LOCK)
        if await admin.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", TEMPLATE):
            return
        building = f"{TEMPLATE}_building"
        await admin.execute(f"DROP DATABASE IF EXISTS {building} WITH (FORCE)")
        await admin.execute(f"CREATE DATABASE {building}")
        await migrate(addresses.database(building))
        await admin.execute(f"ALTER DATABASE {building} RENAME TO {TEMPLATE}")
    finally:
        await admin.close()


async def clone(addresses: Addresses, name: str) -> str:
    """A fresh copy of the template under ``name``; its address."""
    await drop(addresses, name)
    admin = await asyncpg.connect(addresses.database("postgres"))
    try:
        await admin.execute(f'CREATE DATABASE "{name}" TEMPLATE {TEMPLATE}')
    finally:
        await admin.close()
    return addresses.database(name)


async def drop(addresses: Addresses, name: str) -> None:
    """Remove a database, whoever is still connected."""
    admin = await asyncpg.connect(addresses.database("postgres"))
    try:
        await admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    finally:
        await admin.close()


def _with_path(url: str, path: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{path}"))
