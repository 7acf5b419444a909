"""Times in figures, and what is no time of any calendar: 2026/11/25 3pm, 11月31日, 尽快."""

import re
from calendar import monthrange
from datetime import datetime

from rules.calendar import SHANGHAI

_HALF = re.compile(r"([0-9]{1,2})(?::([0-9]{2}))? ?([ap])\.?m\.?", re.IGNORECASE)
_SHORT = re.compile(r"(?<![0-9:./-])([0-9]{1,2})[-/.]([0-9]{1,2})(?=[ ,]+(?:[0-9上下早晚中]))")
_SLASHED = re.compile(r"(?<![0-9])(20[0-9]{2})/([0-9]{1,2})/([0-9]{1,2})(?![0-9])")
_DAY = re.compile(
    "(?:(?P<year>20[0-9]{2}) ?[年/.-] ?)?(?P<month>[0-9]{1,2}) ?[月/.-] ?"
    "(?P<day>[0-9]{1,2})(?![0-9:点时])"
)
_NOT_THEN = re.compile("[^,;。，；]{1,12}(?:不行|不方便|没空|没时间|有事|不在)(?:[,;。，；]|$)")
ANY = re.compile(
    "尽快|越快越好|越早越好|最快|最早|随时|都可以|都行|哪天都|什么时候都|看你们|你们定|你们安排|你们看着|听安排|由你们|等通知"
)
_ONLY = re.compile(
    "工作日|任意|任何|时间|踏勘|我们?|这边|吧|啊|的话?|就|给我|安排|来|即可|为好|哪天|什么时候|上门"
    "|看着办?|办|[,. ，。!！]"
)


def read_out(text: str) -> str:
    """A time in figures as one says it: 3pm → 下午3点, 11-25 15:00 → 11月25日 15:00; without the
    times that are said not to do.
    """
    text = _NOT_THEN.sub("", text) or text
    text = _SLASHED.sub(r"\1年\2月\3日", text)
    text = _SHORT.sub(_month, text)
    return _HALF.sub(_clock, text)


def _month(match: re.Match[str]) -> str:
    month, day = int(match[1]), int(match[2])
    return f"{month}月{day}日" if 1 <= month <= 12 and 1 <= day <= 31 else match[0]


def _clock(match: re.Match[str]) -> str:
    minutes = f"{match[2]}分" if match[2] and match[2] != "00" else ""
    half = "下午" if match[3] in "pP" else "上午"
    return f"{half}{int(match[1])}点{minutes}"


def impossible(text: str, now: datetime) -> str | None:
    """A day that no calendar has, as ISO (2026-11-31); None where every day told exists."""
    for match in _DAY.finditer(text):
        year = int(match["year"] or now.astimezone(SHANGHAI).year)
        month, day = int(match["month"]), int(match["day"])
        if 1 <= month <= 12 and monthrange(year, month)[1] < day <= 31:
            return f"{year}-{month:02}-{day:02}"
    return None


def is_any(text: str) -> bool:
    """Whether any time will do: 尽快, 工作日都可以, 你们看着办."""
    return ANY.search(text) is not None and not _ONLY.sub("", ANY.sub("", text))
