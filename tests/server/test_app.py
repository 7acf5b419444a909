"""What surrounds every request, and what the process says about its health."""

import asyncio
import io
import json
import logging
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from sanic import Request, Sanic
from sanic.response import HTTPResponse, html, text

from config.settings import Settings
from server import logs
from server.app import MAX_BODY, create_app
from server.wiring import Wiring
from tests.serving import serving


def door(app: Sanic[Any, Any]) -> None:
    """A few routes to look at."""

    async def echo(request: Request, word: str) -> HTTPResponse:
        return text(f"{word} {len(request.body)}")

    async def page(_: Request) -> HTTPResponse:
        return html("<p>", headers={"content-security-policy": "style-src 'self'"})

    async def fail(_: Request) -> HTTPResponse:
        raise RuntimeError("call 13800001234")

    app.add_route(echo, "/echo/<word>", methods=["POST"], name="echo")
    app.add_route(page, "/page", methods=["GET"], name="page")
    app.add_route(fail, "/fail", methods=["GET"], name="fail")


def make(data_dir: Path, database_url: str, redis_url: str) -> Sanic[Any, Any]:
    settings = Settings.for_demo(data_dir, database_url=database_url, redis_url=redis_url)
    return create_app(settings, Wiring.make(settings), doors=[door])


@pytest.fixture
async def client(
    tmp_path: Path, database_url: str, redis_url: str
) -> AsyncIterator[httpx.AsyncClient]:
    async with (
        serving(make(tmp_path, database_url, redis_url)) as address,
        httpx.AsyncClient(base_url=address) as opened,
    ):
        yield opened


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    before = root.handlers[:], root.level
    stream = io.StringIO()
    logs.configure("INFO", stream=stream)
    yield stream
    root.handlers[:], level = before
    root.setLevel(level)


async def test_ready_with_everything_there(client: httpx.AsyncClient) -> None:
    assert (await client.get("/healthz")).json() == {"status": "ok"}
    answer = await client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json() == {
        "status": "ready",
        "database": True,
        "migrated": True,
        "redis": True,
    }


async def test_without_redis_it_is_ready_but_degraded(tmp_path: Path, database_url: str) -> None:
    app = make(tmp_path, database_url, "redis://127.0.0.1:1/0")
    async with serving(app) as address, httpx.AsyncClient() as client:
        answer = await client.get(f"{address}/readyz")
    assert answer.status_code == 200
    assert (answer.json()["status"], answer.json()["redis"]) == ("degraded", False)


async def test_without_a_database_it_lives_but_is_not_ready(tmp_path: Path, redis_url: str) -> None:
    app = make(tmp_path, "postgres://nobody:x@127.0.0.1:1/none", redis_url)
    async with serving(app) as address, httpx.AsyncClient() as client:
        assert (await client.get(f"{address}/healthz")).status_code == 200
        answer = await client.get(f"{address}/readyz")
    assert answer.status_code == 503
    assert answer.json()["database"] is False


async def test_a_database_without_our_tables_is_not_ready(
    tmp_path: Path, empty_database: str, redis_url: str
) -> None:
    app = make(tmp_path, empty_database, redis_url)
    async with serving(app) as address, httpx.AsyncClient() as client:
        answer = await client.get(f"{address}/readyz")
    assert answer.status_code == 503
    assert (answer.json()["database"], answer.json()["migrated"]) == (True, False)


async def test_on_its_way_out_it_is_not_ready(
    tmp_path: Path, database_url: str, redis_url: str
) -> None:
    app = make(tmp_path, database_url, redis_url)
    async with serving(app) as address, httpx.AsyncClient() as client:
        app.ctx.draining = True
        answer = await client.get(f"{address}/readyz")
        assert answer.status_code == 503
        assert answer.json() == {"status": "stopping"}
        assert (await client.get(f"{address}/healthz")).status_code == 200


async def test_every_answer_carries_the_headers(client: httpx.AsyncClient) -> None:
    for path in ("/healthz", "/nowhere", "/fail", "/page"):
        headers = (await client.get(path)).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cache-control"] == "no-store"
        assert headers["x-frame-options"] == "DENY"
        assert headers["referrer-policy"] == "no-referrer"
        assert len(headers["x-request-id"]) == 32
        assert "server" not in headers
    assert (await client.get("/page")).headers["content-security-policy"] == "style-src 'self'"


@pytest.mark.parametrize("given", ["abc-123_X.y", "a" * 64])
async def test_a_plain_request_id_is_kept(client: httpx.AsyncClient, given: str) -> None:
    answer = await client.get("/healthz", headers={"x-request-id": given})
    assert answer.headers["x-request-id"] == given


@pytest.mark.parametrize("given", ["", "a" * 65, "a b", "a{b}", "a\u00e9", "x;y"])
async def test_any_other_request_id_is_replaced(client: httpx.AsyncClient, given: str) -> None:
    answer = await client.get("/healthz", headers=[(b"x-request-id", given.encode("latin-1"))])
    assert answer.headers["x-request-id"] != given
    assert len(answer.headers["x-request-id"]) == 32


async def test_the_access_line_has_no_query_and_no_body(
    client: httpx.AsyncClient, lines: io.StringIO
) -> None:
    await client.post("/echo/13800001234?token=topsecret", content=b"bodytext")
    await client.get("/fail?token=topsecret")
    await client.get("/healthz")
    written = lines.getvalue()
    for hidden in ("topsecret", "bodytext", "13800001234"):
        assert hidden not in written
    requests = [json.loads(x) for x in written.splitlines() if '"event":"request"' in x]
    assert [(r["method"], r["route"], r["status"]) for r in requests] == [
        ("POST", "echo/<word:str>", 200),
        ("GET", "fail", 500),
    ]
    assert written.count('"event":"request_failed"') == 1
    assert all(r["ms"] >= 0 and len(r["request_id"]) == 32 for r in requests)


async def test_a_body_above_the_limit_is_refused(client: httpx.AsyncClient) -> None:
    assert (await client.post("/echo/x", content=b"x" * MAX_BODY)).status_code == 200
    assert (await client.post("/echo/x", content=b"x" * (MAX_BODY + 1))).status_code == 413


async def test_a_request_without_host_is_refused(client: httpx.AsyncClient) -> None:
    reader, writer = await asyncio.open_connection(client.base_url.host, client.base_url.port)
    writer.write(b"GET /healthz HTTP/1.1\r\n\r\n")
    assert (await reader.readline()).split()[1] == b"400"
    writer.close()
    await writer.wait_closed()


async def test_handlers_find_settings_and_wiring(
    tmp_path: Path, database_url: str, redis_url: str
) -> None:
    app = make(tmp_path, database_url, redis_url)
    with pytest.raises(RuntimeError):
        _ = app.ctx.wiring.services
    async with serving(app):
        assert app.ctx.wiring.services.cities.codes() == ("daye", "zhoukou")
        assert app.ctx.wiring.services.clock.now().tzinfo is not None
    with pytest.raises(RuntimeError):
        _ = app.ctx.wiring.services
