"""The doors of the product: each installs its routes on the app."""

from collections.abc import Callable
from typing import Any

from sanic import Sanic

Install = Callable[[Sanic[Any, Any]], None]

DOORS: tuple[Install, ...] = ()
"""One entry a room; ``app.ctx.wiring`` is there when a request comes."""
