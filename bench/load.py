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
    keep: bool = False
    """Whether every answer is wanted, to be looked at afterwards."""


@dataclass(frozen=True, slots=True)
class Volley:
    """What came back."""

    answers: int
    seconds: float
    statuses: dict[str, int]
    middle_ms: float
    p99_ms: float
    sample: str
    kept: tuple[str, ...] = ()
    """Whole answers, in the order they came."""
    kept_ms: tuple[float, ...] = ()
    """How long each of them took."""

    @property
    def rate(self) -> float:
        """Answers a second. RuntimeError when some were refused: that would be no measurement."""
        if set(self.statuses) != {"200"}:
            raise RuntimeError(f"answers {self.statuses}, for instance {self.sample}")
        return self.answers / self.seconds


def request(
    method: str,
    path: str,
    *,
    token: str = "",
    headers: Sequence[tuple[str, str]] = (),
    body: bytes = b"",
) -> bytes:
    """A request as it goes over the line."""
    lines = [f"{method} {path} HTTP/1.1", "host: 127.0.0.1"]
    if token:
        lines.append(f"authorization: Bearer {token}")
    lines += [f"{name}: {value}" for name, value in headers]
    if method != "GET":
        lines.append(f"content-length: {len(body)}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode("ascii") + body


def fire(shots: Shots) -> Volley:
    """Send from a process of its own, so that client and server do not share a Python."""
    return sent_by("bench.load", shots, (shots.seconds or 0.0) + _PATIENCE_S * 2)


def sent_by(module: str, told: object, timeout: float) -> Volley:
    """What came back to a program that reads a pickle and writes a JSON ``Volley``."""
    done = subprocess.run(
        [sys.executable, "-m", module],
        input=pickle.dumps(told),
        stdout=subprocess.PIPE,
        check=True,
        timeout=timeout,
    )
    found = json.loads(done.stdout)
    lists = {name: tuple(found[name]) for name in ("kept", "kept_ms")}
    return Volley(**{**found, **lists})


def write(volley: Volley) -> None:
    """The other end of ``sent_by``."""
    json.dump({name: getattr(volley, name) for name in volley.__slots__}, sys.stdout)


@dataclass(slots=True)
class Tally:
    """What has come back so far."""

    keep: bool = False
    statuses: Counter[str] = field(default_factory=Counter)
    times: list[float] = field(default_factory=list)
    sample: bytes = b""
    kept: list[bytes] = field(default_factory=list)

    def add(self, answer: bytes, seconds: float) -> None:
        """A whole answer, and how long it took."""
        self.times.append(seconds)
        status = answer[9:12].decode("ascii", "replace")
        self.statuses[status] += 1
        if not self.sample or status != "200":
            self.sample = answer
        if self.keep:
            self.kept.append(answer)

    def volley(self, seconds: float) -> Volley:
        """All of it."""
        times, kept_ms = sorted(self.times), [each * 1000 for each in self.times]
        return Volley(
            answers=len(times),
            seconds=seconds,
            statuses=dict(self.statuses),
            middle_ms=median(times) * 1000 if times else 0.0,
            p99_ms=times[int(len(times) * 0.99)] * 1000 if times else 0.0,
            sample=self.sample.decode("utf-8", "replace"),
            kept=tuple(each.decode("utf-8", "replace") for each in self.kept),
            kept_ms=tuple(kept_ms) if self.keep else (),
        )


class Framer:
    """Puts together what comes over one connection until an answer is whole."""

    def __init__(self) -> None:
        self._held = b""
        self._awaited = 0

    def fed(self, data: bytes) -> bytes | None:
        """The answer this completes, if it does: no request is sent before the last is answered."""
        self._held = self._held + data if self._held else data
        if not self._awaited:
            end = self._held.find(b"\r\n\r\n")
            if end < 0:
                return None
            self._awaited = end + 4 + _length(self._held[:end])
        if len(self._held) < self._awaited:
            return None
        answer, self._held, self._awaited = self._held, b"", 0
        return answer


@dataclass(slots=True)
class _Source:
    requests: Iterator[bytes]
    end: float

    def next(self) -> bytes | None:
        return None if time.perf_counter() >= self.end else next(self.requests, None)


class _Line(asyncio.Protocol):
    """One connection: sends, waits for the whole answer, sends the next."""

    def __init__(self, source: _Source, tally: Tally, ended: asyncio.Future[None]) -> None:
        self._source = source
        self._tally = tally
        self._ended = ended
        self._framer = Framer()
        self._sent = 0.0
        self._transport: Any = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._send()

    def data_received(self, data: bytes) -> None:
        answer = self._framer.fed(data)
        if answer is not None:
            self._tally.add(answer, time.perf_counter() - self._sent)
            self._send()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self._ended.done():
            self._tally.statuses["lost"] += 1
            self._ended.set_result(None)

    def _send(self) -> None:
        given = self._source.next()
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
    source, tally = _Source(endless, began + (shots.seconds or _PATIENCE_S)), Tally(shots.keep)
    ends = []
    for _ in range(shots.connections):
        ended: asyncio.Future[None] = loop.create_future()
        ends.append(ended)
        await loop.create_connection(
            lambda ended=ended: _Line(source, tally, ended),  # type: ignore[misc] # bound now
            "127.0.0.1",
            shots.port,
        )
    await asyncio.wait_for(asyncio.gather(*ends), _PATIENCE_S + (shots.seconds or 0.0))
    return tally.volley(time.perf_counter() - began)


def _main() -> None:
    shots: Shots = pickle.loads(sys.stdin.buffer.read())  # noqa: S301 - from our own parent
    write(uvloop.run(_volley(shots)))


if __name__ == "__main__":
    _main()
