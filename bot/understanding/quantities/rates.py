"""The time a quantity is told for: 20吨每天, 一小时四十方, 每月900吨, 一年一万吨."""

import re

_DAY = "(?:天|日|号|[dD](?:ay)?)"
_HOUR = "(?:个?(?:小时|钟头)|时|[hH]|点钟)"
_AFTER = {
    "day": re.compile(rf"(?:的?水)? ?(?:[/每一1]|每一)个? ?{_DAY}"),
    "hour": re.compile(rf"(?:的?天?然?燃?气|的?水)? ?(?:[/每一1]|每一)个? ?{_HOUR}"),
}
_BEFORE = {
    "hour": re.compile(rf"(?:(?:每|一|1|每一)个?{_HOUR}|小时|(?<!临)时)[^,。;!?0-9]{{0,8}}$"),
    "day": re.compile(rf"(?:(?:每|一|1|每一)个?{_DAY}|日|天天)[^,。;!?0-9]{{0,8}}$"),
}
_LONGER = {
    "week": ("个?(?:周|星期|礼拜)", "[一1]个?(?:周|星期|礼拜)"),
    "month": ("个?月", "(?:一|1)个月"),
    "quarter": ("个?季度?", "(?:一|1)个?季度"),
    "year": ("年", "(?<![零〇一二三四五六七八九十0-9])(?:一|1)整?年"),
}
"""As it is said after 每, and alone: 一月 is a month's name, 一个月 is how long it takes."""
_LATER = "(?![以之]?[后内前初底中份0-9])"
for _per, (_each, _one) in _LONGER.items():
    _AFTER[_per] = re.compile(rf"(?:的?水|的?气)? ?(?:(?:/|每一?) ?{_each}|{_one}){_LATER}")
    _BEFORE[_per] = re.compile(
        rf"(?:每一?{_each}|(?<![下上前后头这第]){_one}"
        rf"|(?<![个下上这本今明去后当0-9一二三四五六七八九十]){_each}(?=[均用耗需总供])){_LATER}"
        "[^,。;!?0-9]{0,8}$"
    )
_LOOKED_BACK = 14
LONG = frozenset(_LONGER)
"""Times longer than a day."""


def told(text: str, start: int, end: int) -> tuple[str, int]:
    """What the quantity from ``start`` to ``end`` is per (``day``, ``hour``, ``week``, ``month``,
    ``quarter``, ``year``; empty where no time is told), and where all of it ends.
    """
    for per, pattern in _AFTER.items():
        if tail := pattern.match(text, end):
            return per, tail.end()
    since = max(start - _LOOKED_BACK, 0)
    for per, pattern in _BEFORE.items():
        if pattern.search(text, since, start):
            return per, end
    return "", end
