"""``/healthz``: the process lives. ``/readyz``: requests may come here."""

from typing import Any, Literal

from pydantic import BaseModel
from sanic import Sanic
from sanic.response import HTTPResponse, json

from doors import serving
from doors.access import PUBLIC
from doors.call import Call
from doors.routes import Resource

health = Resource("health", "运行状况", scheme=None, prefix="", description="供运维探测。")


class Alive(BaseModel):
    """进程在运行。"""

    status: Literal["ok"]


class Stopping(BaseModel):
    """正在停止，不要再来。"""

    status: Literal["stopping"]


class Ready(BaseModel):
    """能否办事；缺缓存时可以，但有所不便。"""

    status: Literal["ready", "degraded", "unavailable"]
    database: bool
    migrated: bool
    redis: bool


def install(app: Sanic[Any, Any]) -> None:
    """Both answer anybody; neither tells more than what works."""
    serving.install(app, [health])


@health.get("/healthz", who=PUBLIC, answers={200: Alive}, summary="进程是否在运行")
async def healthz(_: Call) -> HTTPResponse:
    """Whoever reads this has the answer."""
    return json({"status": "ok"})


@health.get(
    "/readyz",
    who=PUBLIC,
    answers={200: Ready, 503: Ready | Stopping},
    summary="能否接受请求",
)
async def readyz(call: Call) -> HTTPResponse:
    """Looks at everything the process needs."""
    context = call.request.app.ctx
    if getattr(context, "draining", False):
        return json({"status": "stopping"}, 503, headers={"retry-after": "1"})
    found = await context.wiring.readiness()
    status = "degraded" if found.degraded else "ready" if found.ok else "unavailable"
    body = {
        "status": status,
        "database": found.database,
        "migrated": found.migrated,
        "redis": found.redis,
    }
    return json(body, 200 if found.ok else 503)
