"""Figures that are no one number a field takes: a range, 十几吨, 每月900吨, 315再加200.

Where one belongs is told by the text with one plain number in its place (``plainly``).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

from bot.dialogue.filling import ranges
from bot.understanding.quantities.rates import LONG
from bot.understanding.quantities.units import WATER, number, quantities
from config.cities import plain

RANGE, VAGUE, RATE, SUM, MORE, SEVERAL = "range", "vague", "rate", "sum", "more", "several"
_VAGUE = re.compile(
    "(?:(?<![0-9零一二两三四五六七八九十百千万])(?:[一二两三四五六七八九]?十|[二三四五六七八九]?百)[几多](?!个?(?:月|天|年|人))"
    "|好?几[十百千万]|数[十百千]|上[百千]|(?<![0-9])[1-9]0?[0-9]?几(?=[吨方千兆kKtT]))"
)
_UNIT = "(?:千伏安|千瓦|吨|兆|方|[kK][vV][aA]|[kK][wW]|[mM])"
_MANY = "[1-9一二两三四五六七八九]"
_SUM = re.compile(
    rf"(?:(?P<many>{_MANY})台)?(?P<one>{ranges.NUMERAL}) ?(?P<unit>{_UNIT})?的?"
    rf"(?P<of>变压器|箱变)?(?:(?P<many_after>{_MANY})台)?"
    r"(?P<more>[, ]?(?:(?:再|另|还|外|又){1,2}(?:要|有|得)?加?上?|加上?)"
    rf"(?:(?P<also_many>{_MANY})[台个])?(?P<two>{ranges.NUMERAL}) ?(?P<also>{_UNIT})?)?"
)
"""315的变压器再加一台200的, 两台500的变压器."""
_MORE = re.compile(rf"(?:再|另外?|还要|还得|多)加(?:个|上)?(?P<number>{ranges.NUMERAL}) ?{_UNIT}")
_DAYS = {"week": 7, "month": 30, "quarter": 90, "year": 365}
_CENT = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Loose:
    """``kind``: what it is; ``words``: as it was said; ``plainly``: the text with ``number`` in its
    place, from ``start`` on; ``values``: numbers it is told by; ``suggested``: what may be meant.
    """

    kind: str
    words: str
    start: int
    plainly: str
    values: tuple[Decimal, ...]
    suggested: tuple[str, ...] = ()


def several(text: str, values: tuple[Decimal, ...]) -> Loose:
    """Several numbers of one field, told one after the other."""
    return Loose(SEVERAL, "", 0, text, values, tuple(map(plain, values)))


def suggesting(figure: Loose, *suggested: str) -> Loose:
    """A figure that may mean other numbers."""
    return replace(figure, suggested=suggested)


def found(text: str) -> Iterator[Loose]:
    """Every figure of a text that has to be asked back."""
    taken: list[tuple[int, int]] = []
    for each in _all(text):
        end = each.start + len(each.words)
        if not any(start < end and each.start < stop for start, stop in taken):
            taken.append((each.start, end))
            yield each


def _all(text: str) -> Iterator[Loose]:
    for each in ranges.found(text):
        ends = (each.low, each.high)
        yield _made(RANGE, text, each.start, each.end, each.high, ends, each.ends)
    for match in _VAGUE.finditer(text):
        yield _made(VAGUE, text, *match.span(), Decimal(10), _told_in(match[0]), ())
    yield from _rates(text)
    for match in _SUM.finditer(text):
        yield from _summed(text, match)
    for match in _MORE.finditer(text):
        value = number(match["number"])
        if value:
            yield _made(MORE, text, *match.span("number"), value, (value,), (plain(value),))


def _summed(text: str, match: re.Match[str]) -> Iterator[Loose]:
    """Figures of one unit told one by one."""
    one, two = number(match["one"]), number(match["two"] or "")
    many, more = (_times(match["many"] or match["many_after"]), _times(match["also_many"]))
    unit = match["also"] or match["unit"] or ("千伏安" if match["of"] else "")
    if not one or not unit or (match["unit"] or unit) != unit:
        return
    if two and not (match["also"] or match["also_many"]):  # 500千伏安，再要一路…
        return
    if (two is None and (many < 2 or not match["of"])) or (match["more"] and not two):
        return
    plainly = f"{text[: match.start()]}{plain(one)}{unit}{text[match.end() :]}"
    values = (one, two) if two else (one,)
    suggested = (plain(one * many + (two or 0) * more),)
    yield Loose(SUM, match[0], match.start(), plainly, values, suggested)


def _times(told: str | None) -> Decimal:
    return (number(told) if told else None) or Decimal(1)


def _rates(text: str) -> Iterator[Loose]:
    """Use told for another time than a day."""
    for span in quantities(text):
        told = span.value
        hourly = (told.unit, told.per) == (WATER, "hour")
        if hourly or (told.per in LONG and told.unit in (WATER, "m3")):
            days = _DAYS.get(told.per)
            daily = (told.value / days).quantize(_CENT, ROUND_HALF_UP) if days else None
            shown = (plain(daily.normalize()),) if daily else ()
            words = text[span.start : span.end]
            words = words if words.endswith(_TIMES) else f"{_SHOWN[told.per]}{words}"
            yield Loose(RATE, words, span.start, text, (told.value,), shown)


_SHOWN = {"hour": "每小时", "week": "每周", "month": "每月", "quarter": "每季度", "year": "每年"}
_TIMES = ("小时", "时", "h", "H", "钟头", "周", "星期", "礼拜", "月", "季", "季度", "年")


def _made(
    kind: str,
    text: str,
    start: int,
    end: int,
    value: Decimal,
    values: tuple[Decimal, ...],
    suggested: tuple[str, ...],
) -> Loose:
    plainly = f"{text[:start]}{plain(value)}{text[end:]}"
    return Loose(kind, text[start:end], start, plainly, values, suggested)


def _told_in(words: str) -> tuple[Decimal, ...]:
    """What a vague number is mistaken for: 十 of 十几."""
    value = number(words.strip("几多好数上")) if words.strip("几多好数上") else None
    return (value,) if value else ()
