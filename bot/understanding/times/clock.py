"""Clock times and parts of a day: 下午三点半, 13:40, 九点, 晌午."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time

from bot.understanding.times.patterns import CLOCK, HALF
from rules.calendar import SHANGHAI, WorkCalendar
from rules.forms.numerals import spoken

_HALF = re.compile(HALF)
_CLOCK = re.compile(CLOCK)
_GAP = re.compile(" ?")
_DAY = 24 * 60
_MORNING, _NOON, _AFTERNOON, _EVENING, _NIGHT = "morning", "noon", "afternoon", "evening", "night"
_WINDOWS = {
    _NIGHT: (0, 6 * 60),
    _MORNING: (6 * 60, 12 * 60),
    _NOON: (11 * 60, 14 * 60),
    _AFTERNOON: (12 * 60, 18 * 60),
    _EVENING: (18 * 60, _DAY),
}
"""Minutes of the day each part lasts."""
_PARTS = {
    _NIGHT: "凌晨",
    _MORNING: (
        "清晨 清早 大清早 一大早 一早 大早上 早上 早晨 早起 上午 前半晌 上晌 头晌 前晌 上半天 早 晨"
    ),
    _NOON: "中午 正午 晌午 晌午头 晌午头儿 晌午儿",
    _AFTERNOON: "午后 下午 后半晌 下晌 后晌 下半天",
    _EVENING: "傍晚 擦黑 晚上 晚间 夜里 夜间 半夜 晚 夜",
}
_PART_OF = {word: part for part, words in _PARTS.items() for word in words.split()}
_MINUTES = {"半": 30, "一刻": 15, "1刻": 15, "三刻": 45, "3刻": 45, "整": 0}
_UNCLEAR = (6, 7)
"""Hours that are as likely in the evening as in the morning, when neither is worked."""


@dataclass(frozen=True, slots=True)
class Clock:
    """What was said about the time of day: the part (``half``), hour and minute, or both.

    ``exact``: written as on a digital clock, so that 02:30 is at night.
    """

    half: str | None = None
    hour: int | None = None
    minute: int = 0
    exact: bool = False

    @property
    def window(self) -> tuple[int, int] | None:
        """From and to which minute the part of the day lasts; None without one."""
        return _WINDOWS[self.half] if self.half else None

    def times(self, day: date | None, calendar: WorkCalendar | None) -> tuple[int, ...]:
        """Minutes of the day that may be meant, the likelier first; empty without an hour."""
        if self.hour is None:
            return ()
        if self.exact or self.hour > 12 or self.hour == 0:
            return (self.hour % 24 * 60 + self.minute,)
        if self.half:
            return (_in_half(self.half, self.hour) * 60 + self.minute,)
        return _guessed(self.hour, self.minute, day, calendar)


def clock_at(text: str, at: int) -> tuple[Clock, int] | None:
    """The part of a day and the time named at a position, with where they end."""
    half = _HALF.match(text, at)
    end = half.end() if half else at
    part = _PART_OF.get(half["half"]) if half else None
    after = _GAP.match(text, end)
    match = _CLOCK.match(text, after.end() if half and after else end)
    if match is None:
        return (Clock(part), end) if half else None
    if match["hour"]:
        exact = match["hour"][0] == "0" or int(match["hour"]) > 12
        return Clock(part, int(match["hour"]), int(match["minute"]), exact), match.end()
    hour, minute = _number(match["hour_said"]), _minute(match["minute_said"])
    return Clock(part, hour, minute), match.end()


def _minute(said: str | None) -> int:
    if not said:
        return 0
    return _MINUTES[said] if said in _MINUTES else _number(said)


def _number(said: str) -> int:
    if said.isdecimal() and said.isascii():
        return int(said)
    return int(spoken(said) or 0)


def _in_half(half: str, hour: int) -> int:
    """The hour of the day: 下午三点 is 15, 中午一点 is 13, 晚上十二点 is 24."""
    if half == _NIGHT:
        return hour % 12
    if half == _MORNING:
        return hour
    if half == _NOON:
        return hour + 12 if hour < 10 else hour
    if half == _EVENING and hour == 12:
        return 24
    return hour + 12 if hour < 12 else hour


def _guessed(
    hour: int, minute: int, day: date | None, calendar: WorkCalendar | None
) -> tuple[int, ...]:
    """Morning or afternoon: the one that is worked; else as people mean it."""
    both = (hour % 12 * 60 + minute, (hour % 12 + 12) * 60 + minute)
    if calendar is not None and day is not None:
        worked = [at for at in both if calendar.is_working_time(_moment(day, at))]
        if len(worked) == 1:
            return (worked[0],)
    if hour in _UNCLEAR:
        return both
    return (both[0] if 7 < hour < 12 else both[1],)


def _moment(day: date, minutes: int) -> datetime:
    return datetime.combine(day, time(minutes // 60, minutes % 60), SHANGHAI)
