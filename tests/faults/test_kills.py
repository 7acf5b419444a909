"""HTTP workers and background workers killed with -9 while they work."""

import asyncio
import os
import random
import signal
from typing import Any

import httpx
import pytest

from tests.api.service import Caller, Service, ok
from tests.faults.acting import Insistent, drafts
from tests.faults.ledger import Ledger
from tests.faults.product import Product, readiness, until
from workflow.background.outbox import LEASE

SUBMITS = 24


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_a_worker_killed_in_the_middle_of_submits(
    product: Product, service: Service, ledger: Ledger, seed: int
) -> None:
    """Acknowledged is kept, unknown is solved by the key, and nobody waits for long."""
    chance = random.Random(seed)
    city = ("daye", "zhoukou")[seed % 2]
    owner = await service.owner()
    waiting = await drafts(service, city, SUBMITS)
    kill_after = {chance.randrange(1, SUBMITS - 4) for _ in range(2)}
    client, done, victims = Insistent(ledger), 0, set[int]()
    lanes = asyncio.Semaphore(6)

    async def submit(draft: dict[str, Any]) -> None:
        nonlocal done
        async with lanes:
            await client.submit(owner, draft)
        done += 1
        if done in kill_after:
            victim = chance.choice(product.serving.workers())
            victims.add(victim)
            os.kill(victim, signal.SIGKILL)

    await asyncio.gather(*(submit(draft) for draft in waiting))
    numbers = [entry.told["number"] for entry in ledger.entries]
    assert len(set(numbers)) == len(numbers) == SUBMITS
    assert client.trouble.longest_s < 5

    async def replaced() -> bool:
        alive = product.serving.workers()
        return len(alive) == 2 and not victims & set(alive)

    assert victims
    await until(replaced, 10.0, "every killed worker replaced")
    await ledger.check()
    for entry in ledger.entries[:5]:  # and the key still gives the same
        path = f"/applications/{entry.id}/submit"
        version = next(draft["version"] for draft in waiting if draft["id"] == str(entry.id))
        again = await owner.post(path, version=version, key=entry.key)
        assert (again.status_code, again.content) == (entry.status, entry.body)
        assert again.headers["idempotency-replayed"] == "true"


async def test_while_a_killed_worker_is_replaced_nobody_is_refused(product: Product) -> None:
    """The other worker takes new connections; a cut line is only that of the killed one."""
    victim = product.serving.workers()[0]
    os.kill(victim, signal.SIGKILL)
    failed = 0

    async def whole() -> bool:
        nonlocal failed
        failed += (await readiness(product.address)).get("status") != "ready"
        alive = product.serving.workers()
        return len(alive) == 2 and victim not in alive

    await until(whole, 5.0, "two workers again")
    assert failed == 0


async def test_both_workers_killed_are_back(product: Product) -> None:
    victims = product.serving.workers()
    for pid in victims:
        os.kill(pid, signal.SIGKILL)

    async def whole() -> bool:
        found = await readiness(product.address)
        return found.get("status") == "ready" and not set(victims) & set(product.serving.workers())

    await until(whole, 5.0, "workers back")


async def test_the_background_worker_killed_while_it_holds_rows(
    product: Product, service: Service, ledger: Ledger
) -> None:
    """What it held is free when its lease ends, and another tells it; nothing stays open."""
    waiting = await drafts(service, "daye", 10)
    owner, client = await service.owner(), Insistent(ledger)
    submits = asyncio.gather(*(client.submit(owner, draft) for draft in waiting))
    product.worker.end(signal.SIGKILL)
    await submits
    later = {"forward_seconds": int(LEASE.total_seconds()) + 1}
    ok(await service.nobody.http.post("/sandbox/clock", json=later))
    product.restart_worker()
    await ledger.check()


async def test_a_stop_lets_requests_in_flight_finish(
    product: Product, service: Service, ledger: Ledger
) -> None:
    """SIGTERM: everything asked before it is answered, and the program ends with 0."""
    waiting = await drafts(service, "zhoukou", 8)
    owner, client = await service.owner(), Insistent(ledger)
    with product.serve("stopping") as second:
        second.wait_for('"worker_ready"', times=2)
        lines = [
            httpx.AsyncClient(base_url=second.address, trust_env=False, timeout=20) for _ in waiting
        ]
        callers = [Caller(line, owner.person, owner.token, owner.judge) for line in lines]
        for caller in callers:
            ok(await caller.get("/me"))
        asked = [
            asyncio.create_task(client.submit(caller, draft))
            for caller, draft in zip(callers, waiting, strict=True)
        ]
        await asyncio.wait(asked, return_when=asyncio.FIRST_COMPLETED)
        second.process.send_signal(signal.SIGTERM)
        await asyncio.gather(*asked)
        assert await asyncio.to_thread(second.process.wait, 10) == 0
        for line in lines:
            await line.aclose()
    assert client.trouble.cut == 0
    assert client.trouble.refused == 0
    await ledger.check()
