"""The days a text names at a position, whatever way it names them."""

import re
from collections.abc import Callable

from bot.understanding.times import months, weeks
from bot.understanding.times.festivals import festival_days, spring_days
from bot.understanding.times.frame import Days, Frame
from bot.understanding.times.patterns import DAYS

_AROUND_SPRING = ("年前", "年后")


def days_at(text: str, at: int, frame: Frame) -> tuple[list[Days], int] | None:
    """The days named at a position, with where the name ends. An empty list: named, not known."""
    for name, pattern in _COMPILED.items():
        match = pattern.match(text, at)
        if match:
            try:
                return _READERS[name](match, frame), match.end()
            except (ValueError, OverflowError):  # 2月30日, or beyond the years there are
                return [], match.end()
    return None


def _year_part(match: re.Match[str], frame: Frame) -> list[Days]:
    around = match["part"] in _AROUND_SPRING
    return spring_days(frame) if around else months.year_part(match, frame)


_COMPILED = {name: re.compile(pattern) for name, pattern in DAYS.items()}
_READERS: dict[str, Callable[[re.Match[str], Frame], list[Days]]] = {
    "relative": weeks.relative,
    "weekday": weeks.weekday,
    "week_at": weeks.week,
    "week": weeks.week,
    "later": weeks.later,
    "workday": weeks.workday,
    "iso": months.iso,
    "slashed": months.slashed,
    "date": months.dated,
    "month": months.month,
    "days": months.two_days,
    "day": months.day,
    "month_end": months.month_end,
    "festival": festival_days,
    "year": months.year,
    "year_part": _year_part,
}
