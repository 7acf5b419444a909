"""Dates and times as answers: what can be read at once, and what has to be asked back."""

from dataclasses import dataclass
from datetime import date, datetime

from bot.dialogue.filling.sheets import TOPIC
from bot.dialogue.talk import Talk
from config.texts.chat import chat
from rules.calendar import SHANGHAI, WorkCalendar
from rules.forms import FormField, parse_answer
from rules.forms.dialogue import Answer

AT = "t:"
MOMENT = "moment"
WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True, slots=True)
class Moments:
    """``value``: the one time meant, as the field takes it. Else ``candidates`` to choose from,
    or the part that is ``missing`` (``day`` or ``time``) beside the words there are.
    """

    value: str | None = None
    candidates: tuple[str, ...] = ()
    missing: str = ""
    words: str = ""


def read(
    field: FormField, text: str, *, now: datetime, calendar: WorkCalendar | None
) -> Moments | None:
    """The time a text tells for a field; None when it tells none."""
    if not any(char.isdecimal() for char in text):
        return None
    parsed = parse_answer(field, text, now=now, calendar=None)
    if parsed.value is None and any(f.code != "ambiguous" for f in parsed.faults):
        return Moments(value=text)
    return Moments(value=parsed.value) if isinstance(parsed.value, str) else None


def judged(field: FormField, value: str, *, now: datetime, calendar: WorkCalendar | None) -> Answer:
    """A canonical time judged by the field's own rules."""
    return parse_answer(field, value, now=now, calendar=calendar)


def ask_which(talk: Talk, field: FormField, moments: Moments, before: str = "") -> Talk:
    """Ask which of the candidates is meant, or for the part that is missing."""
    now, label = talk.facts.now, field.label
    if moments.candidates:
        offered = tuple((AT + each, _shown(each, now)) for each in moments.candidates)
        text = chat("time.which", label=label)
    else:
        offered = ()
        text = chat(f"time.{moments.missing or 'hour'}", label=label, words=moments.words)
    return talk.ask(TOPIC, MOMENT, text, offered, before=before, key=field.key, words=moments.words)


def _shown(value: str, now: datetime) -> str:
    if len(value) == len("2026-01-01"):
        day = date.fromisoformat(value)
        return chat("time.date", year=day.year, month=day.month, day=day.day)
    return said(datetime.fromisoformat(value), now)


def completed(words: str, more: str) -> str | None:
    """Two halves of a time put together: a day told first, then the hour, or the other way."""
    return f"{words}{more}" if words else None


def iso(at: datetime) -> str:
    """As a field takes it."""
    return at.astimezone(SHANGHAI).isoformat(timespec="minutes")


def said(at: datetime, now: datetime) -> str:
    """As people say it: 11月23日(周一)上午9点."""
    local = at.astimezone(SHANGHAI)
    half = "上午" if local.hour < 12 else "下午"
    hour = local.hour if local.hour <= 12 else local.hour - 12
    minute = f"{local.minute:02}分" if local.minute else ""
    year = f"{local.year}年" if local.year != now.astimezone(SHANGHAI).year else ""
    day = f"{local.month}月{local.day}日(周{WEEKDAYS[local.weekday()]})"
    return f"{year}{day}{half}{hour}点{minute}"
