"""Working minutes laid out on a line: one table a year, searched by halving.

Times are whole local minutes since 1970-01-01 00:00 Asia/Shanghai (an int), so that finding a
deadline needs no walk over days.
"""

from bisect import bisect_right
from datetime import UTC, date, datetime, time, timedelta, timezone

from config.cities import Hours
from rules.workdays import Workdays

SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")
"""China has kept +08:00 without summer time since 1992: no zone file can be missing or moved."""

DAY = 24 * 60
_EPOCH_DAY = date(1970, 1, 1).toordinal()
_EPOCH = datetime(1970, 1, 1, tzinfo=SHANGHAI)
_MINUTE = timedelta(minutes=1)


def floor_minute(at: datetime) -> int:
    """The local minute ``at`` falls into. Raises ValueError for a naive time."""
    if at.tzinfo is None:
        raise ValueError("a time without a zone")
    return (at - _EPOCH) // _MINUTE


def ceil_minute(at: datetime) -> int:
    """The first local minute that begins at or after ``at``."""
    minute = floor_minute(at)
    return minute if _EPOCH + minute * _MINUTE == at else minute + 1


def instant(minute: int) -> datetime:
    """The UTC time at which a local minute begins."""
    return (_EPOCH + minute * _MINUTE).astimezone(UTC)


def day_of(minute: int) -> date:
    """The local day a minute belongs to."""
    return date.fromordinal(minute // DAY + _EPOCH_DAY)


def midnight(day: date) -> int:
    """The first local minute of ``day``."""
    return (day.toordinal() - _EPOCH_DAY) * DAY


def _clock(at: time) -> int:
    return at.hour * 60 + at.minute


def is_open(minute: int, sessions: tuple[tuple[time, time], ...]) -> bool:
    """Whether the ``minute`` of a day lies in one of its sessions."""
    return any(_clock(opens) <= minute < _clock(closes) for opens, closes in sessions)


class Year:
    """One year's working days and sessions. Sessions open and close on whole minutes."""

    __slots__ = ("_before", "_closes", "_opens", "day_closes", "days", "total")

    def __init__(self, year: int, hours: Hours, workdays: Workdays) -> None:
        self.days: list[int] = []
        """Midnights of the working days."""
        self.day_closes: list[int] = []
        """Where the last session of each working day ends."""
        self._opens: list[int] = []
        self._closes: list[int] = []
        self._before: list[int] = []
        self.total = 0
        first = date(year, 1, 1)
        for offset in range(date(year, 12, 31).timetuple().tm_yday):
            day = first + timedelta(offset)
            if workdays.is_workday(day):
                self._add_day(midnight(day), hours.sessions(day))
        if not self.total:
            raise ValueError(f"the year {year} has no working time")

    def _add_day(self, start: int, sessions: tuple[tuple[time, time], ...]) -> None:
        for opens, closes in sessions:
            self._opens.append(start + _clock(opens))
            self._closes.append(start + _clock(closes))
            self._before.append(self.total)
            self.total += self._closes[-1] - self._opens[-1]
        self.days.append(start)
        self.day_closes.append(self._closes[-1])

    def worked_before(self, minute: int) -> int:
        """Working minutes of this year that begin before ``minute``."""
        i = bisect_right(self._opens, minute) - 1
        if i < 0:
            return 0
        return self._before[i] + min(minute, self._closes[i]) - self._opens[i]

    def nth_minute(self, n: int) -> int:
        """Where this year's working minute number ``n`` (from 0) begins; 0 ≤ n < total."""
        i = bisect_right(self._before, n) - 1
        return self._opens[i] + n - self._before[i]

    def nth_day_after(self, start: int, n: int) -> int:
        """Index of the ``n``-th (from 1) working day whose midnight is later than ``start``."""
        return bisect_right(self.days, start) + n - 1
