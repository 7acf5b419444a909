"""The service as clients meet it: real HTTP, real PostgreSQL and Valkey, the platform's stand-in.

``service`` is one running app a module, on a database of its own. The stand-in is a process of its
own, one a run; a fault flag it raises fails the module that made it.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from config.settings import Settings
from tests import stand_in as stand_in_process
from tests.api.service import Service, running
from tests.servers import Addresses, clone, drop
from tests.wechat.control import Control


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder: its demo secrets are the same for the service and the stand-in."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="session")
def stand_in(home: Path) -> Iterator[str]:
    """The address of the platform's stand-in."""
    with stand_in_process.started(home) as process:
        yield stand_in_process.address_of(process)


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
