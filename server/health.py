"""``/healthz``: the process lives. ``/readyz``: requests may come here."""

from typing import Any

from sanic import Request, Sanic
from sanic.response import HTTPResponse, json

from server.wiring import Wiring

PATHS = frozenset({"/healthz", "/readyz"})


def install(app: Sanic[Any, Any], wiring: Wiring) -> None:
    """Both answer anybody; neither tells more than what works."""

    async def healthz(_: Request) -> HTTPResponse:
        return json({"status": "ok"})

    async def readyz(_: Request) -> HTTPResponse:
        if getattr(app.ctx, "draining", False):
            return json({"status": "stopping"}, 503, headers={"retry-after": "1"})
        found = await wiring.readiness()
        status = "degraded" if found.degraded else "ready" if found.ok else "unavailable"
        body = {
            "status": status,
            "database": found.database,
            "migrated": found.migrated,
            "redis": found.redis,
        }
        return json(body, 200 if found.ok else 503)

    app.add_route(healthz, "/healthz", methods=["GET"], name="healthz")
    app.add_route(readyz, "/readyz", methods=["GET"], name="readyz")
