"""Answers as bytes: one encoder for what is sent and what is stored for a repeated key."""

from datetime import datetime
from decimal import Decimal
from enum import Enum
from typing import Any
from zoneinfo import ZoneInfo

import orjson

SHANGHAI = ZoneInfo("Asia/Shanghai")
_TIMES = frozenset({"at", "agreed_early"})


def shown(at: datetime | None) -> str | None:
    """A time as clients get it: ISO 8601 in Shanghai time, to the second."""
    return None if at is None else at.astimezone(SHANGHAI).isoformat(timespec="seconds")


def shown_local(text: str | None) -> str | None:
    """A Shanghai time of a read model, which comes without its zone, as clients get it."""
    return None if text is None else text + "+08:00"


def shown_kept(value: Any, key: str = "") -> Any:
    """What a JSON column keeps, with its times as ``shown``; they are the values of ``at``,
    ``…_at`` and ``agreed_early``, at any depth."""
    if isinstance(value, dict):
        return {name: shown_kept(inner, name) for name, inner in value.items()}
    if isinstance(value, list):
        return [shown_kept(inner, key) for inner in value]
    if isinstance(value, str) and (key in _TIMES or key.endswith("_at")):
        return shown(datetime.fromisoformat(value))
    return value


def _other(value: Any) -> Any:
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, frozenset | set):
        return sorted(value)
    raise TypeError(f"not an answer: {type(value).__name__}")


def encode(body: Any) -> bytes:
    """JSON in UTF-8. Datetimes must have been ``shown`` already: a bare one is a fault of ours."""
    return orjson.dumps(body, default=_other, option=orjson.OPT_PASSTHROUGH_DATETIME)
