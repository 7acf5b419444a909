"""Chats over a fresh database, real uploads, the platform's stand-in as a process of its own."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from config.keys import Keyring
from config.settings import Settings, WechatAccount
from server.limits import OwnCounts
from server.platform import PlatformPort
from storage.address import open_store
from storage.uploads import Uploads
from tests import stand_in as stand_in_process
from tests.wechat.control import Control
from tests.workflow.chat.talks import Talks
from tests.workflow.world import HandClock, World
from wechat.accounts import Account
from wechat.platform import Platform
from wechat.transport import Timeouts
from workflow.people.tokens import Tokens

MOST_BYTES = 10 * 1024 * 1024
PATIENT = Timeouts(connect=10, read=20, pool=10, total=30, large=30)


class MemoryLimits:
    """Counts in memory, against the test's clock."""

    def __init__(self, clock: HandClock) -> None:
        self._own = OwnCounts(lambda: clock.at.timestamp())

    async def spend(self, name: str, limit: int, window_s: int) -> int | None:
        """As the real ones."""
        return self._own.spend(name, limit, window_s)


@pytest.fixture(scope="session")
def chat_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder whose demo secrets the stand-in and the client share."""
    return tmp_path_factory.mktemp("chat_home")


@pytest.fixture(scope="session")
def chat_stand_in(chat_home: Path) -> Iterator[str]:
    """The address of the platform's stand-in."""
    with stand_in_process.started(chat_home) as process:
        yield stand_in_process.address_of(process)


@pytest.fixture
async def control(chat_stand_in: str) -> AsyncIterator[Control]:
    """The test's hand on the stand-in, set back; its fault flag fails the test."""
    control = Control(chat_stand_in)
    await control.post("/reset")
    yield control
    unexpected = await control.flag()
    await control.aclose()
    assert unexpected == []


@pytest.fixture
async def platform(chat_home: Path, chat_stand_in: str) -> AsyncIterator[Platform]:
    """The real client, without Redis."""
    nowhere = "postgres://nobody@127.0.0.1/nowhere"
    settings = Settings.for_demo(chat_home, database_url=nowhere, redis_url="redis://127.0.0.1/0")
    client = Platform(
        base_url=chat_stand_in,
        oauth_base=chat_stand_in,
        timeouts=PATIENT,
        mp=_account(settings.mp),
        oa=_account(settings.oa),
    )
    yield client
    await client.aclose()


def _account(told: WechatAccount) -> Account:
    return Account(told.appid, told.secret.get_secret_value())


@pytest.fixture
async def talks(world: World, control: Control, platform: Platform, tmp_path: Path) -> Talks:
    """Chats in the world of both cities."""
    store = open_store(tmp_path.as_uri())
    world.services = replace(
        world.services,
        platform=PlatformPort(platform),
        store=store,
        uploads=Uploads(store, tmp_path / "spool", MOST_BYTES),
        limits=MemoryLimits(world.clock),
        tokens=Tokens(Keyring("a", {"a": b"a" * 32})),
    )
    return Talks(world, control)
