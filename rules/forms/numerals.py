"""Numbers as people type them: 12.5, 1,200, 1.5万, 三百一十五, 两千, 一百五."""

import re
from decimal import Decimal

DIGITS = {"零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5}
DIGITS |= {"六": 6, "七": 7, "八": 8, "九": 9}
UNITS = {"十": 10, "百": 100, "千": 1000}
SPOKEN = "".join(DIGITS) + "".join(UNITS) + "万"
FOUND = re.compile(
    rf"(?P<plain>-?[0-9]+(?:,[0-9]{{3}})*(?:\.[0-9]+)?)\s*(?P<times>[万千百])?"
    rf"|(?P<spoken>[{SPOKEN}]+(?:点[{''.join(DIGITS)}]+)?)"
)
TIMES = {"万": 10_000, "千": 1000, "百": 100}
LONGEST = 30
KILO = re.compile("千(?=伏|瓦|帕|米|克)")
"""千 that belongs to a unit (千伏安, 千瓦), not to the number before it."""


def spoken(text: str) -> Decimal | None:
    """A Chinese numeral as a number; None when it is none. ``一百五`` is 150, ``二零`` is 20."""
    whole, _, fraction = text.partition("点")
    value = _whole(whole)
    if value is None or any(char not in DIGITS for char in fraction):
        return None
    digits = "".join(str(DIGITS[char]) for char in fraction)
    return Decimal(f"{value}.{digits}") if digits else Decimal(value)


def _whole(text: str) -> int | None:
    if not text:
        return None
    high, ten_thousand, low = text.partition("万")
    if ten_thousand:
        above = _whole(high)
        below = _below(low, trailing=1000) if low else 0
        return None if above is None or below is None else above * 10_000 + below
    return _below(text)


def _below(text: str, trailing: int = 1) -> int | None:
    """Below ten thousand. A last digit without unit counts a tenth of the unit before it."""
    if len(text) > 1 and all(char in DIGITS for char in text):
        return int("".join(str(DIGITS[char]) for char in text))
    total, digit, step = 0, None, trailing
    for char in text:
        if char in UNITS:
            total += (1 if digit is None else digit) * UNITS[char]
            digit, step = None, UNITS[char] // 10
        elif char in DIGITS:
            digit = DIGITS[char]
            step = 1 if digit == 0 else step
        else:
            return None
    return total + (digit or 0) * step


def numbers(text: str) -> list[Decimal]:
    """Every number in a (NFKC) text, in order."""
    found: list[Decimal] = []
    for match in FOUND.finditer(KILO.sub(" ", text)):
        plain = match["plain"]
        if plain is not None and len(plain) <= LONGEST:
            found.append(Decimal(plain.replace(",", "")) * TIMES.get(match["times"] or "", 1))
        elif match["spoken"] is not None and len(match["spoken"]) <= LONGEST:
            value = spoken(match["spoken"])
            if value is not None:
                found.append(value)
    return found
