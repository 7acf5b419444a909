"""The service as clients meet it: real HTTP, real PostgreSQL and Valkey, the platform's stand-in.

``service`` is one running app a module, on a database of its own. The stand-in is a process of its
own, one a run; a fault flag it raises fails the module that made it.
"""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from config.settings import Settings
from tests.api.service import Service, running
from tests.servers import Addresses, clone, drop
from tests.wechat.control import Control

PEOPLE = [
    {"id": "li", "name": "李样", "phone": "13800001234"},
    {"id": "zhao", "name": "赵样", "phone": "13800005678"},
    {"id": "sun", "name": "孙样", "phone": "13800009012"},
    {"id": "wu", "name": "吴样"},
]
"""Everybody who may sign in for real; ``wu`` has no phone."""


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder: its demo secrets are the same for the service and the stand-in."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="session")
def stand_in(home: Path) -> Iterator[str]:
    """The address of the platform's stand-in."""
    somewhere = "postgres://nobody@127.0.0.1/nowhere"
    settings = Settings.for_demo(home, database_url=somewhere, redis_url="redis://127.0.0.1/0")
    accounts = {
        kind: {
            "appid": account.appid,
            "secret": account.secret.get_secret_value(),
            "token": account.token.get_secret_value(),
            "aes_key": account.aes_key.get_secret_value(),
            "mode": account.mode,
        }
        for kind, account in (("mp", settings.mp), ("oa", settings.oa))
    }
    config = home / "sandbox.json"
    config.write_text(json.dumps({**accounts, "people": PEOPLE}))
    process = subprocess.Popen(
        [sys.executable, "-m", "wechat.sandbox", "--port", "0", "--config", str(config)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ},
    )
    try:
        assert process.stdout
        yield f"http://127.0.0.1:{json.loads(process.stdout.readline())['port']}"
    finally:
        process.terminate()
        process.communicate(timeout=10)


@pytest.fixture(scope="module")
async def control(stand_in: str) -> AsyncIterator[Control]:
    """The test's hand on the stand-in, set back for each module; its fault flag fails it."""
    control = Control(stand_in)
    await control.post("/reset")
    yield control
    unexpected = await control.flag()
    await control.aclose()
    assert unexpected == []


@pytest.fixture(scope="module")
async def service(
    template: Addresses, home: Path, stand_in: str, control: Control, worker_id: str
) -> AsyncIterator[Service]:
    """The running app. Its clock stands at nine on an ordinary Monday; tests move it forwards."""
    name = f"api_{uuid4().hex}"
    number = 8 + (int(worker_id.removeprefix("gw")) % 8 if worker_id.startswith("gw") else 0)
    settings = Settings.for_demo(
        home,
        database_url=await clone(template, name),
        redis_url=template.redis_database(number),
        wechat_api_base=stand_in,
        wechat_oauth_base=stand_in,
    )
    async with running(settings) as service:
        yield service
    await asyncio.shield(drop(template, name))
