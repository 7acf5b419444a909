"""PostgreSQL and Redis frozen, killed, emptied and locked under the real service."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
import redis.asyncio as aioredis

from tests.api.service import Service, ok, problem
from tests.faults.acting import Insistent, drafts, submitted, unavailable
from tests.faults.ledger import Ledger
from tests.faults.product import Product, readiness, until
from tests.wechat.control import Control
from workflow.people.attempts import DESK_ADDRESS


@asynccontextmanager
async def held(product: Product, statement: str) -> AsyncIterator[None]:
    """A foreign transaction that has run ``statement`` and does not end."""
    connection = await asyncpg.connect(product.database_url)
    try:
        async with connection.transaction():
            await connection.execute(statement)
            yield
    finally:
        await connection.close()


async def sign_in(control: Control, service: Service) -> httpx.Response:
    """李 signs in with a fresh code of the platform."""
    code = await control.code("login", "li")
    return await service.nobody.post("/sessions", {"kind": "mp", "code": code}, key=None)


async def test_without_redis_everything_goes_on(
    product: Product, service: Service, control: Control, ledger: Ledger
) -> None:
    """In flight: counting falls back to each process, and operators see it."""
    waiting = await drafts(service, "daye", 2)
    owner = await service.owner()
    ok(await sign_in(control, service), 201)
    with product.without_redis():
        found = await readiness(product.address)
        assert (found["status"], found["redis"]) == ("degraded", False)
        await Insistent(ledger).submit(owner, waiting[0])
        ok(await sign_in(control, service), 201)
    with product.frozen_redis():
        found = await readiness(product.address)
        assert (found["status"], found["redis"]) == ("degraded", False)
        began = time.monotonic()
        ok(await sign_in(control, service), 201)
        assert time.monotonic() - began < 3
        await Insistent(ledger).submit(owner, waiting[1])
    async with aioredis.from_url(product.redis_url) as redis:
        await redis.flushall()
    ok(await sign_in(control, service), 201)
    ok(await owner.get("/me"))
    await ledger.check()


async def test_without_redis_limits_still_hold(product: Product, service: Service) -> None:
    """Each process counts for itself, by the true peer: nobody knocks unhindered."""
    most = 2 * DESK_ADDRESS.tries
    lies = [{"x-forwarded-for": f"203.0.113.{n}", "x-real-ip": "::1"} for n in range(most + 1)]
    began = time.monotonic()
    with product.without_redis():
        answers = [await service.nobody.post("/desk/logins", key=None, headers=lie) for lie in lies]
    assert time.monotonic() - began < DESK_ADDRESS.window_s
    refused = [answer for answer in answers if answer.status_code != 201]
    assert refused
    for answer in refused:
        problem(answer, 429, "too_many")
        assert 1 <= int(answer.headers["retry-after"]) <= DESK_ADDRESS.window_s


async def test_a_database_frozen_for_a_moment_is_waited_for(
    product: Product, service: Service, ledger: Ledger
) -> None:
    waiting = await drafts(service, "daye", 4)
    owner, client = await service.owner(), Insistent(ledger)
    with product.frozen_postgres():
        asked = [asyncio.create_task(client.submit(owner, draft)) for draft in waiting]
        _, late = await asyncio.wait(asked, timeout=3)
        assert len(late) == len(asked)
    await asyncio.gather(*asked)
    assert (client.trouble.cut, client.trouble.refused) == (0, 0)
    await ledger.check()


async def test_a_database_frozen_for_long_is_a_503_in_time(
    product: Product, service: Service, ledger: Ledger
) -> None:
    """More callers than connections: each has its answer by the deadline, and health says so;
    afterwards no connection is lost and what was asked is solved by its key."""
    waiting = await drafts(service, "zhoukou", 24)
    owner = await service.owner()
    keys = [uuid4().hex for _ in waiting]

    async def submit(number: int) -> httpx.Response:
        draft = waiting[number]
        path = f"/applications/{draft['id']}/submit"
        return await owner.post(path, version=draft["version"], key=keys[number])

    with product.frozen_postgres():
        began = time.monotonic()
        asked = [asyncio.create_task(submit(number)) for number in range(len(waiting))]
        health = await readiness(product.address)
        assert (health["status"], health["database"]) == ("unavailable", False)
        answers = await asyncio.wait_for(asyncio.gather(*asked), 13)
        assert time.monotonic() - began < 12
        for answer in answers:
            unavailable(answer)
    client = Insistent(ledger)
    for number, draft in enumerate(waiting):
        path = f"/applications/{draft['id']}/submit"
        answer = await client.post(owner, path, version=draft["version"], key=keys[number])
        ledger.note(answer, owner.person, keys[number], "submit", draft["id"])
    began = time.monotonic()
    answers = await asyncio.gather(*(owner.get("/me") for _ in range(40)))
    assert {answer.status_code for answer in answers} == {200}
    assert time.monotonic() - began < 3
    await ledger.check()


async def test_a_database_crashed_under_load(
    product: Product, service: Service, ledger: Ledger
) -> None:
    """Acknowledged is kept, the rest is 503 until it is up, and then within two seconds not."""
    waiting = await drafts(service, "daye", 40)
    owner, client = await service.owner(), Insistent(ledger)
    lanes = asyncio.Semaphore(6)

    async def submit(draft: dict[str, Any]) -> None:
        async with lanes:
            await client.submit(owner, draft)

    asked = [asyncio.create_task(submit(draft)) for draft in waiting]
    while len(ledger.entries) < 10:
        await asyncio.wait(asked, timeout=0.01)
    await asyncio.to_thread(product.crash_postgres)
    assert any(not task.done() for task in asked)
    down = await owner.get("/me")
    unavailable(down)
    assert (await readiness(product.address))["status"] == "unavailable"
    await asyncio.to_thread(product.start_postgres)

    async def back() -> bool:
        return (await owner.get("/me")).status_code == 200

    assert await until(back, 2.0, "back after the database") < 2.0
    await asyncio.gather(*asked)
    assert client.trouble.cut == 0
    assert client.trouble.refused > 0
    await ledger.check()


async def test_a_lock_held_by_somebody_else(
    product: Product, service: Service, ledger: Ledger
) -> None:
    """Whoever needs it is told to come again in good time; others go on."""
    app = await submitted(service, "daye")
    owner, path = await service.owner(), f"/applications/{app['id']}/withdraw"
    key = uuid4().hex
    async with held(product, "LOCK TABLE applications IN ACCESS EXCLUSIVE MODE"):
        began = time.monotonic()
        blocked = [
            asyncio.create_task(owner.post(path, {}, version=app["version"], key=each))
            for each in (key, key, *(uuid4().hex for _ in range(4)))
        ]
        while not blocked[0].done():
            asked = time.monotonic()
            ok(await owner.get("/me"))
            ok(await service.nobody.get("/cities"))
            assert time.monotonic() - asked < 2
            await asyncio.wait(blocked, timeout=0.1)
        for answer in await asyncio.gather(*blocked):
            unavailable(answer)
        assert time.monotonic() - began < 8
    again = await owner.post(path, {}, version=app["version"], key=key)
    ok(again)
    ledger.note(again, owner.person, key, "withdraw", app["id"])
    await ledger.check()


async def test_one_case_locked_by_somebody_else(
    product: Product, service: Service, ledger: Ledger
) -> None:
    """A row held too long refuses the acts on it alone."""
    app, other = await submitted(service, "daye"), await submitted(service, "daye")
    owner = await service.owner()
    row = f"SELECT FROM applications WHERE id = '{app['id']}' FOR UPDATE"
    async with held(product, row):
        began = time.monotonic()
        blocked = asyncio.create_task(
            owner.post(f"/applications/{app['id']}/withdraw", {}, version=app["version"])
        )
        ok(await owner.post(f"/applications/{other['id']}/withdraw", {}, version=other["version"]))
        unavailable(await blocked)
        assert time.monotonic() - began < 6
    await ledger.check()


async def test_redis_and_platform_down_at_the_start(
    product: Product, service: Service, ledger: Ledger
) -> None:
    """The service starts, says degraded, and everything that needs neither works."""
    (draft,) = await drafts(service, "daye", 1)
    owner = await service.owner()
    nowhere = {"WECHAT_API_BASE": "http://127.0.0.1:1", "WECHAT_OAUTH_BASE": "http://127.0.0.1:1"}
    with product.serve("alone", REDIS_URL="redis://127.0.0.1:1/0", **nowhere) as alone:
        alone.wait_ready()
        found = await readiness(alone.address)
        assert (found["status"], found["redis"]) == ("degraded", False)
        async with httpx.AsyncClient(base_url=alone.address, trust_env=False) as line:
            caller = type(owner)(line, owner.person, owner.token, owner.judge)
            await Insistent(ledger).submit(caller, draft)
            code = {"kind": "mp", "code": "any"}
            unavailable(await caller.post("/sessions", code, key=None), "platform_unavailable")
    await ledger.check()
