"""The control surface under ``/_sandbox``: its addresses, listed in the package's docstring."""

import re
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

import orjson
from pydantic import ValidationError
from sanic import HTTPResponse, Request, Sanic
from sanic.response import raw

from wechat.sandbox import control_chat as chat
from wechat.sandbox import control_people as people
from wechat.sandbox import control_platform as platform
from wechat.sandbox.hub import Hub
from wechat.sandbox.orders import Unknown

Route = Callable[[Hub, Request], Awaitable[Any]]

ROUTES: tuple[tuple[str, str, Route], ...] = (
    ("GET", "/ready", platform.ready),
    ("GET", "/people", people.list_people),
    ("POST", "/people", people.put_person),
    ("POST", "/codes", people.issue_code),
    ("GET", "/subscriptions", people.list_subscriptions),
    ("POST", "/subscriptions", people.answer_subscription),
    ("POST", "/templates", platform.put_templates),
    ("POST", "/options", platform.change_options),
    ("POST", "/accounts/mp", platform.change_account),
    ("POST", "/accounts/oa", platform.change_account),
    ("POST", "/tokens", platform.spoil_tokens),
    ("POST", "/acts", people.open_window),
    ("GET", "/injections", platform.list_injections),
    ("POST", "/injections", platform.inject),
    ("DELETE", "/injections", platform.clear_injections),
    ("GET", "/sent", people.list_sent),
    ("DELETE", "/sent", people.clear_sent),
    ("GET", "/flag", platform.read_flag),
    ("DELETE", "/flag", platform.clear_flag),
    ("GET", "/counters", platform.read_counters),
    ("DELETE", "/counters", platform.clear_counters),
    ("GET", "/clock", platform.read_clock),
    ("POST", "/clock", platform.move_clock),
    ("POST", "/reset", platform.reset),
    ("POST", "/deliver", people.deliver),
    ("GET", "/chat", chat.look),
    ("POST", "/verify", platform.verify),
    ("POST", "/media", people.put_media),
    ("GET", "/files/<name:str>", people.read_file),
    ("GET", "/links/<name:str>", people.read_link),
    ("GET", "/menu", people.read_menu),
    ("GET", "/media-checks", platform.list_media_checks),
)


def add_routes(app: "Sanic[Any, Any]", hub: Hub) -> None:
    """Every route of ``ROUTES``; a wrong order is answered 400 with its reasons."""
    for method, path, route in ROUTES:
        name = "control_" + re.sub(r"[^A-Za-z]+", "_", f"{method}{path}")
        app.add_route(_bind(hub, route), f"/_sandbox{path}", methods=[method], name=name)


def _bind(hub: Hub, route: Route) -> Callable[..., Coroutine[Any, Any, HTTPResponse]]:
    async def answer(request: Request, **_: str) -> HTTPResponse:
        try:
            told = await route(hub, request)
            return told if isinstance(told, HTTPResponse) else _encode(told)
        except ValidationError as fault:
            return _encode({"error": fault.errors(include_url=False, include_context=False)}, 400)
        except (Unknown, ValueError) as fault:
            return _encode({"error": str(fault)}, 404 if isinstance(fault, Unknown) else 400)

    return answer


def _encode(body: Any, status: int = 200) -> HTTPResponse:
    return raw(orjson.dumps(body), status=status, content_type="application/json")
