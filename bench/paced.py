"""Load at a pace of its own: each request goes out at its time, answered or not what went before.

Times are measured from when a request was due, not from when a connection was free for it: a server
that falls behind is seen to. ``python -m bench.paced`` reads a pickled ``Paced`` from stdin and
writes a JSON ``Volley``.
"""

import asyncio
import pickle
import random
import sys
import time
from collections import deque
from dataclasses import dataclass
from typing import Any

import uvloop

from bench.load import Framer, Tally, Volley, sent_by, write

CONNECTIONS = 64
_PATIENCE_S = 30.0


@dataclass(frozen=True, slots=True)
class Paced:
    """What to send, and when: seconds after the beginning, in order."""

    port: int
    requests: tuple[bytes, ...]
    due: tuple[float, ...]
    connections: int = CONNECTIONS
    keep: bool = False


def poisson(count: int, rate: float, seed: int) -> tuple[float, ...]:
    """Times of so many arrivals, ``rate`` a second on average, as strangers come."""
    chance = random.Random(seed)
    times: list[float] = []
    at = 0.0
    for _ in range(count):
        at += chance.expovariate(rate)
        times.append(at)
    return tuple(times)


def fire(paced: Paced) -> Volley:
    """Send from a process of its own. ``Volley.seconds`` lasts to the last answer."""
    return sent_by("bench.paced", paced, paced.due[-1] + _PATIENCE_S * 2)


class _Senders:
    """Connections, and what is due while all of them wait for an answer."""

    def __init__(self, awaited: int, *, keep: bool) -> None:
        self.tally = Tally(keep)
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._awaited = awaited
        self._idle: list[_Sender] = []
        self._waiting: deque[tuple[bytes, float]] = deque()

    def send(self, request: bytes, due: float) -> None:
        """``due`` on the clock of ``time.perf_counter``."""
        if self._idle:
            self._idle.pop().send(request, due)
        else:
            self._waiting.append((request, due))

    def free(self, sender: "_Sender") -> None:
        if self._waiting:
            sender.send(*self._waiting.popleft())
        else:
            self._idle.append(sender)

    def over(self) -> None:
        """One request is answered, or never will be."""
        self._awaited -= 1
        if not self._awaited and not self.done.done():
            self.done.set_result(None)


class _Sender(asyncio.Protocol):
    def __init__(self, senders: _Senders) -> None:
        self._senders = senders
        self._framer = Framer()
        self._due: float | None = None
        self._transport: Any = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._senders.free(self)

    def send(self, request: bytes, due: float) -> None:
        self._due = min(
            due, time.perf_counter()
        )  # a timer may be a fraction of a millisecond early
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        answer = self._framer.fed(data)
        if answer is None or self._due is None:
            return
        self._senders.tally.add(answer, time.perf_counter() - self._due)
        self._due = None
        self._senders.over()
        self._senders.free(self)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._due is not None:
            self._senders.tally.statuses["lost"] += 1
            self._senders.over()


async def _volley(paced: Paced) -> Volley:
    loop = asyncio.get_running_loop()
    senders = _Senders(len(paced.requests), keep=paced.keep)
    for _ in range(paced.connections):
        await loop.create_connection(lambda: _Sender(senders), "127.0.0.1", paced.port)
    start, began = loop.time(), time.perf_counter()
    for request, due in zip(paced.requests, paced.due, strict=True):
        loop.call_at(start + due, senders.send, request, began + due)
    await asyncio.wait_for(senders.done, paced.due[-1] + _PATIENCE_S)
    return senders.tally.volley(time.perf_counter() - began)


def _main() -> None:
    paced: Paced = pickle.loads(sys.stdin.buffer.read())  # noqa: S301 - from our own parent
    write(uvloop.run(_volley(paced)))


if __name__ == "__main__":
    _main()
