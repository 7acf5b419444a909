"""The stand-in as a small Sanic application, one process."""

from sanic import HTTPResponse, Request, Sanic

from wechat.sandbox import (
    calls_content,
    calls_identity,
    calls_messages,
    calls_service,
    control,
    pages,
)
from wechat.sandbox.api import dispatch
from wechat.sandbox.config import Config
from wechat.sandbox.hub import Hub

CALLS = (calls_content, calls_identity, calls_messages, calls_service)
"""Imported for the calls they register."""


def build(config: Config) -> Sanic:  # type: ignore[type-arg]
    """An application with a world of its own."""
    app = Sanic("wechat_sandbox", configure_logging=False)
    app.config.KEEP_ALIVE_TIMEOUT = 60
    app.config.GRACEFUL_SHUTDOWN_TIMEOUT = 1.0
    app.config.RESPONSE_TIMEOUT = 180
    app.config.REQUEST_MAX_SIZE = 16 * 1024 * 1024
    app.config.FALLBACK_ERROR_FORMAT = "json"
    hub = Hub(config)

    async def call(request: Request, path: str) -> HTTPResponse:
        return await dispatch(hub, request)

    async def authorize(request: Request) -> HTTPResponse:
        return await pages.authorize(hub.world, request)

    app.add_route(authorize, "/connect/oauth2/authorize", methods=["GET"])
    control.add_routes(app, hub)
    app.add_route(call, "/<path:path>", methods=["GET", "POST"])

    @app.after_server_stop
    async def close(*_: object) -> None:
        await hub.aclose()

    return app
