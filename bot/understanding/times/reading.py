"""What a typed day or time means, counted from now and by a city's working calendar.

What is not clear comes back as several options, what was not said as ``missing``, so that the
dialogue asks instead of guessing. All times are Asia/Shanghai.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from bot.understanding.normalise import normalise
from bot.understanding.spans import Span
from bot.understanding.times.frame import ONE, Days, Frame, count
from bot.understanding.times.patterns import times
from bot.understanding.times.said import Moment, completed, moments_said
from bot.understanding.times.types import DateRead, Limit, Missing, Stretch, When
from rules.calendar import SHANGHAI, WorkCalendar

__all__ = ["DateRead", "Stretch", "When", "read_date", "read_when", "shown", "shown_day"]

WEEKDAYS = "一二三四五六日"
WEEK = timedelta(7)
_COMPACT = re.compile("(20[0-9]{2})([01][0-9])([0-3][0-9])")
_COUNT = "[0-9]{1,3}|[一二两三四五六七八九十半]{1,3}"
_HOURS = re.compile(
    f"(?:再?过)(?P<passed>{_COUNT})(?P<passed_unit>个?(?:小时|钟头)|分钟)"
    f"|(?P<count>{_COUNT})(?P<unit>个?(?:小时|钟头)|分钟)(?:之后|以后|后)"
)


def read_when(text: str, now: datetime, calendar: WorkCalendar | None) -> When | None:
    """The time a text names. None when it names none that can be read. Never raises for a text."""
    repaired = normalise(text)
    frame = Frame(now, calendar)
    hours = _HOURS.search(repaired)
    after = _after_hours(hours, now) if hours else None
    if after:
        return after
    spans = [span for span in times(repaired) if span.kind in ("time", "past")]
    for i, span in enumerate(spans):
        moments = list(moments_said(repaired, span, frame))
        if moments and i + 1 < len(spans):
            moments = completed(moments, list(moments_said(repaired, spans[i + 1], frame)))
        options = tuple(dict.fromkeys(o for m in moments for o in _options(m, frame)))
        if options:
            whole = replace(moments[0], limit=moments[-1].limit)
            return _when(repaired, span, whole, _ahead(options, now), frame)
    return None


def read_date(text: str, now: datetime, *, past: bool = False) -> DateRead | None:
    """The date a text names; ``past`` reads 三月五号 as the last one. Never raises for a text.

    A month or longer is given as its first, middle and last day, with what is missing.
    """
    repaired = normalise(text)
    compact = _COMPACT.fullmatch(repaired)
    if compact:
        repaired = "-".join(compact.groups())
    frame = Frame(now, None, past)
    for span in times(repaired):
        if span.kind == "duration":
            continue
        moments = list(moments_said(repaired, span, frame))
        days = [each for moment in moments for each in moment.days or ()]
        if days:
            literal = repaired[span.start : span.end]
            limit = moments[-1].limit
            return _date_read(literal, span, tuple(dict.fromkeys(days)), limit)
    return None


def shown(at: datetime) -> str:
    """A moment as it is shown, and read again: ``2026年3月5日（周四）14:30``."""
    local = at.astimezone(SHANGHAI)
    return f"{shown_day(local.date())}{local:%H:%M}"


def shown_day(day: date) -> str:
    """A day as it is shown: ``2026年3月5日（周四）``."""
    return f"{day.year}年{day.month}月{day.day}日（周{WEEKDAYS[day.weekday()]}）"


def _options(moment: Moment, frame: Frame) -> Iterator[Stretch]:
    for first, last in _days_of(moment, frame):
        if moment.clock and moment.clock.hour is not None and ONE <= last - first < WEEK:
            yield from _each_day(moment, first, last, frame)
            continue
        if moment.clock is None or last - first >= ONE:  # 国庆上午: no day to have an hour of
            yield Stretch(_at(first, 0), _at(last, 24 * 60))
            continue
        begins = moment.clock.times(first, frame.calendar)
        if moment.to is not None and begins:
            ends = [m for m in moment.to.times(last, frame.calendar) if m > begins[0]]
            yield Stretch(_at(first, begins[0]), _at(last, ends[0] if ends else begins[0]))
        elif begins:
            for minute in begins:
                yield Stretch(_at(first, minute), _at(first, minute))
        elif moment.clock.window:
            yield Stretch(_at(first, moment.clock.window[0]), _at(last, moment.clock.window[1]))


def _each_day(moment: Moment, first: date, last: date, frame: Frame) -> Iterator[Stretch]:
    """下周三点: that hour of each day of the week on which work is done, or of each day."""
    days = [first + at * ONE for at in range((last - first).days + 1)]
    for day in [each for each in days if frame.works(each)] or days:
        yield from _options(replace(moment, days=((day, day),)), frame)


def _days_of(moment: Moment, frame: Frame) -> Iterator[Days]:
    """The days said; without any, the next two on which work is done."""
    if moment.days is not None:
        yield from moment.days
        return
    day, found = frame.today, 0
    while found < 2:
        if frame.works(day) and _still_ahead(moment, day, frame):
            found += 1
            yield day, day
        day += ONE


def _still_ahead(moment: Moment, day: date, frame: Frame) -> bool:
    if day > frame.today or moment.clock is None:
        return True
    window = moment.clock.window
    minutes = moment.clock.times(day, frame.calendar) or (window[1] if window else 0,)
    return _at(day, max(minutes)) > frame.now


def _at(day: date, minutes: int) -> datetime:
    return datetime.combine(day, time(), SHANGHAI) + timedelta(minutes=minutes)


def _ahead(options: tuple[Stretch, ...], now: datetime) -> tuple[Stretch, ...]:
    """Without those that are over, unless all are."""
    return tuple(option for option in options if option.last > now) or options


def _when(
    text: str, span: Span, moment: Moment, options: tuple[Stretch, ...], frame: Frame
) -> When:
    missing: set[Missing] = set()
    if moment.days is None:
        missing.add("day")
    if not all(option.exact for option in options):
        missing.add("time")
        if any(option.last - option.first > timedelta(1) for option in options):
            missing.add("day")
    literal = text[span.start : span.end]
    return When(literal, span.start, span.end, options, frozenset(missing), moment.limit)


def _after_hours(match: re.Match[str], now: datetime) -> When | None:
    """三个小时后, 半小时后: to the minute."""
    try:
        number = count(match["passed"] or match["count"])
    except ValueError:
        return None
    minutes = number if "分" in (match["passed_unit"] or match["unit"]) else number * 60
    at = now.astimezone(SHANGHAI) + timedelta(minutes=int(minutes))
    at = at.replace(second=0, microsecond=0)
    return When(match[0], match.start(), match.end(), (Stretch(at, at),))


def _date_read(text: str, span: Span, days: tuple[Days, ...], limit: Limit) -> DateRead:
    missing: set[Missing] = set()
    candidates: list[date] = []
    for first, last in days:
        if first == last:
            candidates.append(first)
            continue
        missing.add("day")
        if (last - first).days > 31:
            missing.add("month")
        candidates += [first, first + (last - first) // 2, last]
    found = tuple(dict.fromkeys(candidates))
    return DateRead(text, span.start, span.end, found, frozenset(missing), limit)
