"""What many ask for at the same moment is asked for together, and none suffers from the others."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Any

import asyncpg
import pytest

from models import db
from models.db import in_transaction
from models.queries.together import MOST, Together
from tests.conftest import FreshDatabase


@pytest.fixture
async def connected(fresh_database: FreshDatabase) -> AsyncIterator[None]:
    """Connections to a database."""
    await db.connect(await fresh_database())
    yield
    await db.close()


class Doubling:
    """Tells twice what it is asked, by the database. Notes each statement."""

    def __init__(self) -> None:
        self.statements: list[list[int]] = []
        self.held: dict[int, asyncio.Event] = {}
        self.begun = asyncio.Event()
        self.together = Together(self.ask)

    async def ask(self, connection: Any, numbers: Sequence[int]) -> Sequence[int]:
        self.statements.append(list(numbers))
        self.begun.set()
        for number in numbers:
            if number in self.held:
                await self.held[number].wait()
        query = "SELECT 100 / n AS left, 2 * n AS twice FROM unnest($1::int[]) AS n"
        rows = await connection.fetch(query, list(numbers))
        return [row["twice"] for row in rows]


async def test_who_asks_alone_is_asked_for_at_once(connected: None) -> None:
    asked = Doubling()
    assert await asked.together(4) == 8
    assert await asked.together(5) == 10
    assert asked.statements == [[4], [5]]


async def test_those_who_ask_at_the_same_moment_share_a_statement(connected: None) -> None:
    asked = Doubling()
    numbers = range(1, MOST + 11)
    told = await asyncio.gather(*(asked.together(number) for number in numbers))
    assert told == [2 * number for number in numbers]
    assert [len(each) for each in asked.statements] == [MOST, 10]


async def test_who_comes_while_others_are_asked_for_shares_the_next(connected: None) -> None:
    asked = Doubling()
    asked.held[1] = asyncio.Event()
    first = asyncio.create_task(asked.together(1))
    await asked.begun.wait()
    others = [asyncio.create_task(asked.together(number)) for number in (2, 3)]
    await asyncio.sleep(0)
    asked.held[1].set()
    assert await asyncio.gather(first, *others) == [2, 4, 6]
    assert asked.statements == [[1], [2, 3]]


async def test_a_statement_that_is_held_up_holds_up_nobody_else(connected: None) -> None:
    asked = Doubling()
    asked.held[1] = asyncio.Event()
    first = asyncio.create_task(asked.together(1))
    await asked.begun.wait()
    assert await asked.together(2) == 4
    assert not first.done()
    asked.held[1].set()
    assert await first == 2


async def test_a_fault_of_one_is_not_the_others(connected: None) -> None:
    asked = Doubling()
    told = await asyncio.gather(*map(asked.together, (1, 0, 2)), return_exceptions=True)
    assert told[0] == 2
    assert isinstance(told[1], asyncpg.DivisionByZeroError)
    assert told[2] == 4
    assert await asked.together(3) == 6


async def test_who_gives_up_disturbs_nobody(connected: None) -> None:
    asked = Doubling()
    gone, stays = (asyncio.create_task(asked.together(number)) for number in (1, 2))
    await asyncio.sleep(0)
    gone.cancel()
    assert await stays == 4


async def test_without_a_database_everybody_is_told(connected: None) -> None:
    asked = Doubling()

    async def ask(connection: Any, numbers: Sequence[int]) -> Sequence[int]:
        if len(asked.statements) == 0:
            asked.statements.append(list(numbers))
            connection.terminate()
        return await asked.ask(connection, numbers)

    together = Together(ask)
    told = await asyncio.gather(*map(together, (1, 2)), return_exceptions=True)
    assert all(isinstance(each, asyncpg.InterfaceError | OSError) for each in told), told
    assert await together(3) == 6


async def test_no_transaction_of_an_asker_reaches_the_others(connected: None) -> None:
    async def ask(connection: Any, numbers: Sequence[int]) -> Sequence[bool]:
        return [connection.is_in_transaction() for _ in numbers]

    together = Together(ask)
    async with in_transaction():
        assert await together(1) is False
