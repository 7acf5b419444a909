"""Numbers without a unit whose meaning is clear: 变压器 630, 现在要两百五, 主供一千二."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bot.understanding.quantities.units import GAS, LOAD, NUMERAL, POWER, SPEED, WATER, number
from bot.understanding.segment import Prepared
from bot.understanding.types import Amount

DEFAULT = {"water": WATER, "electricity": POWER, "gas": GAS, "heat": LOAD, "network": SPEED}
"""The unit meant where none was said."""
_NO_UNIT = (
    "(?![0-9零〇一二两俩三四五六七八九十百千万.%]|[,:/][0-9]"
    "|[年月日天号点时个家次份米台楼人块元分期层条平亩公里厘间栋套周岁斤口页排遍位名种样项步路门"
    "部线吨方兆千瓦帕度多来几]"
    "| ?(?:千|兆|吨|方|个|[a-zA-Z]))"
)
_OBJECT = {
    "electricity": (
        "变压器|主变|主供|主用|备供|备用|备一路|容量|用电|(?<![热暖])负荷|增容|临电|临时用电|三相电|动力电"
        "|专变|箱变|电"
    ),
    "network": "宽带|专线|光纤|带宽|网络|网",
    "water": "用水|供水|日用水|自来水|水",
    "gas": "天然气|燃气|用气|气(?![候温])",
    "heat": "(?:供|用|采)?[热暖]负荷|(?:供|用)?热功率",
}
_OTHER = "面积|户号|底数|代码|编号|账号|号码|电话|压力|口径|人数|层数|门牌"
"""What has a number that is no amount: 供暖面积改成12000."""
_NAMED = re.compile(
    "|".join(f"(?P<{name}>{words})" for name, words in {**_OBJECT, "other": _OTHER}.items())
)
_BARE = re.compile(
    "(?:"
    + "|".join(f"(?P<{name}>{words})" for name, words in _OBJECT.items())
    + (
        ")(?:容量|用量|需求|大概|大约|约|差不多|要|需要|是|为|报|写|申请"
        f"|[:, 的]){{0,3}}(?P<number>{NUMERAL}){_NO_UNIT}"
    )
)
_BARE_BEFORE = re.compile(f"(?P<number>{NUMERAL})的?(?=变压器|专变|箱变)")
_TARGET = re.compile(
    "(?:该是|应是|应该是|其实是?|实际是?|(?:要|应|该|得)(?:报|填|写)成|改|要|改成|改为|改到"
    "|换成|换到|增到|增容到|扩容到|扩到|加到|升到|提到|调到|调成|涨到"
    "|一起算|变成|增至|扩至|升至|到|换个|报到|换|变|说|就?要|成"
    f"|至)(?P<number>{NUMERAL}){_NO_UNIT}"
)
_ENOUGH = re.compile(f"(?P<number>{NUMERAL})(?=就够|够了|就行|就可以|就好)")
_LEAST = 20
"""A smaller bare number is rather a count of something."""


@dataclass(frozen=True, slots=True)
class Said:
    """An amount with where it was said; ``bare``: without its unit."""

    start: int
    end: int
    amount: Amount
    bare: bool = False


def bare_numbers(prepared: Prepared, said: list[Said], told: tuple[str, ...]) -> Iterator[Said]:
    """The amounts among an utterance's bare numbers; ``said`` are those with a unit, ``told`` the
    utilities it is about."""
    text = prepared.repaired
    taken = [(span.start, span.end) for span in prepared.spans if span.kind != "duration"]
    for match in _BARE.finditer(text):
        utility = next(name for name in _OBJECT if match[name])
        yield from _number(match, utility, said, taken)
    for match in _BARE_BEFORE.finditer(text):
        yield from _number(match, "electricity", said, taken)
    of = {each.amount.utility for each in said} or set(told)
    only = next(iter(of)) if len(of) == 1 else None
    for pattern in (_TARGET, _ENOUGH):
        for match in pattern.finditer(text):
            spoken_of = _spoken_of(text, match.start(), only)
            if spoken_of:
                yield from _number(match, spoken_of, said, taken)


def _spoken_of(text: str, at: int, only: str | None) -> str | None:
    """The utility last named before, in the sentence; else the only one there is. None where
    something else that has a number is named.
    """
    near = list(_NAMED.finditer(text, max(at - 16, 0), at))
    if not near:
        return only
    name = str(near[-1].lastgroup)
    return name if name in _OBJECT else None


def _number(
    match: re.Match[str], utility: str, said: list[Said], taken: Iterable[tuple[int, int]]
) -> Iterator[Said]:
    start, end = match.span("number")
    value = number(match["number"])
    if value is None or value < _LEAST or any(a < end and start < b for a, b in taken):
        return
    if match["number"].strip() in ("千", "百", "万", "十"):
        return
    unit = next((s.amount.unit for s in said if s.amount.utility == utility), DEFAULT[utility])
    yield Said(start, end, Amount(utility, value, unit), bare=True)
