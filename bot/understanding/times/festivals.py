"""Days named by a festival or by the Chinese calendar: 国庆, 中秋, 除夕, 正月初八, 腊月二十."""

import re
from datetime import date, timedelta
from functools import cache

from chinese_calendar import get_solar_terms

from bot.understanding.normalise import WORDS
from bot.understanding.times.frame import ONE, YEARS, Days, Frame, only
from rules.forms.numerals import spoken

_SOLAR = {
    "元旦": (1, 1),
    "五一": (5, 1),
    "劳动节": (5, 1),
    "六一": (6, 1),
    "七一": (7, 1),
    "八一": (8, 1),
    "国庆": (10, 1),
    "双节": (10, 1),
    "十一": (10, 1),
    "双十一": (11, 11),
    "双11": (11, 11),
    "双十二": (12, 12),
}
_LUNAR = {
    "春": (1, 1),
    "过年": (1, 1),
    "过完年": (1, 1),
    "元宵": (1, 15),
    "过完十五": (1, 15),
    "端午": (5, 5),
    "中秋": (8, 15),
}
_MONTHS = {"正": 1, "冬": 11, "腊": 12}
_BY_MONTH = re.compile("(?P<month>[正腊冬])月(?P<day>初?[一二三四五六七八九十]{1,3})?(?P<end>底)?")
_FIRST_DAYS = re.compile("初(?P<day>[一二三四五六七八九十])")
_RUNS = (
    "国庆",
    "春节",
    "元旦",
    "五一",
    "劳动",
    "端午",
    "中秋",
    "清明",
    "双节",
    "十一",
    "过年",
    "过完年",
)
"""Festivals with days off around them."""
_LONGEST_RUN = 12
"""Days off in a row that are looked for on either side."""
_SOON = 200
"""How many days ahead the next days off are looked for."""


@cache
def _years() -> dict[int, tuple[date, str, int]]:
    lines = (WORDS / "lunar.txt").read_text("utf-8").splitlines()
    rows = [line.split() for line in lines if line and line[0] != "#"]
    return {
        int(year): (date.fromisoformat(first), months, int(leap))
        for year, first, months, leap in rows
    }


def lunar(year: int, month: int, day: int) -> date | None:
    """The day of a (not leap) month of the Chinese calendar; None beyond the table."""
    known = _years().get(year)
    if known is None or day > 30:
        return None
    first, months, leap = known
    before = month - 1 if not leap or month <= leap else month
    lengths = [30 if each == "b" else 29 for each in months]
    if day > lengths[before]:
        return None
    return first + timedelta(sum(lengths[:before]) + day - 1)


def festival(name: str, year: int) -> Days | None:
    """The days of a festival that fall into a year (for 腊月: into the Chinese year before)."""
    name = name.removesuffix("节") if name not in ("劳动节", "双节") else name
    if name in _SOLAR:
        return _one(date(year, *_SOLAR[name]))
    if name in _LUNAR:
        return _one(lunar(year, *_LUNAR[name]))
    if name == "除夕":
        first = lunar(year, 1, 1)
        return _one(first - timedelta(1)) if first else None
    if name == "清明":
        terms = get_solar_terms(date(year, 4, 3), date(year, 4, 6))
        return _one(terms[0][0]) if terms else None
    return _by_calendar(name, year)


def _by_calendar(name: str, year: int) -> Days | None:
    """正月初八, 腊月二十, 正月, 腊月底."""
    found = _BY_MONTH.match(name)
    if not found:
        return None
    month = _MONTHS[found["month"]]
    in_year = year if month == 1 else year - 1
    if found["day"]:
        number = spoken(found["day"].removeprefix("初"))
        return _one(lunar(in_year, month, int(number))) if number else None
    last = lunar(in_year, month, 30) or lunar(in_year, month, 29)
    first = lunar(in_year, month, 25 if found["end"] else 1)
    return (first, last) if first and last else None


def next_of_month(name: str, today: date) -> Days | None:
    """初八 without its month: the next one from ``today`` on."""
    found = _FIRST_DAYS.fullmatch(name)
    number = spoken(found["day"]) if found else None
    if number is None:
        return None
    for year in (today.year - 1, today.year):
        for month in range(1, 13):
            day = lunar(year, month, int(number))
            if day and today <= day:
                return _one(day)
    return None


def festival_days(match: re.Match[str], frame: Frame) -> list[Days]:
    """The next time of a festival (the last, where it lies behind), with the days off around it."""
    name, today = match["name"], frame.today
    if name[0] == "初":
        return _known(next_of_month(name, today))
    if name == "节":
        return _known(_next_run(frame))
    if match["year"]:
        year = today.year + YEARS[match["year"]]
        return _known(_with_days_off(name, festival(name, year), frame))
    for year in (today.year, today.year + (-1 if frame.past else 1)):
        days = _with_days_off(name, festival(name, year), frame)
        if days and (days[0] <= today if frame.past else days[1] >= today):
            return [days]
    return []


def spring_days(frame: Frame) -> list[Days]:
    """年前 and 年后 are said of the next 春节."""
    for year in (frame.today.year, frame.today.year + 1):
        days = _with_days_off("春节", festival("春节", year), frame)
        if days and days[1] >= frame.today:
            return [days]
    return []


def _known(days: Days | None) -> list[Days]:
    return [days] if days else []


def _with_days_off(name: str, days: Days | None, frame: Frame) -> Days | None:
    if days is None or not name.startswith(_RUNS) or frame.calendar is None:
        return days
    first, last = days
    while not frame.works(first - ONE) and (days[0] - first).days < _LONGEST_RUN:
        first -= ONE
    while not frame.works(last + ONE) and (last - days[1]).days < _LONGEST_RUN:
        last += ONE
    return first, last


def _next_run(frame: Frame) -> Days | None:
    """The next three or more days off in a row, today's included."""
    day, end = frame.today, frame.today + _SOON * ONE
    while day < end:
        last = day
        while not frame.works(last) and last < end:
            last += ONE
        if (last - day).days >= 3:
            return day, last - ONE
        day = last + ONE
    return None


def _one(day: date | None) -> Days | None:
    return only(day) if day else None
