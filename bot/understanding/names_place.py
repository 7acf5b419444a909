"""Places: a town of the city files with what follows it, an address after its cue, roads."""

import re
from collections.abc import Iterator
from functools import lru_cache

from bot.understanding.lexicon import Lexicon
from bot.understanding.names_words import EDGE, either, names

_STOP = "\ue000,.。;；!！?？:、/| \"“”'‘’()《》想要我你您他她它有没冇是能请报申装约等找供用暖网租搞准了停漏断爆倒刚摘拿办来需的做开"
_NUMBERED = "(?:[A-Za-z]{0,2}[0-9一二三四五六七八九十]{1,4}(?:号院?|栋|座|楼|层|室|号楼|单元|号仓|号门|号库|组|队|期)?|[A-Za-z](?:区|栋|座|馆))"
_ON = "往[里东西南北前后]走?[0-9一二两三四五六七八九十百]+多?米"
_WEAK_TOWNS = frozenset({"保安", "太康", "金牛"})
_HERE = "(?=这边|这里|那边|这片|那片|镇|那个|这个|的)"


class _Patterns:
    """Patterns of places, made of the word lists and a lexicon's towns."""

    def __init__(self, towns: tuple[str, ...]) -> None:
        words = names()["place"]
        endings = either(words["endings"])
        piece = f"(?:[^{_STOP}]{{0,8}}?(?:{endings})(?![长子])|{_NUMBERED})"
        both = f"(?:[与和][^{_STOP}]{{1,8}}?(?:路|街|大道)(?:交叉口|路口|交汇处|口)?)"
        tail = f"(?:{piece}|{both}|{_ON})*"
        sure = [town for town in towns if town not in _WEAK_TOWNS]
        weak = either(town for town in towns if town in _WEAK_TOWNS) or "(?!)"
        self.town = re.compile(
            f"(?P<town>{either(sure)}|(?:{weak})(?:{_HERE}))(?!公司|政务|供电|供水)(?P<tail>{tail})"
        )
        self.cued = re.compile(
            f"(?:{either(words['cues'])})[:是在到改成为, ]{{0,3}}(?P<name>[^{_STOP}]{{0,12}}?(?:{endings}){tail})"
        )
        self.road = re.compile(
            f"(?<![{_HAN_WORD}])(?P<name>[^{_STOP}]{{2,6}}(?:路|街|大道)(?:{both}|[0-9]+号)(?:{tail}))"
        )


_HAN_WORD = "过修占破挖穿马公道跨顶"


@lru_cache(maxsize=64)
def _patterns(towns: tuple[str, ...]) -> _Patterns:
    return _Patterns(towns)


def places(veiled: str, lexicon: Lexicon) -> list[tuple[int, int]]:
    """Where places are named, in order."""
    found: list[tuple[int, int]] = []
    for start, end in _all(veiled, _patterns(lexicon.towns)):
        if not any(start < other_end and other < end for other, other_end in found):
            found.append((start, end))
    return found


def _all(text: str, patterns: _Patterns) -> Iterator[tuple[int, int]]:
    for match in patterns.town.finditer(text):
        yield match.span()
    for pattern in (patterns.cued, patterns.road):
        for match in pattern.finditer(text):
            yield match.span("name")
