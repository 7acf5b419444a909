"""Which days are worked in China: the official calendar with moved weekends, and its gaps."""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache

from chinese_calendar.constants import holidays, workdays

from rules.statutory import statutory_holidays

OCTOBER = 10
"""The State Council publishes next year's calendar in autumn; from here its absence is a worry."""


@cache
def library_years() -> frozenset[int]:
    """Years whose official calendar the library knows."""
    return frozenset(range(min(holidays).year, max(holidays).year + 1))


class Workdays:
    """The official calendar, an editable table over it, and the years nobody has published yet.

    ``overrides`` says day by day what is worked (True) or off (False) and always wins.
    ``published`` holds the years whose calendar is complete: None takes those the library knows;
    a year an administrator has entered is added by the caller (``library_years() | {2027}``).
    A year outside ``published`` follows the plain week without the days off by law, and its
    answers are provisional.
    """

    def __init__(self, overrides: Mapping[date, bool], published: frozenset[int] | None) -> None:
        self._overrides = dict(overrides)
        self._published = library_years() if published is None else frozenset(published)

    def with_day(self, day: date, working: bool | None) -> "Workdays":
        """The same with one day worked or off; None: as is published."""
        days = {known: worked for known, worked in self._overrides.items() if known != day}
        return Workdays(days if working is None else days | {day: working}, self._published)

    def is_workday(self, day: date) -> bool:
        """Whether ``day`` is worked, to the best of what is known."""
        override = self._overrides.get(day)
        if override is not None:
            return override
        if day.year in self._published:
            if day in workdays:
                return True
            if day in holidays:
                return False
        if day.year not in library_years() and day in statutory_holidays(day.year):
            return False
        return day.isoweekday() <= 5

    def provisional(self, first: date, last: date) -> bool:
        """Whether any day of ``first`` … ``last`` (both included) is not published yet."""
        for year in range(first.year, last.year + 1):
            if year not in self._published:
                start, end = max(first, date(year, 1, 1)), min(last, date(year, 12, 31))
                days = (end - start).days + 1
                if any(start + timedelta(n) not in self._overrides for n in range(days)):
                    return True
        return False

    def years_missing(self, today: date) -> tuple[int, ...]:
        """Years to warn about: this one always, the next from October on."""
        soon = (today.year, today.year + 1) if today.month >= OCTOBER else (today.year,)
        return tuple(year for year in soon if year not in self._published)
