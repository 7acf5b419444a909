"""How a call of the platform's API is taken apart, judged and answered.

Status 200 always; errors are a number in the body. A JSON body is read whatever its content
type says, and parameters nobody asked for are ignored, as the platform does.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from sanic import HTTPResponse, Request
from sanic.response import html, raw

from wechat.sandbox.config import Kind
from wechat.sandbox.hub import Hub
from wechat.sandbox.injection import Injection
from wechat.sandbox.refusal import WRONG, Refusal
from wechat.sandbox.world import World


@dataclass(slots=True)
class Call:
    """One request: its parameters, its body, and whose token came with it."""

    hub: Hub
    request: Request
    query: dict[str, str]
    kind: Kind = "mp"

    @property
    def world(self) -> World:
        """The state."""
        return self.hub.world

    @property
    def now(self) -> float:
        """The stand-in's time, Unix seconds."""
        return self.world.clock.now()

    def json(self) -> dict[str, Any]:
        """The body as an object. Refuses 44002 empty, 47001 malformed."""
        if not self.request.body:
            raise Refusal(44002, "empty post data")
        try:
            body = json.loads(self.request.body.decode())
        except ValueError:
            raise Refusal(47001, "data format error") from None
        if not isinstance(body, dict):
            raise Refusal(47001, "data format error")
        return body


Answer = dict[str, Any] | HTTPResponse
Handler = Callable[[Call], Awaitable[Answer]]


@dataclass(frozen=True, slots=True)
class _Endpoint:
    handler: Handler
    method: str
    accounts: tuple[Kind, ...]
    token: bool


_ENDPOINTS: dict[str, _Endpoint] = {}


def endpoint(
    path: str, method: str, *, accounts: tuple[Kind, ...] = ("mp", "oa"), token: bool = True
) -> Callable[[Handler], Handler]:
    """Registers a call: its method, which accounts may use it, whether it needs a token."""

    def register(handler: Handler) -> Handler:
        _ENDPOINTS[path] = _Endpoint(handler, method, accounts, token)
        return handler

    return register


async def dispatch(hub: Hub, request: Request) -> HTTPResponse:
    """Answers one call, with the fault injected for it if there is one."""
    world = hub.world
    path = request.path
    world.counters[path] += 1
    injection = world.injections.take(path)
    if injection is None:
        return await _answer(hub, request)
    if injection.kind in ("truncate", "delay") or injection.after:
        if injection.kind == "delay":
            await asyncio.sleep(injection.seconds)
        right = await _answer(hub, request)
        return right if injection.kind == "delay" else await _spoil(injection, request, right)
    return await _spoil(injection, request, None)


async def _spoil(
    injection: Injection, request: Request, right: HTTPResponse | None
) -> HTTPResponse:
    if injection.kind == "errcode":
        return _encode(Refusal(injection.errcode, injection.errmsg).body())
    if injection.kind == "html":
        page = "<html><head><title>502 Bad Gateway</title></head><body>openresty</body></html>"
        return html(page, status=injection.status)
    if injection.kind == "truncate" and right is not None and right.body:
        return raw(right.body[: len(right.body) // 2], content_type="application/json")
    if injection.kind == "oversize":
        return raw(b" " * injection.size, content_type="application/json")
    if injection.kind == "body":
        return raw(injection.body.encode(), content_type="application/json")
    if injection.kind == "timeout":
        await asyncio.sleep(injection.seconds)
    abort = getattr(request.transport, "abort", None)
    if abort is not None:
        abort()
    return raw(b"", status=200)


async def _answer(hub: Hub, request: Request) -> HTTPResponse:
    query = dict(parse_qsl(request.query_string, keep_blank_values=True))
    call = Call(hub, request, query)
    try:
        answer = await _checked(call)
    except Refusal as refusal:
        return _refused(call, refusal)
    except Exception as fault:
        # Our own mistake: it must fail the suite, and answer like the platform's bad days.
        hub.world.flag.raise_for("stand-in", path=request.path, problem=repr(fault))
        return _encode(Refusal(-1, "system error").body())
    return answer if isinstance(answer, HTTPResponse) else _encode(answer)


def _refused(call: Call, refusal: Refusal) -> HTTPResponse:
    if refusal.errcode in WRONG:
        call.world.flag.raise_for(
            "call",
            path=call.request.path,
            errcode=refusal.errcode,
            errmsg=refusal.errmsg,
        )
    return _encode(refusal.body())


async def _checked(call: Call) -> Answer:
    known = _ENDPOINTS.get(call.request.path)
    if known is None:
        raise Refusal(40066, "invalid url")
    if call.request.method != known.method:
        raise Refusal(43301 if known.method == "GET" else 43302, f"require {known.method} method")
    allowed = call.world.config.options.ip_whitelist
    if allowed is not None and call.request.ip not in allowed:
        raise Refusal(40164, f"invalid ip {call.request.ip}, not in whitelist")
    if known.token:
        appid = call.world.tokens.owner(call.query.get("access_token", ""), call.now)
        call.kind = call.world.kind_of(appid)
        if call.kind not in known.accounts:
            raise Refusal(48001, "api unauthorized")
    return await known.handler(call)


def _encode(body: dict[str, Any]) -> HTTPResponse:
    return raw(json.dumps(body, ensure_ascii=False).encode(), content_type="application/json")
