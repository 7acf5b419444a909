"""A small app under the real supervisor, run as a program by the tests."""

import asyncio
import os
import sys

from sanic import Request, Sanic, json
from sanic.response import HTTPResponse

from server import logs, supervisor

app: Sanic = Sanic("supervised", configure_logging=False)  # type: ignore[type-arg]


@app.get("/pid")
async def pid(_: Request) -> HTTPResponse:
    """Which worker answers, and whether it is on its way out."""
    return json({"pid": os.getpid(), "draining": app.ctx.draining})


@app.get("/slow/<seconds:float>")
async def slow(_: Request, seconds: float) -> HTTPResponse:
    """Answers late."""
    await asyncio.sleep(seconds)
    return json({"pid": os.getpid(), "draining": app.ctx.draining})


@app.get("/hang")
async def hang(_: Request) -> HTTPResponse:
    """Crashes the worker without a goodbye."""
    os._exit(3)


@app.after_server_stop
async def closed(_: object) -> None:
    """Says that the app was closed in order."""
    logs.get("supervised").info("app_closed")


if __name__ == "__main__":
    logs.configure("INFO")
    patience = supervisor.Patience(drain_s=0.2, grace_s=2.5)
    supervisor.serve(app, supervisor.listen("127.0.0.1", 0), int(sys.argv[1]), patience=patience)
    logs.get("supervised").info("supervisor_done")
