"""What days are counted from, and the arithmetic they share."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from rules.calendar import SHANGHAI, WorkCalendar
from rules.forms.numerals import spoken

Days = tuple[date, date]
"""First and last day, both included."""
ONE = timedelta(1)
YEARS = {"今": 0, "本": 0, "明": 1, "后": 2, "大后": 3, "去": -1, "前": -2}
"""Years from this one."""


@dataclass(frozen=True, slots=True)
class Frame:
    """What days are counted from. ``past``: what is named lies behind (a contract's date)."""

    now: datetime
    calendar: WorkCalendar | None = None
    past: bool = False

    @property
    def today(self) -> date:
        """The day in Shanghai."""
        return self.now.astimezone(SHANGHAI).date()

    def works(self, day: date) -> bool:
        """Whether a day is worked, by the calendar or else by the plain week."""
        return self.calendar.is_workday(day) if self.calendar else day.isoweekday() < 6


def only(day: date) -> Days:
    """One day."""
    return day, day


def shifted(day: date, months: int) -> tuple[int, int]:
    """The year and month some months from a day."""
    total = day.year * 12 + day.month - 1 + months
    return total // 12, total % 12 + 1


def count(text: str) -> Decimal:
    """A typed count, 半 included. ValueError for what is none."""
    if text == "半":
        return Decimal("0.5")
    value = Decimal(text) if text.isdecimal() else spoken(text.replace("俩", "两"))
    if value is None:
        raise ValueError(text)
    return value


def integer(text: str) -> int:
    """A typed whole number. ValueError for what is none."""
    return int(count(text))
