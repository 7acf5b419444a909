"""Times as they are said in the chat: 11月24日（周二）09:00, always Shanghai."""

from datetime import date, datetime
from functools import lru_cache
from typing import Any

from config.texts.chat import chat
from rules.calendar import SHANGHAI

WEEKDAYS = "一二三四五六日"


def read(value: Any) -> datetime | None:
    """An aware time out of an answer (ISO 8601, or a datetime); None for anything else."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return None
    return value if isinstance(value, datetime) and value.tzinfo is not None else None


def day(when: date, now: datetime) -> str:
    """A day, with its year where that is not this one."""
    return _day(when, now.astimezone(SHANGHAI).year)


def _day(when: date, this_year: int) -> str:
    weekday = WEEKDAYS[when.weekday()]
    code = "clock.day" if this_year == when.year else "clock.day_of_year"
    return chat(code, year=when.year, month=when.month, day=when.day, weekday=weekday)


def moment(value: Any, now: datetime) -> str:
    """A time out of an answer with its day; empty for what is none."""
    if isinstance(value, str):
        return _moment(value, now.astimezone(SHANGHAI).year)
    at = read(value)
    return _shown(at, now.astimezone(SHANGHAI).year) if at is not None else ""


@lru_cache(maxsize=1024)
def _moment(text: str, year: int) -> str:
    """A case's times come several times in one answer."""
    at = read(text)
    return _shown(at, year) if at is not None else ""


def _shown(at: datetime, year: int) -> str:
    local = at.astimezone(SHANGHAI)
    return f"{_day(local.date(), year)}{local:%H:%M}"


def date_of(value: Any, now: datetime) -> str:
    """The day of a time out of an answer; empty for what is none."""
    at = read(value)
    return day(at.astimezone(SHANGHAI).date(), now) if at is not None else ""
