"""Around every request: its id, its log line, and headers that tell browsers to take care."""

import re
import time
from typing import Any

import structlog
import uuid_utils
from sanic import Request, Sanic
from sanic.exceptions import BadRequest
from sanic.handlers import ErrorHandler
from sanic.response import BaseHTTPResponse

from server import logs

_GIVEN_ID = re.compile(r"[0-9A-Za-z._-]{1,64}")
_HEADERS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "cache-control": "no-store",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}
"""A handler that needs another value (a page with styles) sets its own."""
_HSTS = "max-age=31536000"
_TOKEN = "<token:"  # noqa: S105 - a place of a route
_UNLOGGED = frozenset({"/healthz", "/readyz"})


class ProductRequest(Request):
    """A request whose id is always safe to print: the caller's when plain, else our own."""

    @property
    def id(self) -> str:
        """1–64 letters, digits, dots, hyphens or underscores."""
        if not self._id:
            given = self.headers.get("x-request-id", "") if self.headers else ""
            self._id = given if _GIVEN_ID.fullmatch(given) else uuid_utils.uuid7().hex
        return str(self._id)


class DiscreetErrors(ErrorHandler):
    """Sanic's handler writes the whole address to the log, with its query; this one does not."""

    @staticmethod
    def log(request: Request, exception: Exception) -> None:
        """Tell of what nobody expected; refusals (4xx) have their access line."""
        if getattr(exception, "status_code", 500) >= 500:
            logs.get("errors").error(
                "request_failed",
                path=_shown_path(request) if request else None,
                exc_info=exception,
            )


def _shown_path(request: Request) -> str:
    """The path as logs may hold it: a link's token opens a file to whoever reads it."""
    if request.route and _TOKEN in request.route.path:
        return f"/{request.route.path}"
    return request.path


def install(app: Sanic[Any, Any], *, https: bool) -> None:
    """``https`` adds Strict-Transport-Security."""
    access = logs.Plain("access", "request")
    headers = {**_HEADERS, **({"strict-transport-security": _HSTS} if https else {})}

    async def arrive(request: Request) -> None:
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request.id)
        request.ctx.began = time.perf_counter()
        if request.version == "1.1" and "host" not in request.headers:
            raise BadRequest("Host")

    async def leave(request: Request, response: BaseHTTPResponse) -> None:
        response.headers["x-request-id"] = request.id
        for name, value in headers.items():
            response.headers.setdefault(name, value)
        if request.path not in _UNLOGGED:
            began = getattr(request.ctx, "began", None)
            access.write(
                request_id=request.id,
                method=request.method,
                path=_shown_path(request),
                route=request.route.path if request.route else None,
                status=response.status,
                ms=round((time.perf_counter() - began) * 1000, 1) if began else None,
                peer=request.ip,
            )

    app.register_middleware(arrive, "request", priority=1000)
    app.register_middleware(leave, "response", priority=-1000)
