"""Codes of events and notices turned into words of their city."""

import weakref
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from config.cities import City
from config.texts import words
from workflow.encoding import SHANGHAI

_reasons: dict[int, tuple["weakref.ref[City]", dict[str, str]]] = {}


def reasons_of(city: City) -> Mapping[str, str]:
    """Every coded reason of a city with its label; made once for each snapshot."""
    known = _reasons.get(id(city))
    if known is None or known[0]() is not city:
        coded = (
            *city.pause_reasons,
            *city.decline_reasons,
            *city.return_reasons,
            *city.reject_reasons,
            *city.objection_reasons,
        )
        known = weakref.ref(city), {reason.code: reason.label for reason in coded}
        _reasons[id(city)] = known
        weakref.finalize(city, _reasons.pop, id(city), None)
    return known[1]


def use_of(city: City, utility: str | None) -> str:
    """How a utility is named in a sentence: 用水. Empty for none."""
    if not utility:
        return ""
    found = city.utilities.get(utility)
    return found.use if found else utility


def moment(value: Any) -> str:
    """A stored time as read: ``2026年3月5日09:00``, Shanghai. What is no time stays as it is."""
    if not isinstance(value, str):
        return ""
    try:
        at = datetime.fromisoformat(value)
    except ValueError:
        return value
    if at.tzinfo is None:
        return value
    at = at.astimezone(SHANGHAI)
    return f"{at.year}年{at.month}月{at.day}日{at:%H:%M}"


def in_words(city: City, data: Mapping[str, Any], utility: str | None = None) -> dict[str, str]:
    """The data of an event or notice as words for its sentence; nothing personal is in it."""
    said: dict[str, str] = {"utility": use_of(city, utility)}
    for name, value in data.items():
        if value is None or name == "utility":
            continue
        if name in ("at", "due_at"):
            said[name] = moment(value)
        elif name == "times":
            said[name] = "、".join(map(moment, value)) or words.message("no_times")
        elif name == "reason":
            said[name] = reasons_of(city).get(str(value), str(value))
        elif name == "result":
            said[name] = words.result(str(value))
        elif name == "verdict":
            said[name] = words.state("verdict", str(value))
        elif name == "level":
            said[name] = words.state("rating", str(value))
        elif name == "step":
            said[name] = words.step(str(value)).label
        elif isinstance(value, str | int):
            said[name] = str(value)
    return said
