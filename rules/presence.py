"""Whether somebody is, and a photo was taken, where and when it should be: doubts, never a refusal.

Positions and what a picture says of itself can be forged by anybody and fail for honest reasons;
so they are judged, what is doubtful is marked, and people are asked why (domain §7).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from rules.places import Place, metres
from rules.worktime import SHANGHAI

STALE: Final = timedelta(minutes=5)
"""A fix that was older when it was used says where somebody was before."""
AHEAD: Final = timedelta(minutes=2)
"""Clocks differ; a time so far in the future is none."""


class Doubt(StrEnum):
    """Why a check-in or a photo proves less than it seems to."""

    NO_POSITION = "no_position"
    FAR = "far"
    INACCURATE = "inaccurate"
    """The fix may be farther off than the radius within which one has to be."""
    STALE = "stale"
    MOCK = "mock"
    """The phone says that the position was made up."""
    UNKNOWN_SITE = "unknown_site"
    """The site is not on the map: nothing to compare with. Nobody's fault."""
    NO_TIME = "no_time"
    OTHER_DAY = "other_day"
    FUTURE = "future"
    """Taken after it was received."""
    USED_BEFORE = "used_before"
    """The same file was handed in for another visit."""


def asks(doubts: Iterable[str]) -> bool:
    """Whether a reason is asked for: there is a doubt that who is there can explain."""
    return any(doubt != Doubt.UNKNOWN_SITE for doubt in doubts)


@dataclass(frozen=True, slots=True)
class Fix:
    """A position as a phone tells it."""

    place: Place
    accuracy_m: float | None = None
    """The radius within which it is likely to be; None where the phone tells none."""
    fixed_at: datetime | None = None
    """When it was found, by the clock of whoever judges; None where that is not told."""
    mock: bool = False


@dataclass(frozen=True, slots=True)
class Presence:
    """A position or a photo judged: how far from the site (None: unknown), and the doubts."""

    metres: int | None
    doubts: tuple[Doubt, ...]

    @property
    def asks(self) -> bool:
        """Whether a reason is asked for."""
        return asks(self.doubts)


def judge(
    fix: Fix | None, site: Place | None, *, radius_m: int, at: datetime, day: date | None = None
) -> Presence:
    """A check-in at ``at`` against the site (None: not on the map) and the city's radius.

    ``day``: on which it was expected (Shanghai), where one was agreed.
    """
    other_day = day is not None and not _on(at, day)
    if fix is None or (fix.place.lon == 0 and fix.place.lat == 0):
        told = {Doubt.NO_POSITION: True, Doubt.OTHER_DAY: other_day}
        return Presence(None, _those(told.items()))
    away = None if site is None else round(metres(fix.place, site))
    found = {
        Doubt.FAR: away is not None and away > radius_m,
        Doubt.INACCURATE: fix.accuracy_m is None or fix.accuracy_m > radius_m,
        Doubt.STALE: fix.fixed_at is None or not -AHEAD <= at - fix.fixed_at <= STALE,
        Doubt.MOCK: fix.mock,
        Doubt.UNKNOWN_SITE: site is None,
        Doubt.OTHER_DAY: other_day,
    }
    return Presence(away, _those(found.items()))


@dataclass(frozen=True, slots=True)
class Shot:
    """What a photo said of itself before that was stripped."""

    taken_at: datetime | None
    place: Place | None
    used_before: bool = False


def judge_photo(
    shot: Shot, site: Place | None, *, radius_m: int, day: date, received_at: datetime
) -> Presence:
    """A photo against the site, the day of the visit (Shanghai) and when it reached us."""
    away = None if site is None or shot.place is None else round(metres(shot.place, site))
    taken = shot.taken_at
    found = {
        Doubt.NO_TIME: taken is None,
        Doubt.OTHER_DAY: taken is not None and not _on(taken, day),
        Doubt.FUTURE: taken is not None and taken > received_at + AHEAD,
        Doubt.NO_POSITION: shot.place is None,
        Doubt.FAR: away is not None and away > radius_m,
        Doubt.UNKNOWN_SITE: site is None,
        Doubt.USED_BEFORE: shot.used_before,
    }
    return Presence(away, _those(found.items()))


def _on(at: datetime, day: date) -> bool:
    """On the day, or so little before or after it that a clock may be to blame."""
    return any((at + slack).astimezone(SHANGHAI).date() == day for slack in (-AHEAD, AHEAD))


def _those(found: Iterable[tuple[Doubt, bool]]) -> tuple[Doubt, ...]:
    return tuple(doubt for doubt, true in found if true)
