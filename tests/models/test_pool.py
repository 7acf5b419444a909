"""Plain SQL beside Tortoise: from the first statement on, and inside transactions."""

from models import Person, db
from models.base import new_id
from models.db import in_transaction, pool
from tests.conftest import FreshDatabase
from tests.workflow.world import MONDAY


async def test_the_first_statement_of_a_process_may_be_plain_sql(
    fresh_database: FreshDatabase,
) -> None:
    await db.connect(await fresh_database())
    try:
        assert await pool().fetchval("SELECT 1") == 1
        assert (await pool().fetchrow("SELECT 2 AS two"))["two"] == 2  # type: ignore[index]
        assert await pool().execute("SELECT 3") == "SELECT 1"
    finally:
        await db.close()


async def test_inside_a_transaction_it_sees_what_was_written(
    fresh_database: FreshDatabase,
) -> None:
    await db.connect(await fresh_database())
    count = "SELECT count(*) FROM persons"
    try:
        async with in_transaction():
            await Person.create(id=new_id(), created_at=MONDAY)
            assert await pool().fetchval(count) == 1
            async with pool().acquire() as connection:
                assert await connection.fetchval(count) == 1
        assert [row["count"] for row in await pool().fetch(count)] == [1]
    finally:
        await db.close()
