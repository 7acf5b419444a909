"""Servers for every test that needs them; nothing starts for tests that do not.

With xdist the controller starts one pair for all workers (they find it in the environment);
without, the first test that asks starts it.
"""

import os
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from uuid import uuid4

import asyncpg
import pytest
import redis

from tests.servers import Addresses, OwnServers, clone, drop, ensure_template, run_apart

_POSTGRES = "BAOZHUANG_TEST_POSTGRES"
_REDIS = "BAOZHUANG_TEST_REDIS"
_OWN = pytest.StashKey[OwnServers]()

FreshDatabase = Callable[[], Awaitable[str]]


def pytest_configure(config: pytest.Config) -> None:
    """In the controller of an xdist run: start the servers its workers will share."""
    distributed = bool(config.getoption("numprocesses", default=None))
    if distributed and not hasattr(config, "workerinput"):
        config.stash[_OWN] = OwnServers()
        addresses = config.stash[_OWN].addresses
        os.environ[_POSTGRES], os.environ[_REDIS] = addresses.postgres, addresses.redis


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop what this process started."""
    if own := config.stash.get(_OWN, None):
        own.stop()


@pytest.fixture(scope="session")
def servers(pytestconfig: pytest.Config) -> Addresses:
    """The addresses of a real PostgreSQL (durability off) and a real Valkey."""
    if _POSTGRES in os.environ:
        return Addresses(os.environ[_POSTGRES], os.environ[_REDIS])
    if _OWN not in pytestconfig.stash:
        pytestconfig.stash[_OWN] = OwnServers()
    return pytestconfig.stash[_OWN].addresses


@pytest.fixture(scope="session")
def template(servers: Addresses) -> Addresses:
    """The servers with the migrated template database made."""
    run_apart(ensure_template(servers))
    return servers


@pytest.fixture(scope="session")
def database_url(template: Addresses, worker_id: str) -> Iterator[str]:
    """One migrated database for this worker, shared by its tests for the whole session."""
    name = f"tests_{worker_id}"
    yield run_apart(clone(template, name))
    run_apart(drop(template, name))


@pytest.fixture
async def fresh_database(template: Addresses) -> AsyncIterator[FreshDatabase]:
    """Makes migrated databases for one test alone: ``url = await fresh_database()``."""
    made: list[str] = []

    async def make() -> str:
        made.append(f"fresh_{uuid4().hex}")
        return await clone(template, made[-1])

    yield make
    for name in made:
        await drop(template, name)


@pytest.fixture
async def empty_database(servers: Addresses) -> AsyncIterator[str]:
    """A database without any table, for tests of migrations and start-up."""
    name = f"empty_{uuid4().hex}"
    admin = await asyncpg.connect(servers.database("postgres"))
    try:
        await admin.execute(f'CREATE DATABASE "{name}"')
        yield servers.database(name)
        await admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    finally:
        await admin.close()


@pytest.fixture
def redis_url(servers: Addresses, worker_id: str) -> str:
    """This worker's own Redis database, emptied before every test."""
    number = int(worker_id.removeprefix("gw")) + 1 if worker_id.startswith("gw") else 0
    url = servers.redis_database(number)
    with redis.Redis.from_url(url) as client:
        client.flushdb()
    return url
