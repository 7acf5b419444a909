"""The addresses the platform pushes to: ``/wechat/callback`` and ``/wechat/miniprogram``.

No part of the API: nobody but the platform calls here, in its own formats and with its own errors.
"""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import parse_qsl

import structlog
from sanic import Request, Sanic
from sanic.response import HTTPResponse

from bot import callback
from bot.addresses import MINI_PROGRAM, OFFICIAL_ACCOUNT
from bot.callback import Answered, Callback, Taking
from bot.rendering import Said
from bot.traces import trace_of
from config.texts.chat import chat
from doors.plain import PlainResponse
from doors.streams import body_of, hear_out
from wechat.callback import MAX_BODY_BYTES, Oversized
from wechat.messages import Pushed

_log = structlog.get_logger("callback")
BODY_S = 5.0
"""Seconds for a body of at most 64 KB to arrive; the platform itself waits no longer."""

FOLLOWED_S = 1.0
"""Seconds after which whoever follows is answered, though something is still done about it."""
TALKED = frozenset({"text", "image", "voice", "video", "shortvideo", "location", "link"})
TALKED_EVENTS = frozenset({"subscribe", "scan", "click"})


class Keeping(Taking, Protocol):
    """Takes messages, and keeps those it cannot act on yet."""

    async def drain(self) -> int:
        """Act on what was kept, in order; how much."""

    async def finish(self) -> None:
        """Wait for what is under way."""


@dataclass(frozen=True, slots=True)
class Takers:
    """Who acts on what is pushed: the talk, and both accounts' other pushes."""

    talk: Keeping
    oa_pushes: Keeping
    mp_pushes: Keeping


class OfficialAccount:
    """What people write or tap goes to the talk, all else to the pushes; who follows to both, one
    after the other: the platform is answered in time all the same, and the second goes on.
    """

    def __init__(self, talk: Taking, pushes: Taking, *, patience: float = FOLLOWED_S) -> None:
        self._talk = talk
        self._pushes = pushes
        self._patience = patience
        self._going_on: set[asyncio.Task[None]] = set()

    async def take(self, pushed: Pushed) -> Said | None:
        """As ``Taking``."""
        talked = pushed.event in TALKED_EVENTS if pushed.type == "event" else pushed.type in TALKED
        if not talked:
            return await self._pushes.take(pushed)
        began = time.monotonic()
        try:
            said = await self._talk.take(pushed)
        except OSError as fault:  # neither done nor kept: whoever wrote must know to write again
            _log.error("message_not_kept", type=pushed.type, trace=trace_of(fault))
            said = Said.of_text(chat("trouble"))
        if pushed.event == "subscribe":
            task = asyncio.create_task(self._push(pushed))
            self._going_on.add(task)
            task.add_done_callback(self._going_on.discard)
            await asyncio.wait({task}, timeout=max(0, began + self._patience - time.monotonic()))
        return said

    async def finish(self) -> None:
        """Wait for what goes on after its answer."""
        await asyncio.gather(*self._going_on)

    async def _push(self, pushed: Pushed) -> None:
        try:
            await self._pushes.take(pushed)
        except Exception as fault:  # the edge of a task: nobody else would hear of it
            _log.error("push_failed", event_name=pushed.event, trace=trace_of(fault))


def install(app: Sanic[Any, Any]) -> None:
    """Both addresses; who acts is found in the opened wiring as ``takers``."""
    callbacks: dict[str, Callback] = {}
    accounts: list[OfficialAccount] = []

    async def begin(*_: object) -> None:
        settings, wiring = app.ctx.settings, app.ctx.wiring
        found: Takers = wiring.takers
        official = OfficialAccount(found.talk, found.oa_pushes)
        accounts.append(official)
        clocks = (time.time, lambda: wiring.clock.now().timestamp())
        callbacks["oa"] = Callback("oa", settings.oa, official, clocks=clocks)
        callbacks["mp"] = Callback("mp", settings.mp, found.mp_pushes, clocks=clocks)

    async def end(*_: object) -> None:
        await asyncio.gather(*(each.finish() for each in accounts))

    app.register_listener(begin, "before_server_start")
    app.register_listener(end, "after_server_stop")
    for name, path in (("oa", OFFICIAL_ACCOUNT), ("mp", MINI_PROGRAM)):
        _route(app, name, path, callbacks)


def _route(app: Sanic[Any, Any], name: str, path: str, callbacks: Mapping[str, Callback]) -> None:
    async def check(request: Request) -> HTTPResponse:
        return _sent(callbacks[name].echo(query_of(request)))

    async def push(request: Request) -> HTTPResponse:
        try:
            body = await read(request)
        except Oversized:
            await hear_out(request, BODY_S)
            return _sent(callbacks[name].refused(callback.OVERSIZED, "size"))
        except TimeoutError:
            return _sent(callbacks[name].refused(callback.TOO_SLOW, "body"))
        return _sent(await callbacks[name].answer(query_of(request), body))

    app.add_route(check, path, methods=["GET"], name=f"wechat_{name}_check", strict_slashes=True)
    app.add_route(
        push, path, methods=["POST"], name=f"wechat_{name}_push", strict_slashes=True, stream=True
    )


def query_of(request: Request) -> dict[str, str]:
    """The query's values, with every byte of them kept: ``echostr`` goes back as it came."""
    pairs = parse_qsl(request.query_string, keep_blank_values=True, errors="surrogateescape")
    return dict(pairs)


async def read(request: Request) -> bytes:
    """The body. Raises TimeoutError, and Oversized, by what is declared before anything is read."""
    declared = request.headers.get("content-length", "0")
    if len(declared) > 9 or (declared.isdecimal() and int(declared) > MAX_BODY_BYTES):
        raise Oversized
    parts, size = [], 0
    async with asyncio.timeout(BODY_S):
        async for part in body_of(request):
            size += len(part)
            if size > MAX_BODY_BYTES:
                raise Oversized
            parts.append(part)
    return b"".join(parts)


def _sent(answered: Answered) -> HTTPResponse:
    return PlainResponse(answered.body, answered.status, content_type=answered.content_type)
