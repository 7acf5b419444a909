"""Places: a town of the city files with what follows it, an address after its cue, roads."""

import re
from collections.abc import Iterator
from functools import lru_cache

from bot.understanding.lexicon import Lexicon
from bot.understanding.names_words import either, names

_STOP = (
    "\ue000\ue001,.。;；!！?？:、/| \"“”'‘’()《》"
    "想要我你您他她它有没冇是能请报申装约等找供用暖网租搞准了停漏断爆倒刚摘拿办来需的做开那这"
)
"""Characters no address goes on over."""
_COUNT = "[0-9]{1,4}|[一二三四五六七八九十]{1,3}"
_NUMBERED = (
    f"(?:[A-Za-z]{{0,2}}(?:{_COUNT})(?:号院?楼?|栋|座|楼|层|室|单元|号仓|号门|号库|组|队|期)"
    "|[A-Za-z]{1,2}[0-9]{1,4}|[A-Za-z](?:区|栋|座|馆)|[0-9]{1,4}-[0-9]{1,4})(?:号?[仓楼库门院室])?"
)
_ON = "往[里东西南北前后]走?[0-9一二两三四五六七八九十百]+多?米"
_WEAK_TOWNS = frozenset({"保安", "太康", "金牛"})
"""Short names of towns that are also ordinary words."""
_HERE = "(?=这边|这里|那边|这片|那片|那个|这个|的)"
_NEVER_ROADS = "过修占破挖穿马公道跨顶封半上下条线这那铁"


class _Patterns:
    """Patterns of places, made of the word lists and a lexicon's towns."""

    def __init__(self, towns: tuple[str, ...]) -> None:
        words = names()["place"]
        endings = f"(?:{either(words['endings'])}|(?<![这那])[边里内])(?![长子房])"
        piece = f"(?:{_ON}|{_NUMBERED}|[^{_STOP}]{{0,8}}?{endings})"
        both = f"(?:[与和][^{_STOP}]{{1,8}}?(?:大道|路|街)(?:交叉口|路口|交汇处|口)?)"
        that = f"[那这](?:[栋间块]|[个家][^{_STOP}厂]{{1,4}}(?:厂|场|店|馆|基地|民宿|库房|窑))"
        tail = f"(?:{both}|{piece})*(?:{that})?"
        sure = either(town for town in towns if town not in _WEAK_TOWNS)
        weak = either(town for town in towns if town in _WEAK_TOWNS) or "(?!)"
        self.town = re.compile(
            f"(?:{sure or '(?!)'}|(?:{weak})(?:{_HERE}))(?!公司|政务|供电|供水|片区){tail}"
        )
        strong = f"(?:{either(words['cues'])})[:是在到改成为, ]{{0,3}}"
        self.cued = re.compile(f"{strong}(?P<name>[^{_STOP}]{{0,12}}?{endings}{tail})")
        self.weakly = re.compile(
            f"(?:{either(words['weak_cues'])})(?P<name>[^{_STOP}]{{1,8}}?(?:{words['specific']}){tail})"
        )
        self.road = re.compile(
            f"(?P<name>(?:(?![{_NEVER_ROADS}])[^{_STOP}]){{2,5}}(?:大道|路|街)(?:{both}|[0-9]+号){tail})"
        )


@lru_cache(maxsize=64)
def _patterns(towns: tuple[str, ...]) -> _Patterns:
    return _Patterns(towns)


def places(veiled: str, lexicon: Lexicon) -> list[tuple[int, int]]:
    """Where places are named, the surest first."""
    found: list[tuple[int, int]] = []
    for start, end in _all(veiled, _patterns(lexicon.towns)):
        if not any(start < other_end and other < end for other, other_end in found):
            found.append((start, end))
    return found


def _all(text: str, patterns: _Patterns) -> Iterator[tuple[int, int]]:
    for match in patterns.town.finditer(text):
        yield match.span()
    for pattern in (patterns.cued, patterns.weakly, patterns.road):
        for match in pattern.finditer(text):
            yield match.span("name")
