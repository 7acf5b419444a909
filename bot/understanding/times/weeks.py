"""Days near today: 明天, 下周二, 周末, 三天后, 下个工作日."""

import re
from calendar import monthrange
from datetime import date

from bot.understanding.times.frame import ONE, Days, Frame, count, only, shifted

_RELATIVE = {"大前": -3, "前": -2, "昨": -1, "夜": -1, "今": 0, "当": 0, "明": 1, "次": 1, "隔": 1}
_RELATIVE |= {"第": 1, "后": 2, "大后": 3}
_EITHER = {"今明": (0, 1), "明后": (1, 2)}
_WEEKS = {"下下": 2, "下": 1, "本": 0, "这": 0, "当": 0, "上": -1, "上上": -2}
_WEEKDAYS = "一二三四五六日"
_WEEK_PARTS = {"初": (0, 1), "中": (2, 2), "末": (5, 6), "前": (0, 2), "后": (3, 6)}
SUNDAY = 7


def relative(match: re.Match[str], frame: Frame) -> list[Days]:
    """大后天, 明儿个; 明后天 is either."""
    word = match[0].removeprefix("赶")
    if word[:2] in _EITHER:
        return [only(frame.today + days * ONE) for days in _EITHER[word[:2]]]
    key = word[:2] if word[0] == "大" else word[0]
    return [only(frame.today + _RELATIVE[key] * ONE)]


def weekday(match: re.Match[str], frame: Frame) -> list[Days]:
    """周三, 下周二, 本周末; 下周一二三 is any of them."""
    week = (match["week"] or "").removesuffix("个")
    return [days for said in match["weekday"] for days in _weekday(week, said, frame)]


def _weekday(week: str, said: str, frame: Frame) -> list[Days]:
    """The day of a week; today's weekday, and 下周 said on a Sunday, may be either of two."""
    today, weekend = frame.today, said == "末"
    monday = today - (today.isoweekday() - 1) * ONE
    first = monday + (5 if weekend else _number(said)) * ONE
    last = first + ONE if weekend else first
    if week:
        weeks = [_WEEKS[week]]
        if week == "下" and today.isoweekday() == SUNDAY:
            weeks.append(_WEEKS[week] + 1)
    elif frame.past:
        weeks = [0 if first <= today else -1]
    elif last < today:
        weeks = [1]
    else:
        weeks = [0, 1] if first == today and not weekend else [0]
    return [(first + 7 * each * ONE, last + 7 * each * ONE) for each in weeks]


def _number(said: str) -> int:
    """0 for Monday."""
    if said in "日天":
        return 6
    return int(said) - 1 if said.isdecimal() else _WEEKDAYS.index(said)


def week(match: re.Match[str], frame: Frame) -> list[Days]:
    """下周, 本周后半周; what is left of this one."""
    today = frame.today
    said = match["week"].removesuffix("个")
    monday = today - (today.isoweekday() - 1 - 7 * _WEEKS[said]) * ONE
    first, last = _WEEK_PARTS.get((match.groupdict().get("part") or "")[:1], (0, 6))
    days = (monday + first * ONE, monday + last * ONE)
    if days[0] < today <= days[1] and not frame.past:
        days = (today, days[1])
    return [days]


def later(match: re.Match[str], frame: Frame) -> list[Days]:
    """三天后, 过两周, 三个工作日后, 半年后. Hours and minutes are read with the clock."""
    number = count(match["passed"] or match["count"])
    unit = (match["passed_unit"] or match["unit"]).removeprefix("个")
    today = frame.today
    if unit in ("天", "日"):
        return [only(today + int(number) * ONE)]
    if unit in ("周", "星期", "礼拜"):
        return [only(today + int(7 * number) * ONE)]
    if unit == "工作日":
        return [only(_workdays_on(int(number), frame))]
    if unit in ("月", "年"):
        months = number * 12 if unit == "年" else number
        if months != months.to_integral_value():
            return [only(today + 15 * ONE)]
        year, month = shifted(today, int(months))
        return [only(date(year, month, min(today.day, monthrange(year, month)[1])))]
    return []


def workday(_: re.Match[str], frame: Frame) -> list[Days]:
    """下个工作日."""
    return [only(_workdays_on(1, frame))]


def _workdays_on(number: int, frame: Frame) -> date:
    day = frame.today
    while number > 0:
        day += ONE
        number -= frame.works(day)
    return day
