"""Quantities with a unit: 315千伏安, 二十吨每天, 一小时大概四十方, 千兆, 8门电话.

Patterns run over the repaired text. What a bare number means (变压器 630) depends on what it stands
beside; that is decided in ``amounts``.
"""

import re
from dataclasses import dataclass
from decimal import Decimal

from bot.understanding.quantities import rates
from bot.understanding.spans import Span
from rules.forms.numerals import spoken

WATER, POWER, LOAD, GAS, SPEED, LINES = "t/d", "kVA", "kW", "m3/h", "Mbps", "lines"
NUMERAL = (
    r"(?:(?<![0-9])[0-9]{1,20}(?:,[0-9]{3}){0,5}(?:\.[0-9]{1,9})? ?[万千百]?"
    "|(?<![零〇一二两俩三四五六七八九十百千万])"
    "[零〇一二两俩三四五六七八九十百千万]{1,20}(?:点[零一二三四五六七八九]{1,9})?)"
)
"""A number as typed, from its first character on; ``number`` reads it. Bounded, so that a long row
of figures costs no more than its length."""

_UNIT = (
    "(?P<kva>千伏安|[kK] ?[vV] ?[aA])"
    "|(?P<mva>兆伏安|[mM][vV][aA])"
    "|(?P<mw>兆瓦|[mM][wW])"
    "|(?P<kw>千瓦|[kK] ?[wW])"
    "|(?P<giga>[gG](?:[bB](?:ps)?)?(?![a-zA-Z0-9])|个?[gG]的?(?=带宽|宽带|网|光纤|专线))"
    "|(?P<mega>兆(?!帕|欧|头)|[mM](?:[bB](?:ps|PS|it)?)?(?:/[sS])?(?![a-zA-Z0-9]))"
    "|(?P<ton>吨|[tT](?![a-zA-Z]))"
    "|(?P<cubic>标方|立方米?|方(?![案便向法式面圆位针形块言程才])|[nN]?[mM]3)"
    "|(?P<line>门|部|路|线|条|台|根)"
    "|(?P<piece>个)(?=固定电话|座机|固话|分机|电话线)"
)
_QUANTITY = re.compile(rf"(?P<number>{NUMERAL}) ?(?:个|来|多|几|把|余|左右)?(?:{_UNIT})")
_HINT = re.compile(
    "[0-9零〇一二两俩三四五六七八九十百千万] ?(?:个|来|多|几|余)?(?:千|兆|吨|标|立|方|门|部|路"
    "|线|条|台|根|个|[a-zA-Z])"
)
_PHONES = "电话|座机|固话|话机|分机|语音"
_AFTER_LINE = re.compile(f"的?(?:固定|办公|商务|直线|直拨|内线|外线|普通)?(?:{_PHONES})")
_BEFORE_LINE = re.compile(f"(?:{_PHONES})(?:线|机)?[^。;!?]{{0,9}}$")
_LINE_UNITS = "门部线路条"
_CLAUSE_END = re.compile("[,。;!?]")
_WATER_NAMED = re.compile("(?<![热开烧蒸])水(?![泵炉箱罐管泥浴])")
_GAS_NAMED = re.compile("气|炉|灶|燃|锅")
_SCALE = {"mva": (POWER, 1000), "mw": (LOAD, 1000), "giga": (SPEED, 1000)}
_PLAIN = {"kva": POWER, "kw": LOAD, "mega": SPEED}
_ABOUT = re.compile("[一二两三四五六七八九]{2}[十百千万]")
"""六七十: no one number."""
_TIMES = {"万": 10_000, "千": 1000, "百": 100}


@dataclass(frozen=True, slots=True)
class Quantity:
    """A value with its unit; ``per`` is what ``rates.told`` says it is told for.

    ``unit`` is one of ``t/d``, ``kVA``, ``kW``, ``m3/h``, ``Mbps``, ``lines``, or ``m3`` where a
    cubic metre was said without the time it is for.
    """

    value: Decimal
    unit: str
    per: str = ""


def number(text: str) -> Decimal | None:
    """A number as ``NUMERAL`` finds it: 1,200 · 1.5万 · 三百一十五 · 一千六 · 千."""
    text = text.strip()
    if not text:
        return None
    if "0" <= text[0] <= "9":
        times = _TIMES.get(text[-1], 1)
        digits = text if times == 1 else text[:-1].rstrip()
        value = Decimal(digits.replace(",", "")) * times
        whole = value.to_integral_value()
        return whole if value == whole else value
    return spoken(text.replace("俩", "两").replace("〇", "零"))


def quantities(text: str) -> list[Span]:
    """Every quantity of a repaired text with a unit of ours, in order."""
    found = []
    for match in _QUANTITY.finditer(text) if _HINT.search(text) else ():
        quantity = _read(text, match)
        if quantity is not None:
            start, end = _extent(text, match, quantity)
            found.append(Span("amount", start, end, quantity))
    return found


def _read(text: str, match: re.Match[str]) -> Quantity | None:
    value = number(match["number"])
    if value is None or value <= 0 or _ABOUT.search(match["number"]):
        return None
    unit = str(match.lastgroup)
    if unit in _PLAIN:
        return Quantity(value, _PLAIN[unit])
    if unit in _SCALE:
        name, times = _SCALE[unit]
        return Quantity(value * times, name)
    if unit == "piece":
        return Quantity(value, LINES)
    if unit == "line":
        return Quantity(value, LINES) if _is_line(text, match) else None
    return _volume(text, match, value, unit)


def _is_line(text: str, match: re.Match[str]) -> bool:
    if _AFTER_LINE.match(text, match.end()):
        return True
    if match["line"] not in _LINE_UNITS:
        return False
    return bool(_BEFORE_LINE.search(text, max(match.start() - 14, 0), match.start()))


def _volume(text: str, match: re.Match[str], value: Decimal, unit: str) -> Quantity:
    per, _ = rates.told(text, match.start(), match.end())
    if per == "hour":
        gas = unit == "cubic" and not _of_water(text, match)
        return Quantity(value, GAS if gas else WATER, per)
    if per == "day":
        return Quantity(value, WATER, per)
    return Quantity(value, WATER if unit == "ton" else "m3", per)


def _of_water(text: str, match: re.Match[str]) -> bool:
    """Whether the clause is about water, not about gas."""
    start = max(text.rfind(mark, 0, match.start()) for mark in ",。;!?") + 1
    clause = _CLAUSE_END.split(text[start:], maxsplit=1)[0]
    return _WATER_NAMED.search(clause) is not None and _GAS_NAMED.search(clause) is None


def _extent(text: str, match: re.Match[str], quantity: Quantity) -> tuple[int, int]:
    """From the number to the end of what it is per: 20吨每天."""
    if not quantity.per:
        return match.span()
    return match.start(), rates.told(text, match.start(), match.end())[1]
