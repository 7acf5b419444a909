"""The floor of a submit writes what a submit writes, or the ratio between them says nothing."""

import asyncio
import sys
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg

from bench import data, submit
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


async def test_the_same_rows_are_written(
    template: Addresses, fresh_database: FreshDatabase, tmp_path: Path
) -> None:
    database = urlsplit(await fresh_database()).path.lstrip("/")
    ground = Ground(tmp_path, Given(template), template.redis)
    migrate = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "server", "migrate"),
        env=ground.environ(database),
        cwd=CHECKOUT,
        stdout=asyncio.subprocess.DEVNULL,
    )
    assert await migrate.wait() == 0
    drafts = await data.drafts(ground, database, 8)
    with ground.product(database) as product:
        real = await written(ground, database, product, submit.subject(drafts[:4]))
    with ground.floor("submit", database) as floor:
        by_hand = await written(ground, database, floor, submit.by_hand(drafts[4:]))
    real.pop("case_counters", None), by_hand.pop("case_counters", None)
    assert real == by_hand
    assert set(real) >= {"surveys", "deadlines", "events", "audit", "inbox", "outbox"}
