"""What went back and forth for each message of a person, kept for whoever looks on."""

import asyncio
from collections import deque
from dataclasses import asdict, dataclass, field
from typing import Any

from wechat.sandbox.config import Kind

KEPT = 2000
"""Exchanges remembered; the oldest are forgotten."""


@dataclass(slots=True)
class Attempt:
    """One POST. ``outcome``: success, empty, reply, timeout, unreachable or fault; empty while
    under way. ``opened`` is the reply as it was before it was encrypted.
    """

    url: str
    sent: str
    outcome: str = ""
    status: int | None = None
    body: str = ""
    opened: str = ""
    reply: dict[str, Any] | None = None
    encrypted: bool = False
    problem: str = ""
    milliseconds: int = 0


@dataclass(slots=True)
class Exchange:
    """A message as sent, every attempt, and what the person saw in the end.

    ``number`` is its place among all that happened, ``answered`` that of its outcome, ``changed``
    that of the newest attempt; ``plain`` the message before it was encrypted; ``at`` Unix seconds;
    ``seen`` what appears in the chat for it (``seen.py``).
    """

    number: int
    at: float
    account: Kind
    person: str
    message: dict[str, Any]
    plain: str
    changed: int
    attempts: list[Attempt] = field(default_factory=list)
    outcome: str = ""
    reply: dict[str, Any] | None = None
    person_sees: str | None = None
    seen: list[dict[str, Any]] = field(default_factory=list)
    answered: int | None = None
    answered_at: float | None = None

    def shown(self) -> dict[str, Any]:
        """For the control surface."""
        return asdict(self)


class ExchangeLog:
    """The last exchanges of everybody."""

    def __init__(self) -> None:
        self._kept: deque[Exchange] = deque(maxlen=KEPT)

    def add(self, exchange: Exchange) -> None:
        """Keeps one that has just begun."""
        self._kept.append(exchange)

    def of(self, person: str, kind: Kind, since: int) -> list[Exchange]:
        """Of one person in one account: those that changed after number ``since``."""
        return [
            each
            for each in self._kept
            if each.person == person and each.account == kind and each.changed > since
        ]


class Bell:
    """Wakes those who wait for something to happen."""

    def __init__(self) -> None:
        self._rung = asyncio.Event()

    def ring(self) -> None:
        """Something happened."""
        rung, self._rung = self._rung, asyncio.Event()
        rung.set()

    async def wait(self, seconds: float) -> None:
        """Until the next ring, or so long."""
        rung = self._rung
        try:
            async with asyncio.timeout(seconds):
                await rung.wait()
        except TimeoutError:
            return
