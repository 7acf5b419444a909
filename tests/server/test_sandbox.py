"""The demo's own routes; their absence in production; a moved clock is never forgotten."""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import asyncpg
import httpx
import pytest

from config.settings import Settings
from server.app import create_app
from server.clock import DemoClock
from server.commands import check
from server.faults import StartRefused
from server.sandbox.clock import catch_up, moved_in, refuse_moved
from server.wiring import Wiring
from tests.conftest import FreshDatabase
from tests.server.programs import CHECKOUT
from tests.server.test_settings import KEY, PRODUCTION
from tests.serving import serving

ROUTES = (
    ("GET", "/sandbox/people"),
    ("POST", "/sandbox/login-code"),
    ("POST", "/sandbox/phone-code"),
    ("POST", "/sandbox/totp-code"),
    ("GET", "/sandbox/clock"),
    ("POST", "/sandbox/clock"),
    ("GET", "/sandbox/platforms"),
)


def production(data_dir: Path, url: str, redis_url: str) -> Settings:
    """Production on the test servers."""
    given = {
        "DATA_DIR": str(data_dir),
        "DATABASE_URL": url,
        "REDIS_URL": redis_url,
        "STORAGE_URL": (data_dir / "uploads").as_uri(),
    }
    return Settings.load({**PRODUCTION, **given})


