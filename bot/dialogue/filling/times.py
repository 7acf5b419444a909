"""Dates and times as answers: what can be read at once, and what has to be asked back."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from bot.dialogue.filling.around_times import around
from bot.dialogue.filling.sheets import TOPIC
from bot.dialogue.filling.written_times import impossible, is_any, read_out
from bot.dialogue.talk import Talk
from bot.understanding.times import DateRead, Stretch, When, read_date, read_when
from config.cities import FieldType
from config.texts.chat import chat
from rules.calendar import SHANGHAI, WorkCalendar
from rules.errors import Fault
from rules.forms import FormField, parse_answer
from rules.forms.dialogue import Answer

AT = "t:"
MOMENT = "moment"
WEEKDAYS = "一二三四五六日"
OFFERED = 4
"""Times to choose from."""
HOURS = (9, 10, 15, 16)
"""Hours proposed where only a day or half a day was named."""
_DAY_NAMED = re.compile("[年月日号周天期]|[今明后][早晚]|礼拜")


_YEAR = re.compile("大?后年|明年|今年|20[0-9]{2} ?年")
_MONTH_AND_DAY = re.compile("[0-9一二三四五六七八九十]月[0-9一二三四五六七八九十]{1,3}[日号]?")
_HOUR_NAMED = re.compile("[点时:午晚早]")


@dataclass(frozen=True, slots=True)
class Moments:
    """``value``: the one time meant, as the field takes it. Else ``candidates`` to choose from,
    and the part that is ``missing`` (``day`` or ``hour``). ``words``: the time as it was said.
    """

    value: str | None = None
    candidates: tuple[str, ...] = ()
    missing: str = ""
    words: str = ""
    whole_day: bool = False
    """Whether ``value`` only stands for a day on which no time is left."""


def read(
    field: FormField, text: str, *, now: datetime, calendar: WorkCalendar | None
) -> Moments | None:
    """The time a text tells for a field; None when it tells none."""
    text = read_out(text)
    if (wrong := impossible(text, now)) is not None:
        return Moments(value=wrong, words=text.strip())
    if (words := around(text)) is not None:
        text = text.replace(words, "", 1)
        if read_when(text, now, None) is None:
            return Moments(missing="day", words=words)
    if field.type is FieldType.DATE:
        told = read_date(text, now, past=field.latest_today)
        return _of_date(told) if told is not None else None
    if field.working and is_any(text):
        candidates = tuple(map(iso, openings(now, calendar)))
        return Moments(candidates=candidates, missing="any", words=text.strip())
    when = read_when(text, now, calendar)
    return _of_time(when, now, calendar) if when is not None else None


def told(moments: Moments, faults: tuple[Fault, ...], now: datetime) -> tuple[Fault, ...]:
    """What is wrong with a time, with the day it was understood as: “后天”是11月22日(周日)."""
    try:
        at = datetime.fromisoformat(moments.value or "")
    except ValueError:
        lead = chat("time.no_such_day", words=moments.words) if moments.value else ""
        return tuple(replace(fault, data={**fault.data, "lead": lead}) for fault in faults)
    local = at.astimezone(SHANGHAI) if at.tzinfo else at
    known = said(at, now) if at.tzinfo and not moments.whole_day else _day(local, now)
    if moments.words in known or known in moments.words:
        return faults
    lead = chat("time.understood", words=moments.words, at=known)
    return tuple(replace(fault, data={**fault.data, "lead": lead}) for fault in faults)


def names_a_time(text: str, now: datetime) -> bool:
    """Whether a day or an hour is named."""
    return read_when(text, now, None) is not None


def is_a_time(text: str, now: datetime) -> bool:
    """Whether a text is a time and hardly anything else."""
    text = read_out(text).strip()
    when = read_when(text, now, None)
    told = len(when.text.strip()) if when is not None else 0
    return len(text) - told <= 2 if told else impossible(text, now) is not None and len(text) < 20


def _of_date(told: DateRead) -> Moments:
    if told.clear is not None:
        return Moments(value=told.clear.isoformat(), words=told.text.strip())
    candidates = tuple(day.isoformat() for day in told.candidates[:OFFERED])
    return Moments(
        candidates=candidates, missing="day" if told.missing else "", words=told.text.strip()
    )


def _of_time(when: When, now: datetime, calendar: WorkCalendar | None) -> Moments:
    words = when.text.strip()
    if when.clear is not None:
        return Moments(value=iso(when.clear), words=words)
    if "time" not in when.missing:
        exact = [at for at in when.candidates if _works(at, now, calendar)]
        if not exact:
            return Moments(value=iso(when.candidates[0]), words=words)
        known = tuple(iso(at) for at in exact[:OFFERED])
        if len(known) == 1 and not when.missing and not when.limit:
            return Moments(value=known[0], words=words)
        return Moments(candidates=known, missing="day" if when.missing else "", words=words)
    found = _openings(when.options, now, calendar)
    if not found:
        first = iso(when.options[0].first.replace(hour=HOURS[0]))
        return Moments(value=first, words=words, whole_day=True)
    missing = "day" if "day" in when.missing else "hour"
    return Moments(candidates=tuple(map(iso, found)), missing=missing, words=words)


def _works(at: datetime, now: datetime, calendar: WorkCalendar | None) -> bool:
    return at > now and (calendar is None or calendar.is_working_time(at))


def _openings(
    options: Iterable[Stretch], now: datetime, calendar: WorkCalendar | None
) -> list[datetime]:
    """A few working times inside what was named."""
    options, found = tuple(options), list[datetime]()
    several = len(options) > 1 or options[0].last - options[0].first > timedelta(days=1)
    hours = HOURS[::2] if several else HOURS
    for at in (at for option in options for at in _hours(option, hours)):
        if _works(at, now, calendar) and at not in found:
            found.append(at)
        if len(found) == OFFERED:
            break
    return found


def _hours(option: Stretch, hours: tuple[int, ...]) -> Iterator[datetime]:
    """The proposed hours of the days of a stretch, two weeks of it at most."""
    first = option.first.astimezone(SHANGHAI).replace(minute=0, second=0, microsecond=0)
    for ahead in range(14):
        for hour in hours:
            at = first.replace(hour=hour) + timedelta(days=ahead)
            if option.first <= at <= option.last:
                yield at


def openings(now: datetime, calendar: WorkCalendar | None) -> tuple[datetime, ...]:
    """A few working times to pick from, from tomorrow on, morning and afternoon."""
    today = now.astimezone(SHANGHAI).replace(minute=0, second=0, microsecond=0)
    days = (today + timedelta(days=ahead) for ahead in range(1, 14))
    ahead = (day.replace(hour=hour) for day in days for hour in (HOURS[0], HOURS[2]))
    found = [at for at in ahead if calendar is not None and calendar.is_working_time(at)]
    return tuple(found[:OFFERED])


def judged(field: FormField, value: str, *, now: datetime, calendar: WorkCalendar | None) -> Answer:
    """A canonical time judged by the field's own rules."""
    return parse_answer(field, value, now=now, calendar=calendar)


