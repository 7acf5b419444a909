"""One Sanic worker process on a listening socket it was given: start, serve, end gracefully."""

import asyncio
import os
import signal
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import uvloop
from sanic import Sanic
from sanic.application.state import ApplicationServerInfo
from sanic.http.constants import HTTP

from server import logs

_BEAT_S = 1.0


def run(
    app: Sanic[Any, Any],
    sock: socket.socket,
    *,
    drain_s: float,
    grace_s: float,
    beat: Callable[[], None] = lambda: None,
) -> None:
    """Serve until SIGTERM, then: not ready for ``drain_s``, accept no more, finish what is in
    flight within ``grace_s``, close the app. ``beat`` is called every second.
    """
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_serve(app, sock, drain_s, grace_s, beat))


async def _serve(
    app: Sanic[Any, Any],
    sock: socket.socket,
    drain_s: float,
    grace_s: float,
    beat: Callable[[], None],
) -> None:
    stopping = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopping.set)
    async with serving(app, sock, grace_s=grace_s), asyncio.TaskGroup() as tasks:
        beating = tasks.create_task(_beat(beat))
        logs.get("worker").info("worker_ready", pid=os.getpid())
        await stopping.wait()
        app.ctx.draining = True
        await asyncio.sleep(drain_s)
        beating.cancel()


@asynccontextmanager
async def serving(
    app: Sanic[Any, Any], sock: socket.socket, *, grace_s: float = 0.0
) -> AsyncIterator[None]:
    """Serve ``app`` on ``sock`` in the running loop, with every listener called in its turn."""
    app.ctx.draining = False
    # without this Sanic believes it may speak HTTP/3 too, and sends an empty Alt-Svc
    app.state.server_info.append(ApplicationServerInfo(settings={"version": HTTP.VERSION_1}))
    server: Any = await app.create_server(  # its methods have no types
        sock=sock,
        return_asyncio_server=True,
        backlog=1024,
        asyncio_server_kwargs={"start_serving": False},
    )
    await server.startup()
    await server.before_start()
    app.set_serving(True)
    await server.after_start()
    await server.start_serving()
    try:
        yield
    finally:
        await _close(app, server, grace_s)


async def _close(app: Sanic[Any, Any], server: Any, grace_s: float) -> None:
    """Accept no more, let requests in flight finish, then close what the app opened."""
    server.server.close()
    await server.before_stop()
    loop = asyncio.get_running_loop()
    end = loop.time() + grace_s
    while True:
        for connection in list(server.connections):
            connection.close_if_idle()
        await asyncio.sleep(0.02)
        if not server.connections or loop.time() >= end:
            break
    if server.connections:
        logs.get("worker").warning("requests_cut", connections=len(server.connections))
    for connection in list(server.connections):
        connection.abort()
    app.set_serving(False)
    await server.after_stop()


async def _beat(beat: Callable[[], None]) -> None:
    while True:
        beat()
        await asyncio.sleep(_BEAT_S)
