"""A day or time as it was typed, with every reading it may have."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

Limit = Literal["", "before", "after", "about"]
"""之前, 之后, 左右."""
Missing = Literal["day", "time", "month"]


@dataclass(frozen=True, slots=True)
class Stretch:
    """A time that may be meant: a moment, or everything from ``first`` up to ``last``."""

    first: datetime
    last: datetime

    @property
    def exact(self) -> bool:
        """Whether it is one moment."""
        return self.first == self.last


@dataclass(frozen=True, slots=True)
class When:
    """A time that was typed. ``text`` is the stretch of the normalised text it was read from.

    ``options``: what it may mean, the likeliest first; more than one: ask. ``missing``: what was
    not said (without ``day`` the options are those of the next two working days). ``limit``:
    whether it limits rather than names a time (月底之前).
    """

    text: str
    start: int
    end: int
    options: tuple[Stretch, ...]
    missing: frozenset[Missing] = frozenset()
    limit: Limit = ""

    @property
    def candidates(self) -> tuple[datetime, ...]:
        """The exact moments among the options."""
        return tuple(option.first for option in self.options if option.exact)

    @property
    def ambiguous(self) -> bool:
        """Whether it can be read in more than one way."""
        return len(self.options) > 1

    @property
    def clear(self) -> datetime | None:
        """The one moment it means; None where anything has to be asked."""
        if self.missing or self.ambiguous or self.limit not in ("", "about"):
            return None
        return self.candidates[0] if self.candidates else None


@dataclass(frozen=True, slots=True)
class DateRead:
    """A date that was typed. One candidate and nothing missing: that day; else ask."""

    text: str
    start: int
    end: int
    candidates: tuple[date, ...]
    missing: frozenset[Missing] = frozenset()
    limit: Limit = ""

    @property
    def clear(self) -> date | None:
        """The one day it means; None where it has to be asked."""
        return self.candidates[0] if len(self.candidates) == 1 and not self.missing else None
