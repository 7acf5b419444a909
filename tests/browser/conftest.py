"""A demo as a user starts it, and a browser that reports whatever goes wrong in the page.

Skipped where no Chromium is installed; ``./test`` then says so at its end.
"""

import json
import os
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from playwright.async_api import Browser, ConsoleMessage, Page, Request, async_playwright

from server.ports import free_port
from tests.browser import chromium
from tests.browser.chat_page import ChatPage
from tests.server.programs import Program, running
from tests.servers import Addresses, clone, drop

READY = "按 Ctrl-C 停止"
READY_S = 120.0
"""A whole demo starts beside other tests on a small machine."""
PATIENCE_MS = 30_000
_PHONE = {"width": 390, "height": 844}


@dataclass(frozen=True, slots=True)
class Demo:
    """A running demo: where it and its stand-in are."""

    address: str
    stand_in: str
    oa_appid: str
    oa_secret: str

    def told(self, what: str) -> Any:
        """What the stand-in's control surface tells."""
        return httpx.get(f"{self.stand_in}/_sandbox/{what}", trust_env=False).json()


@pytest.fixture(scope="module")
async def browser() -> AsyncIterator[Browser]:
    """The system's Chromium, headless."""
    executable = chromium.executable()
    if executable is None:
        pytest.skip("没有 Chromium：apt-get install chromium fonts-noto-cjk")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=executable, args=list(chromium.ARGUMENTS)
        )
        yield browser
        await browser.close()


@pytest.fixture(scope="module")
async def demo(
    browser: Browser,  # without one nothing is worth starting
    tmp_path_factory: pytest.TempPathFactory,
    template: Addresses,
    worker_id: str,
) -> AsyncIterator[Demo]:
    """A demo on data of its own; whatever the stand-in notices fails the module."""
    folder, name = tmp_path_factory.mktemp("demo"), f"browser_{uuid4().hex}"
    port = str(free_port())
    number = 8 + (int(worker_id.removeprefix("gw")) % 8 if worker_id.startswith("gw") else 0)
    environ = {
        "DATA_DIR": str(folder / "data"),
        "PORT": port,
        "DATABASE_URL": await clone(template, name),
        "REDIS_URL": template.redis_database(number),
    }
    with running(["-m", "server", "demo"], environ, folder / "demo.log") as program:
        program.wait_for(READY, patience=READY_S)
        oa = json.loads((folder / "data" / "sandbox.json").read_text("utf-8"))["oa"]
        demo = Demo(f"http://127.0.0.1:{port}", _stand_in(program), oa["appid"], oa["secret"])
        yield demo
        assert demo.told("flag")["reasons"] == []
        assert program.process.poll() is None
        assert program.end() in (0, 143)
    await drop(template, name)


def _stand_in(program: Program) -> str:
    found = re.search(r"微信替身 +(\S+)", program.output())
    assert found
    return found[1]


@pytest.fixture
def shots(request: pytest.FixtureRequest) -> "Shots":
    """Where this test leaves pictures: ``BROWSER_SHOTS``; without it none are taken."""
    folder = os.environ.get("BROWSER_SHOTS")
    name = re.sub(r"[^0-9A-Za-z]+", "-", request.node.name).strip("-")
    return Shots(Path(folder) if folder else None, name)


@dataclass(frozen=True, slots=True)
class Shots:
    """Takes pictures for people to look at."""

    folder: Path | None
    name: str

    async def take(self, page: Page, what: str) -> None:
        """What the page shows now, as ``<test>-<what>.png``."""
        if self.folder is not None:
            await page.screenshot(path=self.folder / f"{self.name}-{what}.png")


Opening = Callable[..., Awaitable[ChatPage]]


@pytest.fixture
async def opening(demo: Demo, browser: Browser) -> AsyncIterator[Opening]:
    """``await opening("daye-owner")``: the chat page as a phone shows it (or as told).

    A message in the console (unless not ``strict``), an exception or a request to anybody else
    fails the test.
    """
    faults: list[str] = []

    def console(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            faults.append(f"console: {message.text}")

    def asked(request: Request) -> None:
        if not request.url.startswith((f"{demo.address}/", "blob:", "data:")):
            faults.append(f"foreign: {request.url}")

    async with AsyncExitStack() as stack:

        async def open_page(person: str, *, strict: bool = True, **look: Any) -> ChatPage:
            look = {"viewport": _PHONE, "locale": "zh-CN", **look}
            context = await browser.new_context(**look)
            stack.push_async_callback(context.close)
            context.set_default_timeout(PATIENCE_MS)
            if strict:
                context.on("console", console)
            context.on("weberror", lambda error: faults.append(f"exception: {error.error}"))
            context.on("request", asked)
            page = await context.new_page()
            await page.goto(f"{demo.address}/sandbox#{person}")
            return ChatPage(page)

        yield open_page
    assert faults == []
