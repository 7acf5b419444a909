"""Ranges where one number is asked for: 二三十吨, 20-30吨, 三百到四百千瓦, 1到2万."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from config.cities import plain
from rules.forms.numerals import numbers

_KILO = "千(?![瓦伏帕米克])"
NUMERAL = (
    r"(?:[0-9]{1,9}(?:\.[0-9]{1,4})? ?(?:[百万]|千(?![瓦伏帕米克]))?"
    f"|(?:[零一二两三四五六七八九十百万]|{_KILO}){{1,8}})"
)
"""A number as typed, without the 千 of a unit."""
NO_NUMBER = re.compile(
    "[一两](?:下|会儿?|起|直|定|些|边|旦|切|向|贯|番)|[万唯统]一|十分|一样|一点(?![零一二三四五六七八九0-9])"
    "|百分之百|(?P<verb>[看想问算查等试说改填])一(?P=verb)"
)
"""Words with a numeral in them that tell no number: 看一下, 想一想."""
_BETWEEN = re.compile(
    rf"(?<![0-9-])(?!0[0-9])(?P<low>{NUMERAL})(?P<unit>[^0-9,;。]{{0,3}}?)"
    rf"(?:-|~|到|至|或者?)(?P<high>{NUMERAL})(?![0-9-])"
)
_NEXT = dict(zip("一二三四五六七八", "二三四五六七八九", strict=True))
_ABOUT = re.compile(
    "(?<![零一二两三四五六七八九十百千万])"
    "(?P<low>[一二三四五六七八])(?P<high>[二三四五六七八九])(?P<unit>[十百千万])(?![瓦伏帕米克])"
)
_RAISED = re.compile("[增扩加升提改换涨调变降减由从]")
"""增到, 改到: the second number replaces the first."""
_TIMES = {"百": 100, "千": 1000, "万": 10_000}
_SPOKEN_UNIT = re.compile("[十百千万]")


@dataclass(frozen=True, slots=True)
class Range:
    """Where a range stands and its two ends."""

    start: int
    end: int
    low: Decimal
    high: Decimal

    @property
    def ends(self) -> tuple[str, ...]:
        """The ends as plain numbers."""
        return plain(self.low), plain(self.high)


def found(text: str) -> Iterator[Range]:
    """Every range of a text, in order."""
    for match in (*_ABOUT.finditer(text), *_BETWEEN.finditer(text)):
        if match.re is _ABOUT:
            if _NEXT[match["low"]] != match["high"]:
                continue
            ends = [f"{match[name]}{match['unit']}" for name in ("low", "high")]
        elif _RAISED.search(match["unit"]):
            continue
        else:
            ends = [match["low"], match["high"]]
        told = [numbers(each) for each in ends]
        if any(len(each) != 1 for each in told):
            continue
        low, high = _scaled(ends[0], told[0][0], ends[1]), told[1][0]
        if low < high:
            yield Range(match.start(), match.end(), low, high)


def _scaled(words: str, low: Decimal, high: str) -> Decimal:
    """The lower end, which shares the higher one's unit where it has none: 1到2万."""
    shared = _TIMES.get(high[-1], 1)
    return low if _SPOKEN_UNIT.search(words) or low >= shared else low * shared


def between(text: str) -> tuple[str, ...]:
    """The two ends of the first range; empty where one number, or none, is told."""
    return next((each.ends for each in found(text)), ())
