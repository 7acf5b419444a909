"""Values of a city file in words, and guide texts filled from them, so that they never disagree."""

import re
from collections.abc import Mapping
from datetime import time
from decimal import Decimal
from typing import Any, get_args

from config.city.hours import Hours, Limit
from config.city.model import City, Topic
from config.city.parts import Coded, Department, Document, GuideText, Hotline, Town, Utility

PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
UNSTATED = "方案未写明，请咨询专窗"
"""What the guide answers where neither policy nor city says anything."""


def plain(number: Decimal) -> str:
    """A decimal without exponent and trailing zeros: ``200``, ``0.5``."""
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def limit_words(limit: Limit) -> str:
    """``1个工作日``, ``0.5个工作日``, ``当日接、当日结``, ``30分钟``."""
    if limit.same_day:
        return "当日接、当日结"
    if limit.working_days is not None:
        return f"{plain(limit.working_days)}个工作日"
    return f"{limit.working_minutes}分钟"


def hours_words(hours: Hours) -> str:
    """All seasons with their sessions: ``8:30–12:00、14:30–17:30``."""

    def clock(at: time) -> str:
        return f"{at.hour}:{at.minute:02}"

    shown = []
    for season in hours.seasons:
        sessions = "、".join(f"{clock(a)}–{clock(b)}" for a, b in season.sessions)
        (from_month, from_day), (to_month, to_day) = season.start, season.end
        span = f"（{from_month}月{from_day}日至{to_month}月{to_day}日）"
        shown.append(sessions + (span if len(hours.seasons) > 1 else ""))
    return "；".join(shown)


def words(value: Any) -> str:
    """Any value of a city file as it reads in a sentence. TypeError where none is sensible."""
    match value:
        case Limit():
            return limit_words(value)
        case Hours():
            return hours_words(value)
        case Hotline():
            return f"{value.label}{value.number}"
        case Document() if value.condition:
            return f"{value.label}（{value.condition}）"
        case Coded() | Town() | Department() | Document() | Utility():
            return value.label
        case Decimal():
            return plain(value)
        case bool():
            return "是" if value else "否"
        case str() | int():
            return str(value)
        case time():
            return f"{value.hour}:{value.minute:02}"
        case Mapping():
            return "、".join(words(item) for item in value.values())
        case tuple():
            return "、".join(words(item) for item in value)
    raise TypeError(f"{type(value).__name__} has no wording")


def look_up(city: City, path: str) -> Any:
    """The value at a dotted path (attributes and mapping keys). LookupError when there is none."""
    value: Any = city
    for name in path.split("."):
        if isinstance(value, Mapping):
            value = value[name]
        elif name in type(value).model_fields if hasattr(type(value), "model_fields") else False:
            value = getattr(value, name)
        else:
            raise LookupError(path)
    if value is None:
        raise LookupError(path)
    return value


def fill(city: City, text: str) -> str:
    """``text`` with every ``{path}`` replaced by the city's value in words."""
    return PLACEHOLDER.sub(lambda found: words(look_up(city, found.group(1))), text)


def filled_guide(city: City) -> dict[Topic, tuple[GuideText, ...]]:
    """Every topic of the guide with its texts filled in; a topic nothing is said about says so."""
    unstated = (GuideText(text=f"{UNSTATED}。", ours=True),)
    filled: dict[Topic, tuple[GuideText, ...]] = {}
    for topic in get_args(Topic):
        texts = city.guide.get(topic, ())
        filled[topic] = (
            tuple(each.model_copy(update={"text": fill(city, each.text)}) for each in texts)
            or unstated
        )
    return filled
