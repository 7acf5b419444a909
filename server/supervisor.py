"""Holds the listening socket and forks workers that share it, all modules loaded beforehand.

Sanic's own manager does not bring a killed worker back; this one does so at once, since a fork
of a loaded process needs no imports.
"""

import ctypes
import gc
import mmap
import os
import signal
import socket
import struct
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from typing import Any

from sanic import Sanic

from server import http_worker, logs
from server.children import die_with_parent
from server.faults import StartRefused
from server.keeper import Child, Keeper, Pause, reset_signals

_BEAT = struct.Struct("<d")
_HUNG_S = 30.0
_BACKLOG = 1024
_RARELY = (20_000, 10, 10)
"""Objects made between two looks for cycles among them: hardly anything of a request is one, and
looking after every few hundred takes a fourteenth of a turn of the chat.
"""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a stop may take: seconds of ``drain`` (answering, but not ready) and ``grace``."""

    drain_s: float = 0.3
    grace_s: float = 20.0


def listen(host: str, port: int) -> socket.socket:
    """A bound, listening socket. Raises StartRefused when the address is taken or not ours."""
    with ExitStack() as undo:
        try:
            family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
            sock = undo.enter_context(socket.socket(family, socket.SOCK_STREAM))
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            sock.bind(address)
        except OSError as refused:
            raise StartRefused(
                f"无法监听 {host}:{port}（{refused.strerror}）。"
                "请用 PORT 另选端口，或停掉占用它的程序。"
            ) from None
        undo.pop_all()
    sock.listen(_BACKLOG)
    sock.setblocking(False)
    return sock


def is_free(host: str, port: int) -> bool:
    """Whether ``listen`` would be given the address now."""
    try:
        listen(host, port).close()
    except StartRefused:
        return False
    return True


def serve(
    app: Sanic[Any, Any],
    sock: socket.socket,
    workers: int,
    *,
    patience: Patience | None = None,
    started: Callable[[Pause], None] | None = None,
) -> None:
    """Serve ``app`` on ``sock`` with so many worker processes until told to stop.

    The app must not have been started: connections are opened in each worker, after the fork.
    """
    waits = patience or Patience()
    beats = mmap.mmap(-1, _BEAT.size * workers)
    logs.get("supervisor").info("listening", port=sock.getsockname()[1], workers=workers)

    def child(number: int) -> Child:
        def beat() -> None:
            _BEAT.pack_into(beats, number * _BEAT.size, time.monotonic())

        def hung() -> bool:
            (last,) = _BEAT.unpack_from(beats, number * _BEAT.size)
            return bool(time.monotonic() - last > _HUNG_S)

        def work() -> None:
            http_worker.run(app, sock, drain_s=waits.drain_s, grace_s=waits.grace_s, beat=beat)

        def start() -> int:
            beat()
            return fork(work)

        return Child(
            f"worker-{number}",
            start,
            hung=hung,
            grace_s=waits.drain_s + waits.grace_s + 2.0,
        )

    gc.collect()
    _give_back()
    gc.freeze()
    gc.enable()
    gc.set_threshold(*_RARELY)
    # our copy closes first: once the workers have closed theirs, new connections are refused
    Keeper([child(number) for number in range(workers)], on_stop=sock.close).run(started=started)


def fork(work: Callable[[], None]) -> int:
    """Run ``work`` in a child that dies with us; its pid. The child never returns from here."""
    parent = os.getpid()
    # no signal may reach the child while it still has the parent's handlers
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
    pid = os.fork()
    if pid:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        return pid
    status = 1
    try:
        reset_signals()
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        die_with_parent(parent, signal.SIGKILL)
        work()
        status = 0
    except BaseException:
        logs.get("supervisor").exception("worker_failed")
    finally:
        os._exit(status)


def _give_back() -> None:
    """Hand what loading took for a moment back to the system, before it is copied with every fork;
    glibc alone knows how.
    """
    with suppress(AttributeError, OSError):
        ctypes.CDLL(None).malloc_trim(0)
