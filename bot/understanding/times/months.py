"""Dates, months, seasons and years: 12月3日, 下个月5号, 月底, 明年三月, 下半年, 26号."""

import re
from calendar import monthrange
from datetime import date

from bot.understanding.times.frame import YEARS, Days, Frame, integer, only, shifted

_MONTHS = {"下下": 2, "下": 1, "次": 1, "本": 0, "这": 0, "当": 0, "上": -1}
_PARTS = {"初": (1, 10), "头": (1, 10), "中": (11, 20), "底": (25, 31), "末": (25, 31)}
_PARTS |= {"上旬": (1, 10), "中旬": (11, 20), "下旬": (21, 31)}
"""First and last day of a part of a month."""
_SEASONS = {"上半年": (1, 6), "下半年": (7, 12), "底": (12, 12), "末": (12, 12), "初": (1, 1)}
_SEASONS |= {"开春": (2, 4), "春天": (3, 5), "夏天": (6, 8), "秋天": (9, 11), "冬天": (11, 12)}
_SEASONS |= {"入秋": (8, 9), "入冬": (11, 11)}
"""First and last month of a part of a year."""


def iso(match: re.Match[str], _: Frame) -> list[Days]:
    """2026-03-05."""
    return [only(date(int(match["year"]), int(match["month"]), int(match["day"])))]


def slashed(match: re.Match[str], frame: Frame) -> list[Days]:
    """3/15."""
    return [_in_year(None, int(match["month"]), int(match["day"]), frame)]


def dated(match: re.Match[str], frame: Frame) -> list[Days]:
    """明年三月, 3月底, 12月3日."""
    month, year = integer(match["month"]), _year_of(match["year"], frame)
    if match["day"]:
        return [_in_year(year, month, integer(match["day"]), frame)]
    first, last = _PARTS.get((match["part"] or "").removeprefix("月"), (1, 31))
    return [_stretch(year, month, month, frame, first, last)]


def month(match: re.Match[str], frame: Frame) -> list[Days]:
    """下个月, 本月下旬, 下月5日."""
    said = match["month"].removesuffix("月").removesuffix("个")
    year, number = shifted(frame.today, _MONTHS[said])
    if match["day"]:
        return [only(date(year, number, integer(match["day"])))]
    first, last = _PARTS.get((match["part"] or "").removeprefix("月"), (1, 31))
    return [_between(year, number, number, first, last)]


def day(match: re.Match[str], frame: Frame) -> list[Days]:
    """26号: the next one."""
    return [_next_day(integer(match["day"]), frame)]


def two_days(match: re.Match[str], frame: Frame) -> list[Days]:
    """23、24号: either."""
    return [_next_day(integer(match[name]), frame) for name in ("day", "to")]


def month_end(match: re.Match[str], frame: Frame) -> list[Days]:
    """月底, 月初: of this month while it lasts, else of the next."""
    first, last = _PARTS[match["part"]]
    for months in (0, 1):
        year, number = shifted(frame.today, months)
        days = _between(year, number, number, first, last)
        if days[1] >= frame.today:
            return [days]
    return []


def year(match: re.Match[str], frame: Frame) -> list[Days]:
    """明年, 明年下半年, 2027年初."""
    said = match["year"]
    number = int(said) if said.isdecimal() else frame.today.year + YEARS[said]
    return [_season(number, match["part"] or "", frame)]


def year_part(match: re.Match[str], frame: Frame) -> list[Days]:
    """年底, 开春, 下半年: the next one."""
    return [_season(None, match["part"], frame)]


def _in_year(year: int | None, month: int, day: int, frame: Frame) -> Days:
    """A day of the year; without one the next such day, or the last when it lies behind."""
    if year is not None:
        return only(date(year, month, day))
    today = frame.today
    here = date(today.year, month, day) if (month, day) != (2, 29) else _leap_day(today.year)
    if here < today and not frame.past:
        here = date(here.year + 1, month, day)
    elif here > today and frame.past:
        here = date(here.year - 1, month, day)
    return only(here)


def _leap_day(year: int) -> date:
    leap = next(y for y in range(year, year + 9) if monthrange(y, 2)[1] == 29)
    return date(leap, 2, 29)


def _stretch(
    year: int | None, first: int, last: int, frame: Frame, from_day: int = 1, to_day: int = 31
) -> Days:
    """From a day of one month to a day of another; without a year those that come next."""
    here = frame.today.year if year is None else year
    days = _between(here, first, last, from_day, to_day)
    if year is None and not frame.past and days[1] < frame.today:
        return _between(here + 1, first, last, from_day, to_day)
    if year is None and frame.past and days[0] > frame.today:
        return _between(here - 1, first, last, from_day, to_day)
    return days


def _between(year: int, first: int, last: int, from_day: int, to_day: int) -> Days:
    return date(year, first, from_day), date(year, last, min(to_day, monthrange(year, last)[1]))


def _next_day(number: int, frame: Frame) -> Days:
    """The next (or last) day of a month with this number."""
    for months in range(12):
        year, month = shifted(frame.today, -months if frame.past else months)
        if number <= monthrange(year, month)[1]:
            found = date(year, month, number)
            if found <= frame.today if frame.past else found >= frame.today:
                return only(found)
    raise ValueError(number)


def _season(year: int | None, part: str, frame: Frame) -> Days:
    if part.endswith("季度"):
        quarter = integer(part[-3])
        return _stretch(year, 3 * quarter - 2, 3 * quarter, frame)
    first, last = _SEASONS.get(part.removeprefix("年"), (1, 12))
    return _stretch(year, first, last, frame)


def _year_of(said: str | None, frame: Frame) -> int | None:
    if not said:
        return None
    if said.isdecimal():
        return int(said) + (2000 if len(said) == 2 else 0)
    return frame.today.year + YEARS[said]
