"""The messages of one person that are under way in this process, in the order they came."""

import asyncio
from dataclasses import dataclass, field
from enum import Enum

from bot.one_turn import Kept, Turn
from bot.rendering import Said


class PutOff(Enum):
    """A message is on disk; its reply follows by itself."""

    PUT_OFF = "put off"


PUT_OFF = PutOff.PUT_OFF
Outcome = Kept | Said | PutOff
"""A turn that is done, something to say at once in its place, or nothing yet."""


@dataclass(slots=True, eq=False)
class Entry:
    """One message; ``number`` is its place on disk. ``outcome`` may be an exception of the turn."""

    turn: Turn
    number: str
    outcome: "asyncio.Future[Outcome]" = field(
        default_factory=lambda: asyncio.get_running_loop().create_future()
    )

    def settle(self, outcome: Outcome) -> None:
        """What came of it; only the first counts."""
        if not self.outcome.done():
            self.outcome.set_result(outcome)

    def fail(self, fault: BaseException) -> None:
        """It went wrong."""
        if not self.outcome.done():
            self.outcome.set_exception(fault)
            self.outcome.exception()  # whoever waits hears it; nobody may be waiting any more


@dataclass(slots=True, eq=False)
class Line:
    """``off``: what stands here goes to disk, and so does what comes now."""

    entries: list[Entry] = field(default_factory=list)
    off: bool = False
    disk: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Held by whoever writes messages of the person: one after another, in order."""

    @property
    def head(self) -> Entry | None:
        """The message being handled."""
        return self.entries[0] if self.entries else None


class Lines:
    """The lines of everybody who has something under way."""

    def __init__(self) -> None:
        self._lines: dict[str, Line] = {}

    def of(self, openid: str) -> Line | None:
        """Somebody's line; None where nothing is under way."""
        return self._lines.get(openid)

    def begin(self, openid: str) -> Line:
        """A new line."""
        line = self._lines[openid] = Line()
        return line

    def end(self, openid: str, line: Line) -> None:
        """Nothing is under way any more."""
        if self._lines.get(openid) is line:
            del self._lines[openid]
