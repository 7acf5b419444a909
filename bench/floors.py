"""The floors: the least a handler could do, on the same kind of worker as the product's.

``python -m bench.floors NAME PORT`` serves one of them; ``/static`` answers in each.
"""

import os
import sys
from collections.abc import Callable
from typing import Any
from uuid import UUID

from sanic import Request, Sanic
from sanic.config import Config
from sanic.response import HTTPResponse, json
from tortoise import Tortoise

from bench import booking_floor, chat_floor, slots_floor, submit_floor, uploads_floor
from config.settings import Settings
from models import Session
from server import logs, supervisor

App = Sanic[Any, Any]


def static(_: App) -> None:
    """Nothing but a few bytes of JSON."""


def row(app: App) -> None:
    """One row by key through Tortoise: a small one, so that the floor is a fast one."""

    async def read(_: Request, key: str) -> HTTPResponse:
        found = await Session.get(id=UUID(key))
        return json({"id": str(found.id), "person": str(found.person_id), "kind": found.kind})

    app.add_route(read, "/row/<key:str>", methods=["GET"], name="row")


FLOORS: dict[str, Callable[[App], None]] = {
    "static": static,
    "row": row,
    "submit": submit_floor.install,
    "echo": chat_floor.echo,
    "chat_status": chat_floor.status,
    "chat_answer": chat_floor.answer,
    "slots": slots_floor.install,
    "booking": booking_floor.install,
    "uploads": uploads_floor.install,
}


def make(name: str, settings: Settings) -> App:
    """An app of one handler."""
    app: App = Sanic(f"floor-{name}", config=Config(env_prefix=""), configure_logging=False)
    app.config.update(
        {
            "ACCESS_LOG": False,
            "AUTO_EXTEND": False,
            "EVENT_AUTOREGISTER": False,
            "KEEP_ALIVE_TIMEOUT": 75,
            "MOTD": False,
            "OAS": False,
        }
    )
    app.ctx.settings = settings

    async def open_connections(*_: object) -> None:
        await Tortoise.init(
            config=_stock(settings.database_url.get_secret_value()), _enable_global_fallback=True
        )

    async def close_connections(*_: object) -> None:
        await Tortoise.close_connections()

    async def nothing(_: Request) -> HTTPResponse:
        return json({"status": "ok"})

    app.register_listener(open_connections, "before_server_start")
    app.register_listener(close_connections, "after_server_stop")
    app.add_route(nothing, "/static", methods=["GET"], name="static")
    FLOORS[name](app)
    return app


def _stock(url: str) -> dict[str, Any]:
    """Tortoise as it comes, with as many connections as the product has."""
    return {
        "connections": {
            "default": url.replace("postgres://", "asyncpg://") + "?minsize=1&maxsize=8"
        },
        "apps": {"models": {"models": ["models"], "default_connection": "default"}},
        "use_tz": True,
        "timezone": "UTC",
    }


def _main(name: str, port: str) -> None:
    settings = Settings.load(os.environ)
    logs.configure("INFO")
    supervisor.serve(make(name, settings), supervisor.listen("127.0.0.1", int(port)), 1)


if __name__ == "__main__":
    _main(*sys.argv[1:])
