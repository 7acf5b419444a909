"""Working time: deadlines, what is left of them, and the light they show (domain §5).

Aware times in, UTC out; days and hours are those of Asia/Shanghai whatever zone the process has.
A working minute counts when all of it lies in a session; a fraction of a minute never does.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import ROUND_CEILING, Decimal
from typing import Literal

from config.cities import Hours, Limit
from rules.workdays import Workdays
from rules.worktime import (
    DAY,
    SHANGHAI,
    Year,
    ceil_minute,
    day_of,
    floor_minute,
    instant,
    is_open,
    midnight,
)

__all__ = ["SHANGHAI", "Due", "Light", "WorkCalendar"]

Light = Literal["normal", "yellow", "red"]
"""正常, 黄灯 (the last quarter), 红灯 (past)."""


@dataclass(frozen=True, slots=True)
class Due:
    """When something is due, in UTC. ``provisional``: a year on the way is not published yet."""

    at: datetime
    provisional: bool = False


class WorkCalendar:
    """One city's working time. Immutable; tables of a year are made when first asked for."""

    def __init__(
        self,
        hours: Hours,
        same_day_cutoff: time,
        overrides: Mapping[date, bool] | None = None,
        published: frozenset[int] | None = None,
    ) -> None:
        self._hours = hours
        self._cutoff = same_day_cutoff.hour * 60 + same_day_cutoff.minute
        self._workdays = Workdays(overrides or {}, published)
        self._years: dict[int, Year] = {}

    def with_day(self, day: date, working: bool | None) -> "WorkCalendar":
        """The same calendar with one day worked or off; None: as is published."""
        made = WorkCalendar(self._hours, time(*divmod(self._cutoff, 60)))
        made._workdays = self._workdays.with_day(day, working)
        return made

    def is_workday(self, day: date) -> bool:
        """Whether ``day`` (in Shanghai) is worked, moved weekends and overrides included."""
        return self._workdays.is_workday(day)

    def is_working_time(self, at: datetime) -> bool:
        """Whether ``at`` lies in a session: the opening counts, the close does not."""
        minute = floor_minute(at)
        try:
            day = day_of(minute)
        except (OverflowError, ValueError):  # beyond the years a date can name
            return False
        if not self._workdays.is_workday(day):
            return False
        return is_open(minute - midnight(day), self._hours.sessions(day))

    def sessions(self, day: date) -> tuple[tuple[int, int], ...]:
        """The stretches of a day that are worked, in local minutes; none on a day off."""
        if not self._workdays.is_workday(day):
            return ()
        start = midnight(day)
        return tuple(
            (start + opens.hour * 60 + opens.minute, start + closes.hour * 60 + closes.minute)
            for opens, closes in self._hours.sessions(day)
        )

    def next_working_time(self, at: datetime) -> datetime:
        """``at`` itself when it is working time, else the next opening."""
        return at.astimezone(UTC) if self.is_working_time(at) else self.add_minutes(at, 0).at

    def deadline(self, start: datetime, limit: Limit) -> Due:
        """When ``limit`` ends for something that starts at ``start``.

        n working days end at the close of the n-th working day after the day of ``start``; half
        a day more (or alone) is half the minutes of the day on which it begins to run.
        """
        if limit.working_minutes is not None:
            return self.add_minutes(start, limit.working_minutes)
        if limit.working_days is None:
            return self._same_day(start)
        whole = int(limit.working_days)
        close = self._close_after(start, whole) if whole else ceil_minute(start)
        part = limit.working_days - whole
        if not part:
            return self._due(start, close)
        opening = self._advance(close, 0)
        return self._due(start, self._advance(opening, self._share(opening, part)))

    def add_minutes(self, start: datetime, minutes: int) -> Due:
        """The end of the ``minutes``-th working minute from the next one on (0: its beginning)."""
        if minutes < 0:
            raise ValueError("working minutes to add must not be negative")
        return self._due(start, self._advance(ceil_minute(start), minutes))

    def minutes_between(self, a: datetime, b: datetime) -> int:
        """Whole working minutes from ``a`` to ``b``; negative when ``b`` is the earlier."""
        if b < a:
            return -self.minutes_between(b, a)
        first, last = ceil_minute(a), floor_minute(b)
        if last <= first:
            return 0
        first_year, last_year = day_of(first).year, day_of(last).year
        between = sum(self._year(year).total for year in range(first_year, last_year))
        before = self._year(first_year).worked_before(first)
        return between + self._year(last_year).worked_before(last) - before

    def remaining_minutes(self, now: datetime, due: Due | datetime) -> int:
        """Working minutes left; negative by as many as it is overdue."""
        return self.minutes_between(now, _at(due))

    def resume(self, due: Due | datetime, paused_at: datetime, resumed_at: datetime) -> Due:
        """The new due time after a pause: the working minutes left at ``paused_at`` run again.

        What was already due when it was paused stays due when it was.
        """
        if resumed_at < paused_at:
            raise ValueError("a pause cannot end before it begins")
        old = due if isinstance(due, Due) else self._due(paused_at, floor_minute(due))
        if _at(due) <= paused_at:
            return Due(_at(due).astimezone(UTC), old.provisional)
        new = self.add_minutes(resumed_at, self.minutes_between(paused_at, _at(due)))
        return Due(new.at, new.provisional or old.provisional)

    def light(
        self,
        opened: datetime,
        due: Due | datetime,
        now: datetime,
        paused: datetime | None = None,
        *,
        paused_minutes: int = 0,
    ) -> Light:
        """What a deadline shows. The last quarter of its working minutes is yellow, past is red.

        ``paused`` is since when it stands still: its light stands still too. ``paused_minutes``
        are the working minutes of earlier pauses, which are no part of its length.
        """
        end = _at(due)
        seen = now if paused is None else min(paused, now)
        if seen > end:
            return "red"
        length = self.minutes_between(opened, end) - paused_minutes
        return "yellow" if self.minutes_between(seen, end) * 4 <= length else "normal"

    def yellow_at(
        self, opened: datetime, due: Due | datetime, *, paused_minutes: int = 0
    ) -> datetime:
        """When the light of a running deadline turns yellow: its last quarter begins."""
        total = self.minutes_between(opened, _at(due))
        return self.add_minutes(opened, max(total - (total - paused_minutes) // 4, 0)).at

    def years_missing(self, today: date) -> tuple[int, ...]:
        """Years without a published calendar to warn about: this one, from October the next."""
        return self._workdays.years_missing(today)

    def _year(self, year: int) -> Year:
        found = self._years.get(year)
        if found is None:
            found = self._years[year] = Year(year, self._hours, self._workdays)
        return found

    def _due(self, start: datetime, minute: int) -> Due:
        first = day_of(floor_minute(start))
        return Due(instant(minute), self._workdays.provisional(first, day_of(minute)))

    def _advance(self, minute: int, count: int) -> int:
        """The end of the ``count``-th working minute from ``minute``; 0: the next one's start."""
        year = day_of(minute).year
        n = self._year(year).worked_before(minute) + max(count - 1, 0)
        while n >= self._year(year).total:
            n -= self._year(year).total
            year += 1
        return self._year(year).nth_minute(n) + (1 if count else 0)

    def _close_after(self, start: datetime, days: int) -> int:
        """The close of the ``days``-th working day after the day of ``start``."""
        today = midnight(day_of(floor_minute(start)))
        year = day_of(today).year
        i = self._year(year).nth_day_after(today, days)
        while i >= len(self._year(year).days):
            i -= len(self._year(year).days)
            year += 1
        return self._year(year).day_closes[i]

    def _same_day(self, start: datetime) -> Due:
        """当日结: this day's close if received before the cut-off, else the next working day's."""
        minute = floor_minute(start)
        today = midnight(day_of(minute))
        if minute - today < self._cutoff:
            year = self._year(day_of(minute).year)
            i = year.nth_day_after(today - 1, 1)
            if i < len(year.days) and year.days[i] == today and minute < year.day_closes[i]:
                return self._due(start, year.day_closes[i])
        return self._due(start, self._close_after(start, 1))

    def _share(self, opening: int, part: Decimal) -> int:
        """``part`` of the working minutes of the day of ``opening``, rounded up to a minute."""
        year, start = self._year(day_of(opening).year), midnight(day_of(opening))
        whole = year.worked_before(start + DAY) - year.worked_before(start)
        return int((part * whole).to_integral_value(ROUND_CEILING))


def _at(due: Due | datetime) -> datetime:
    return due.at if isinstance(due, Due) else due
