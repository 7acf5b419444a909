"""A Sanic app on a real socket, for tests that speak HTTP to it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from sanic import Sanic

from server import http_worker
from server.supervisor import listen


@asynccontextmanager
async def serving(app: Sanic[Any, Any]) -> AsyncIterator[str]:
    """Serve ``app`` on a free port of the running loop; its base address."""
    app.config.TOUCHUP = False  # Sanic can rewrite its own code once a process only
    sock = listen("127.0.0.1", 0)
    address = f"http://127.0.0.1:{sock.getsockname()[1]}"
    async with http_worker.serving(app, sock):
        yield address