def ask_which(talk: Talk, field: FormField, moments: Moments, before: str = "") -> Talk:
    """Ask which of the candidates is meant, or for the part that is missing."""
    now = talk.facts.now
    offered = tuple((AT + each, _shown(each, now)) for each in moments.candidates)
    code = f"time.{moments.missing}" if moments.missing else "time.which"
    text = chat(code, label=field.label, words=moments.words)
    return talk.ask(TOPIC, MOMENT, text, offered, before=before, key=field.key, words=moments.words)


def _shown(value: str, now: datetime) -> str:
    if len(value) == len("2026-01-01"):
        day = date.fromisoformat(value)
        return chat("time.date", year=day.year, month=day.month, day=day.day)
    return said(datetime.fromisoformat(value), now)


def completed(words: str, more: str) -> str | None:
    """Two halves of a time put together: the day first, then the hour."""
    if not words:
        return None
    year = _YEAR.search(words)
    if year is not None and _MONTH_AND_DAY.search(more) and not _YEAR.search(more):
        return f"{year[0]}{more}"
    day, rest = (words, more) if _DAY_NAMED.search(words) else (more, words)
    return f"{day} {rest}" if _HOUR_NAMED.search(rest) else f"{day}{rest}"


def iso(at: datetime) -> str:
    """As a field takes it."""
    return at.astimezone(SHANGHAI).isoformat(timespec="minutes")


def said(at: datetime, now: datetime) -> str:
    """As people say it: 11月23日(周一)上午9点."""
    local = at.astimezone(SHANGHAI)
    half = "上午" if local.hour < 12 else "中午" if local.hour == 12 else "下午"
    hour = local.hour if local.hour <= 12 else local.hour - 12
    minute = f"{local.minute:02}分" if local.minute else ""
    return f"{_day(local, now)}{half}{hour}点{minute}"


def _day(local: datetime, now: datetime) -> str:
    year = f"{local.year}年" if local.year != now.astimezone(SHANGHAI).year else ""
    return f"{year}{local.month}月{local.day}日(周{WEEKDAYS[local.weekday()]})"
