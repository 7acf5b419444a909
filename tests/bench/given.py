"""The servers of the tests as ground for the bench, and what is written on it."""

import asyncio
import sys
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg

from bench.ground import Ground, Running
from bench.load import Shots, fire
from config.settings import CHECKOUT
from tests.conftest import FreshDatabase
from tests.servers import Addresses


@dataclass(frozen=True)
class Given:
    """The servers of the tests in the place of the bench's own."""

    addresses: Addresses

    def url_of(self, database: str) -> str:
        """The address of one database."""
        return self.addresses.database(database)


_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"


async def counts(ground: Ground, database: str) -> dict[str, int]:
    """Rows of every table."""
    connection: asyncpg.Connection = await ground.connect(database)
    try:
        tables = [row["tablename"] for row in await connection.fetch(_TABLES)]
        counting = (f"SELECT '{name}', count(*) FROM \"{name}\"" for name in tables)  # noqa: S608
        return dict(await connection.fetch(" UNION ALL ".join(counting)))
    finally:
        await connection.close()


async def written(
    ground: Ground, database: str, running: Running, shots: tuple[bytes, ...]
) -> dict[str, int]:
    """How many rows of each table a volley added."""
    before = await counts(ground, database)
    volley = await asyncio.to_thread(fire, Shots(running.port, shots, connections=2))
    assert volley.statuses == {"200": len(shots)}, volley.sample
    after = await counts(ground, database)
    return {table: after[table] - n for table, n in before.items() if after[table] != n}


async def migrated(
    template: Addresses, fresh_database: FreshDatabase, folder: Path
) -> tuple[Ground, str]:
    """A ground and a database of it with every table, empty but for what comes with it."""
    database = urlsplit(await fresh_database()).path.lstrip("/")
    ground = Ground(folder, Given(template), template.redis)
    migrate = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "server", "migrate"),
        env=ground.environ(database),
        cwd=CHECKOUT,
        stdout=asyncio.subprocess.DEVNULL,
    )
    assert await migrate.wait() == 0
    return ground, database
