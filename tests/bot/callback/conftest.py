"""The two addresses on a real socket, with somebody simple in the place of the talk."""

import io
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import httpx
import pytest
from sanic import Sanic

from bot import door
from bot.door import Takers
from bot.rendering import Said
from config.settings import Settings
from server import logs
from server.app import create_app
from tests.bot.callback.sender import ACCOUNT, Sender
from tests.serving import serving
from wechat.messages import Pushed

TOKEN = "tokenofthetests"
AES_KEY = "Q2hpbmVzZUpvaW50VXRpbGl0eUhvb2tVcFRlc3RzMDE"
OLD_KEY = "T2xkQ2hpbmVzZUpvaW50VXRpbGl0eUhvb2tVcFRlczA"
OA = "wx0123456789abcdef"
MP = "wxfedcba9876543210"

Act = Callable[[Pushed], Awaitable[Said | None]]


@dataclass
class Listener:
    """Notes what it is told and answers as the test says."""

    heard: list[Pushed] = field(default_factory=list)
    act: Act | None = None

    async def take(self, pushed: Pushed) -> Said | None:
        """As ``Taking``."""
        self.heard.append(pushed)
        return await self.act(pushed) if self.act else None

    async def drain(self) -> int:
        """Nothing is kept."""
        return 0

    async def finish(self) -> None:
        """Nothing is under way."""


@dataclass
class Bare:
    """A wiring that opens nothing: the addresses alone are under test."""

    takers: Takers
    at: datetime | None = None

    @property
    def clock(self) -> "Bare":
        return self

    def now(self) -> datetime:
        return self.at or datetime.now(UTC)

    async def open(self) -> None:
        """Nothing to open."""

    async def close(self) -> None:
        """Nothing to close."""


def settings_of(home: Path, **given: str) -> Settings:
    """Both accounts with the tests' secrets."""
    values = {
        "wechat_oa_appid": OA,
        "wechat_oa_token": TOKEN,
        "wechat_oa_aes_key": AES_KEY,
        "wechat_oa_aes_key_previous": OLD_KEY,
        "wechat_oa_original_id": ACCOUNT,
        "wechat_mp_appid": MP,
        "wechat_mp_token": TOKEN,
        "wechat_mp_aes_key": AES_KEY,
        "wechat_mp_aes_key_previous": OLD_KEY,
        "wechat_mp_original_id": ACCOUNT,
        "database_url": "postgres://nobody@127.0.0.1/nowhere",
        "redis_url": "redis://127.0.0.1/0",
    }
    return Settings.for_demo(home, **{**values, **given})


@dataclass
class Running:
    """The addresses in use."""

    http: httpx.AsyncClient
    talk: Listener
    oa_pushes: Listener
    mp_pushes: Listener
    wiring: Bare
    log: io.StringIO
    mode: str
    """Of the official account; the mini-program's is always safe."""

    async def get(self, path: str, query: dict[str, str]) -> httpx.Response:
        return await self.http.get(path, params=query)

    async def post(self, path: str, query: dict[str, str], body: bytes) -> httpx.Response:
        return await self.http.post(path, params=query, content=body)

    def forget(self) -> None:
        """As if nothing had happened."""
        for listener in (self.talk, self.oa_pushes, self.mp_pushes):
            listener.heard.clear()
            listener.act = None
        self.wiring.at = None
        self.log.truncate(self.log.seek(0))


@asynccontextmanager
async def running(settings: Settings) -> AsyncIterator[Running]:
    """An app with these two addresses only."""
    talk, oa_pushes, mp_pushes = Listener(), Listener(), Listener()
    wiring = Bare(Takers(talk, oa_pushes, mp_pushes))
    app: Sanic[Any, Any] = create_app(settings, cast(Any, wiring), doors=[door.install])
    with logged() as log:
        async with (
            serving(app) as base_url,
            httpx.AsyncClient(base_url=base_url, trust_env=False, timeout=20) as http,
        ):
            yield Running(http, talk, oa_pushes, mp_pushes, wiring, log, settings.oa.mode)
    Sanic.unregister_app(app)


@contextmanager
def logged() -> Iterator[io.StringIO]:
    """Logs as in production, into memory."""
    root = logging.getLogger()
    before = root.handlers[:], root.level
    stream = io.StringIO()
    logs.configure("INFO", stream=stream)
    try:
        yield stream
    finally:
        root.handlers[:] = before[0]
        root.setLevel(before[1])


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder."""
    return tmp_path_factory.mktemp("callback")


@pytest.fixture(scope="module")
async def safe(home: Path) -> AsyncIterator[Running]:
    """Both accounts in safe mode."""
    async with running(settings_of(home)) as here:
        yield here


@pytest.fixture
def here(safe: Running) -> Running:
    """Both accounts in safe mode, nothing heard yet."""
    safe.forget()
    return safe


@pytest.fixture
def oa() -> Sender:
    """The platform, for the official account."""
    return Sender(TOKEN, AES_KEY, OA)


@pytest.fixture
def mp() -> Sender:
    """The platform, for the mini-program."""
    return Sender(TOKEN, AES_KEY, MP)
