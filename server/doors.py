"""The doors of the product: each installs its routes on the app."""

from collections.abc import Callable
from typing import Any

from sanic import Sanic

from bot import door as chat
from doors import documentation
from miniprogram_api import door as miniprogram_api
from server.sandbox import routes as sandbox
from web import calendar, integration

Install = Callable[[Sanic[Any, Any]], None]

DOORS: tuple[Install, ...] = (
    miniprogram_api.install,
    integration.install,
    calendar.install,
    chat.install,
    documentation.install,
)
"""One entry a room; ``app.ctx.wiring`` is there when a request comes. The documentation is last."""


def doors_of(*, demo: bool) -> tuple[Install, ...]:
    """The doors of a deployment: a demo has routes of its own beside them."""
    *doors, last = DOORS
    return (*doors, sandbox.install, last) if demo else DOORS
