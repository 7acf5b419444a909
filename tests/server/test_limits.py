"""Counting tries: in Valkey for everybody together, alone while it is away."""

import asyncio
from collections.abc import AsyncIterator
from uuid import uuid4

import pytest
import redis.asyncio as aioredis

from server.limits import OwnCounts, RedisLimits
from server.ports import free_port


@pytest.fixture
async def limits(redis_url: str) -> AsyncIterator[tuple[RedisLimits, RedisLimits]]:
    """Two processes' views of one Valkey."""
    clients = [aioredis.from_url(redis_url) for _ in range(2)]
    yield RedisLimits(clients[0]), RedisLimits(clients[1])
    for client in clients:
        await client.aclose()


async def test_processes_count_together(limits: tuple[RedisLimits, RedisLimits]) -> None:
    name = uuid4().hex
    tries = [limits[turn % 2].spend(name, 7, 60) for turn in range(10)]
    found = await asyncio.gather(*tries)
    assert sum(wait is None for wait in found) == 7
    assert all(0 < wait <= 60 for wait in found if wait is not None)


async def test_names_are_counted_apart(limits: tuple[RedisLimits, RedisLimits]) -> None:
    assert await limits[0].spend(uuid4().hex, 1, 60) is None
    assert await limits[0].spend(uuid4().hex, 1, 60) is None


async def test_a_window_ends_by_itself(
    limits: tuple[RedisLimits, RedisLimits], redis_url: str
) -> None:
    name = uuid4().hex
    for _ in range(2):
        await limits[0].spend(name, 1, 60)
    async with aioredis.from_url(redis_url) as client:
        assert 0 < await client.ttl(f"limit:{name}") <= 60
        await client.delete(f"limit:{name}")
    assert await limits[0].spend(name, 1, 60) is None


async def test_without_valkey_a_process_counts_alone() -> None:
    now = 0.0
    client = aioredis.from_url(f"redis://127.0.0.1:{free_port()}/0", socket_connect_timeout=0.2)
    limits = RedisLimits(client, clock=lambda: now)
    assert [await limits.spend("a", 2, 60) for _ in range(3)] == [None, None, 60]
    now = 59.5
    assert await limits.spend("a", 2, 60) == 1
    now = 60.0
    assert await limits.spend("a", 2, 60) is None
    await client.aclose()


def test_alone_it_forgets_the_oldest_beyond_its_bound() -> None:
    counts = OwnCounts(lambda: 0.0)
    assert counts.spend("first", 1, 60) is None
    for number in range(10_000):
        counts.spend(str(number), 1, 60)
    assert counts.spend("first", 1, 60) is None
    assert counts.spend("9999", 1, 60) == 60
