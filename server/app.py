"""The Sanic app: limits and time-outs, what surrounds each request, the doors, its connections."""

import itertools
from collections.abc import Sequence
from typing import Any

from sanic import Sanic
from sanic.config import Config

from config.settings import Settings
from server import health, middleware
from server.chatting import ChatKeeper
from server.doors import Install, doors_of
from server.wiring import Wiring

MAX_BODY = 1024 * 1024
"""Bytes of a request body; uploads are streamed and keep their own limit."""

_NUMBERS = itertools.count(1)
"""Sanic wants every app of a process to have its own name; tests make many."""
_CONFIG = {
    "REQUEST_MAX_SIZE": MAX_BODY,
    "REQUEST_MAX_HEADER_SIZE": 8192,
    "REQUEST_TIMEOUT": 10,
    "RESPONSE_TIMEOUT": 30,
    "KEEP_ALIVE_TIMEOUT": 75,
    "ACCESS_LOG": False,
    "AUTO_EXTEND": False,
    "EVENT_AUTOREGISTER": False,
    "FALLBACK_ERROR_FORMAT": "json",
    "MOTD": False,
    "OAS": False,
}


def create_app(
    settings: Settings, wiring: Wiring, *, doors: Sequence[Install] | None = None
) -> Sanic[Any, Any]:
    """An app that has opened nothing yet: ``wiring`` is opened in each worker before it serves.

    Handlers find ``request.app.ctx.wiring`` and ``request.app.ctx.settings``.
    """
    app: Sanic[Any, Any] = Sanic(
        f"baozhuang-{next(_NUMBERS)}",
        config=Config(env_prefix=""),
        request_class=middleware.ProductRequest,
        error_handler=middleware.DiscreetErrors(),
        configure_logging=False,
    )
    app.config.update(_CONFIG)
    app.ctx.settings = settings
    app.ctx.wiring = wiring
    app.ctx.draining = False

    async def open_connections(*_: object) -> None:
        await wiring.open()

    async def keep_chatting(*_: object) -> None:
        app.ctx.chat = ChatKeeper(wiring.takers)
        await app.ctx.chat.start()

    async def stop_chatting(*_: object) -> None:
        await app.ctx.chat.stop()

    async def close_connections(*_: object) -> None:
        if hasattr(app.ctx, "chat"):  # turns begun by requests that were still in flight
            await app.ctx.chat.stop()
        await wiring.close()

    app.register_listener(open_connections, "before_server_start")
    app.register_listener(keep_chatting, "after_server_start")
    app.register_listener(stop_chatting, "before_server_stop")
    app.register_listener(close_connections, "after_server_stop")
    middleware.install(app, https=settings.public_url.startswith("https://"))
    health.install(app)
    for install in doors_of(demo=settings.demo) if doors is None else doors:
        install(app)
    return app
