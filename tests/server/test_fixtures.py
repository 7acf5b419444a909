"""The fixtures every other room builds on."""

import asyncpg
import redis.asyncio as aioredis

from tests.conftest import FreshDatabase


async def test_the_worker_database_is_migrated(database_url: str) -> None:
    connection = await asyncpg.connect(database_url)
    try:
        tables = await connection.fetchval(
            "SELECT count(*) FROM information_schema.tables WHERE table_schema = 'public'"
        )
    finally:
        await connection.close()
    assert tables > 5


async def test_fresh_databases_do_not_see_each_other(fresh_database: FreshDatabase) -> None:
    first = await asyncpg.connect(await fresh_database())
    second = await asyncpg.connect(await fresh_database())
    try:
        await first.execute("CREATE TABLE mine (id int)")
        assert await second.fetchval("SELECT to_regclass('mine')") is None
    finally:
        await first.close()
        await second.close()


async def test_an_empty_database_has_no_table(empty_database: str) -> None:
    connection = await asyncpg.connect(empty_database)
    try:
        found = await connection.fetch(
            "SELECT 1 FROM information_schema.tables WHERE table_schema = 'public'"
        )
    finally:
        await connection.close()
    assert found == []


async def test_redis_starts_empty_every_time(redis_url: str) -> None:
    client = aioredis.from_url(redis_url)
    try:
        assert await client.dbsize() == 0
        await client.set("left", "behind")
    finally:
        await client.aclose()


test_redis_is_emptied_after_another_test = test_redis_starts_empty_every_time
