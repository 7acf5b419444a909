"""Load: keep-alive connections in a process of their own, one request at a time on each.

``python -m bench.load`` reads a pickled ``Shots`` from stdin and writes a JSON ``Volley``.
"""

import asyncio
import itertools
import json
import pickle
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any

import uvloop

CONNECTIONS = 16
_PATIENCE_S = 60.0


@dataclass(frozen=True, slots=True)
class Shots:
    """What to send: every request once, or over and over for ``seconds``."""

    port: int
    requests: tuple[bytes, ...]
    seconds: float | None = None
    connections: int = CONNECTIONS


@dataclass(frozen=True, slots=True)
class Volley:
    """What came back."""

    answers: int
    seconds: float
    statuses: dict[str, int]
    middle_ms: float
    p99_ms: float
    sample: str

    @property
    def rate(self) -> float:
        """Answers a second. RuntimeError when some were refused: that would be no measurement."""
        if set(self.statuses) != {"200"}:
            raise RuntimeError(f"answers {self.statuses}, for instance {self.sample}")
        return self.answers / self.seconds


def request(
    method: str, path: str, *, token: str = "", headers: Sequence[tuple[str, str]] = ()
) -> bytes:
    """A request as it goes over the line."""
    lines = [f"{method} {path} HTTP/1.1", "host: 127.0.0.1"]
    if token:
        lines.append(f"authorization: Bearer {token}")
    lines += [f"{name}: {value}" for name, value in headers]
    if method != "GET":
        lines.append("content-length: 0")
    return ("\r\n".join(lines) + "\r\n\r\n").encode("ascii")


def fire(shots: Shots) -> Volley:
    """Send from a process of its own, so that client and server do not share a Python."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.load"],
        input=pickle.dumps(shots),
        stdout=subprocess.PIPE,
        check=True,
        timeout=(shots.seconds or 0.0) + 120.0,
    )
    return Volley(**json.loads(done.stdout))


@dataclass(slots=True)
class _Tally:
    requests: Iterator[bytes]
    end: float
    statuses: Counter[str] = field(default_factory=Counter)
    times: list[float] = field(default_factory=list)
    sample: bytes = b""

    def next(self) -> bytes | None:
        return None if time.perf_counter() >= self.end else next(self.requests, None)


class _Line(asyncio.Protocol):
    """One connection: sends, waits for the whole answer, sends the next."""

    def __init__(self, tally: _Tally, ended: asyncio.Future[None]) -> None:
        self._tally = tally
        self._ended = ended
        self._held = b""
        self._awaited = 0
        self._sent = 0.0
        self._transport: Any = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._send()

    def data_received(self, data: bytes) -> None:
        self._held = self._held + data if self._held else data
        if not self._awaited:
            end = self._held.find(b"\r\n\r\n")
            if end < 0:
                return
            self._awaited = end + 4 + _length(self._held[:end])
        if len(self._held) < self._awaited:
            return
        tally = self._tally
        tally.times.append(time.perf_counter() - self._sent)
        status = self._held[9:12].decode("ascii", "replace")
        tally.statuses[status] += 1
        if not tally.sample or status != "200":
            tally.sample = self._held
        self._held, self._awaited = b"", 0
        self._send()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self._ended.done():
            self._tally.statuses["lost"] += 1
            self._ended.set_result(None)

    def _send(self) -> None:
        given = self._tally.next()
        if given is None:
            if not self._ended.done():
                self._ended.set_result(None)
            self._transport.close()
            return
        self._sent = time.perf_counter()
        self._transport.write(given)


def _length(head: bytes) -> int:
    """The content length, 0 where none is told."""
    at = head.lower().find(b"content-length:")
    if at < 0:
        return 0
    end = head.find(b"\r\n", at)
    return int(head[at + 15 : end if end > 0 else None])


async def _volley(shots: Shots) -> Volley:
    loop = asyncio.get_running_loop()
    endless = itertools.cycle(shots.requests) if shots.seconds else iter(shots.requests)
    began = time.perf_counter()
    tally = _Tally(endless, began + (shots.seconds or _PATIENCE_S))
    ends = []
    for _ in range(shots.connections):
        ended: asyncio.Future[None] = loop.create_future()
        ends.append(ended)
        await loop.create_connection(
            lambda ended=ended: _Line(tally, ended),  # type: ignore[misc] # bound for this turn
            "127.0.0.1",
            shots.port,
        )
    await asyncio.wait_for(asyncio.gather(*ends), _PATIENCE_S + (shots.seconds or 0.0))
    seconds = time.perf_counter() - began
    times = sorted(tally.times)
    return Volley(
        answers=len(times),
        seconds=seconds,
        statuses=dict(tally.statuses),
        middle_ms=median(times) * 1000,
        p99_ms=times[int(len(times) * 0.99)] * 1000 if times else 0.0,
        sample=tally.sample.decode("utf-8", "replace"),
    )


def _main() -> None:
    shots: Shots = pickle.loads(sys.stdin.buffer.read())  # noqa: S301 - from our own parent
    volley = uvloop.run(_volley(shots))
    json.dump({name: getattr(volley, name) for name in volley.__slots__}, sys.stdout)


if __name__ == "__main__":
    _main()