@asynccontextmanager
async def client_of(settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    """An app of these settings, served."""
    app = create_app(settings, Wiring.make(settings))
    async with (
        serving(app) as address,
        httpx.AsyncClient(base_url=address, trust_env=False) as http,
    ):
        yield http


@pytest.fixture
async def url(fresh_database: FreshDatabase) -> str:
    """A database of the test's own."""
    return await fresh_database()


@pytest.fixture
async def demo(tmp_path: Path, url: str, redis_url: str) -> AsyncIterator[httpx.AsyncClient]:
    """A demo without a stand-in."""
    settings = Settings.for_demo(
        tmp_path, database_url=url, redis_url=redis_url, wechat_api_base="http://127.0.0.1:1"
    )
    async with client_of(settings) as http:
        yield http


async def test_production_has_no_trace_of_them(tmp_path: Path, url: str, redis_url: str) -> None:
    settings = production(tmp_path, url, redis_url)
    async with client_of(settings) as http:
        for method, path in ROUTES:
            answer = await http.request(method, path)
            assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
        document = (await http.get("/openapi.json")).json()
        assert not [path for path in document["paths"] if path.startswith("/sandbox")]
        assert "演示" not in [tag["name"] for tag in document["tags"]]


async def test_a_demo_describes_them(demo: httpx.AsyncClient) -> None:
    paths = (await demo.get("/openapi.json")).json()["paths"]
    for method, path in ROUTES:
        assert method.lower() in paths[path]


async def test_who_may_be_played(demo: httpx.AsyncClient) -> None:
    people = (await demo.get("/sandbox/people")).json()["people"]
    codes = [person["code"] for person in people]
    assert len(set(codes)) == len(codes)
    roles = {(person["city"], person["role"]) for person in people}
    for city in ("daye", "zhoukou"):
        assert {role for where, role in roles if where == city} == {
            "applicant",
            "window_clerk",
            "utility_clerk",
            "crew",
            "approver",
            "regulator",
            "coordinator",
            "system_admin",
            "security_admin",
            "auditor",
        }
    phones = [person["phone"] for person in people]
    assert len(set(phones)) == len(phones)


async def test_without_a_stand_in_there_is_no_code(demo: httpx.AsyncClient) -> None:
    answer = await demo.post("/sandbox/login-code", json={"person": "daye-owner"})
    assert (answer.status_code, answer.json()["code"]) == (503, "platform_unavailable")


async def test_nobody_unknown_has_a_second_factor(demo: httpx.AsyncClient) -> None:
    answer = await demo.post("/sandbox/totp-code", json={"person": "nobody"})
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


async def test_only_keys_a_demo_made_are_told(
    tmp_path: Path, url: str, redis_url: str, demo: httpx.AsyncClient
) -> None:
    told = (await demo.get("/sandbox/platforms")).json()["platforms"]
    assert {each["platform"] for each in told} >= {"zigui@daye", "zhujian@zhoukou"}
    settings = Settings.for_demo(
        tmp_path, database_url=url, redis_url=redis_url, integration_keys=f"zigui@daye:{KEY}"
    )
    async with client_of(settings) as http:
        assert (await http.get("/sandbox/platforms")).json()["platforms"] == []


async def test_the_clock_moves_forwards_only_and_is_recorded(
    demo: httpx.AsyncClient, url: str
) -> None:
    moved = (await demo.post("/sandbox/clock", json={"forward_seconds": 3600})).json()
    assert 3599 <= moved["ahead_seconds"] <= 3600
    assert await moved_in(url) == timedelta(hours=1)
    to = datetime.now(UTC) + timedelta(days=2)
    there = (await demo.post("/sandbox/clock", json={"to": to.isoformat()})).json()
    assert datetime.fromisoformat(there["now"]) >= to.replace(microsecond=0)
    for body in (
        {"to": (to - timedelta(hours=1)).isoformat()},
        {"forward_seconds": 0},
        {"forward_seconds": -1},
        {"to": to.isoformat(), "forward_seconds": 1},
        {"to": "2026-12-01T09:00:00"},
        {},
    ):
        answer = await demo.post("/sandbox/clock", json=body)
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid"), body
    assert (await demo.get("/sandbox/clock")).json()["ahead_seconds"] >= 2 * 86400 - 2


async def test_production_refuses_a_database_whose_clock_was_moved(
    tmp_path: Path,
    demo: httpx.AsyncClient,
    url: str,
    redis_url: str,
) -> None:
    await refuse_moved(url, demo=False)
    await demo.post("/sandbox/clock", json={"forward_seconds": 60})
    await refuse_moved(url, demo=True)
    with pytest.raises(StartRefused, match="拨快"):
        await refuse_moved(url, demo=False)
    async with client_of(production(tmp_path / "apart", url, redis_url)) as http:
        assert (await http.get("/readyz")).status_code == 503


async def test_a_database_that_does_not_answer_is_not_judged() -> None:
    assert await moved_in("postgres://nobody@127.0.0.1:1/none") is None
    await refuse_moved("postgres://nobody@127.0.0.1:1/none", demo=False)


async def test_an_empty_database_was_not_moved(empty_database: str) -> None:
    assert await moved_in(empty_database) == timedelta()


async def test_check_names_the_moved_database(tmp_path: Path, url: str, redis_url: str) -> None:
    settings = production(tmp_path, url, redis_url)
    assert await check.database_problems(settings) == []
    connection = await asyncpg.connect(url)
    try:
        await connection.execute("INSERT INTO service_clock VALUES (1, 90)")
    finally:
        await connection.close()
    (problem,) = await check.database_problems(settings)
    assert problem.startswith("DATABASE_URL：")
    assert "0:01:30" in problem


@pytest.mark.parametrize(("stored", "clock", "both"), [(3600, 60, 3600), (60, 3600, 3600)])
async def test_clock_and_database_agree_on_the_later(
    tmp_path: Path, url: str, redis_url: str, stored: int, clock: int, both: int
) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute("INSERT INTO service_clock VALUES (1, $1)", stored)
        DemoClock(tmp_path).advance(timedelta(seconds=clock))
        wiring = Wiring.make(Settings.for_demo(tmp_path, database_url=url, redis_url=redis_url))
        await wiring.open()
        try:
            await catch_up(wiring)
        finally:
            await wiring.close()
        assert DemoClock(tmp_path).offset == timedelta(seconds=both)
        assert await moved_in(url) == timedelta(seconds=both)
    finally:
        await connection.close()


@pytest.mark.parametrize("command", ["serve", "worker"])
async def test_production_does_not_start_on_it(
    command: str, tmp_path: Path, url: str, redis_url: str
) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute("INSERT INTO service_clock VALUES (1, 60)")
    finally:
        await connection.close()
    given = {**PRODUCTION, "DATA_DIR": str(tmp_path), "DATABASE_URL": url, "REDIS_URL": redis_url}
    given["STORAGE_URL"] = (tmp_path / "uploads").as_uri()
    done = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-m", "server", command],
        cwd=CHECKOUT,
        env={"PATH": os.environ.get("PATH", ""), **given},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 1
    assert "拨快" in done.stderr
    assert "Traceback" not in done.stderr
