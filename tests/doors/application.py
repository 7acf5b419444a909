"""An app with doors on it that never serves: for tests about the routes themselves."""

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from sanic import Sanic

from doors import serving
from doors.routes import Route
from server.doors import DOORS, Install


def bare_app(doors: Sequence[Install] = DOORS) -> Sanic[Any, Any]:
    """An app nobody opens a connection for."""
    app: Sanic[Any, Any] = Sanic(f"bare-{uuid4().hex}", configure_logging=False)
    Sanic.unregister_app(app)
    for install in doors:
        install(app)
    return app


def installed(app: Sanic[Any, Any]) -> tuple[Route, ...]:
    """What the doors installed."""
    return serving.routes(app)
