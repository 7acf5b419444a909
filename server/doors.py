"""The doors of the product: each installs its routes on the app."""

from collections.abc import Callable
from typing import Any

from sanic import Sanic

from doors import documentation
from miniprogram_api import door as miniprogram_api
from web import integration

Install = Callable[[Sanic[Any, Any]], None]

DOORS: tuple[Install, ...] = (
    miniprogram_api.install,
    integration.install,
    documentation.install,
)
"""One entry a room; ``app.ctx.wiring`` is there when a request comes. The documentation is last."""
