"""Places: a town of the city files with what follows it, an address after its cue, roads."""

import re
from collections.abc import Iterator
from functools import lru_cache

from bot.understanding.lexicon import Lexicon
from bot.understanding.names.words import apart, either, names

_STOP = (
    "\ue000\ue001,.。;；!！?？:、/| \"“”'‘’()《》"
    "想要我你您他她它有没冇是能请报申装约等找供用暖网租搞准了停漏断爆倒刚摘拿办来需的做开那这逛吃玩"
)
"""Characters no address goes on over."""
_COUNT = "[0-9]{1,4}|[一二三四五六七八九十]{1,3}"
_NUMBERED = (
    f"(?:[东西南北中]段?)?(?:[A-Za-z]{{0,2}}(?:{_COUNT})(?:号院?楼?|栋|座|楼|层|室|单元|号仓|号门|号库|组|队|期)"
    "|[A-Za-z]{1,2}[0-9]{1,4}|[A-Za-z](?:区|栋|座|馆)|[0-9]{1,4}-[0-9]{1,4})(?:号?[仓楼库门院室])?"
)
_ON = "往[里东西南北前后]走?[0-9一二两三四五六七八九十百]{1,6}多?米(?:路?[东西南北][边侧面]?)?"
_WEAK_TOWNS = frozenset({"保安", "太康", "金牛"})
"""Short names of towns that are also ordinary words."""
_HERE = "(?=这边|这里|那边|这片|那片|那个|这个|的)"
_WRONG = "[写填输选弄搞][错成]|错|不对"
_OF_SOMEBODY = re.compile(
    "(?<=[镇乡县区])[^镇乡县区路街村道园边侧口面]{2,8}(?:合作社|[饭酒]店|饭庄|酒楼)$"
)
"""Who is in a town, after it: 某某镇某某饭庄 is a name, 某某镇某某饭庄对面 a place."""
_NEVER_ROADS = "过修占破挖穿马公道跨顶封半上下条线这那铁"


class _Patterns:
    """Patterns of places, made of the word lists and a lexicon's towns."""

    def __init__(self, towns: tuple[str, ...], cities: frozenset[str]) -> None:
        words = names()["place"]
        endings = f"(?:{either(words['endings'])}|(?<![这那])[边里内])(?![长子房])"
        piece = f"(?:{_ON}|{_NUMBERED}|(?:办公|供销|开发|[^{_STOP}]){{0,8}}?{endings})"
        both = f"(?:[与和][^{_STOP}]{{1,8}}?(?:大道|路|街)(?:交叉口|路口|交汇处|口)?)"
        that = (
            "(?:(?<=[镇乡县区市道口边上下旁侧岸场路库园])[那这](?:[栋间]|块(?:空?地)?"
            f"|[个家](?:[^{_STOP}厂]{{1,4}}(?:厂(?!房)|场|店|馆|基地|民宿|窑)"
            f"|[^{_STOP}]{{0,3}}(?:[厂库]房|仓库|冷库|车间)))|的[老新旧]?(?:[厂库]房|仓库|车间))"
        )
        tail = f"(?:{both}|{piece}){{0,8}}(?:{that})?"
        above = either(cities) or "(?!)"
        sure = either(town for town in towns if town not in _WEAK_TOWNS)
        weak = either(town for town in towns if town in _WEAK_TOWNS) or "(?!)"
        self.town = re.compile(
            f"(?:{above})?(?:{sure or '(?!)'}|(?:{weak})(?:{_HERE}))(?!公司|政务|供电|供水"
            f"|片区){tail}"
        )
        strong = f"(?:{either(words['cues'])})[:是在到改成为, ]{{0,3}}"
        self.cued = re.compile(f"{strong}(?P<name>(?!{_WRONG})[^{_STOP}]{{0,12}}?{endings}{tail})")
        self.weakly = re.compile(
            f"(?:{either(words['weak_cues'])})(?P<name>[^{_STOP}]{{1,8}}?(?:{words['specific']})"
            f"{tail})"
        )
        self.other_town = re.compile(
            "(?:^|[,: 到在是于])(?!整个|一个|这个|那个|哪个|每个"
            f"|属地|[到在去于])(?P<name>(?:(?![{_NEVER_ROADS}])[^{_STOP}]){{2,3}}(?:街道|镇"
            f"|乡)(?![政长里上下村]){tail})"
        )
        self.village = re.compile(
            "(?:^"
            f"|[,:;。 在到是])(?P<name>(?:(?![{_NEVER_ROADS}错堵把从])[^{_STOP}的]){{2,3}}"
            "[村湾坪庄坳垴畈寨])(?=[,;。 不口$]|$)"
        )
        word = f"(?:(?![{_NEVER_ROADS}])[^{_STOP}])"
        beside = "(?=[这那]边|中段|[东西南北]段|口|上|旁|附近|边|与|和)"
        self.road = re.compile(
            f"(?P<name>(?![在到去于是]){word}{{2,5}}(?:大道|路|街)(?:{both}|[0-9]{{1,5}}号){tail})"
            f"|(?<=[在到是])(?P<along>{word}{{2,4}}(?:大道|路|街){beside}{tail})"
            "|(?:(?<=[在到来于:,: ])|^)(?!整个|一个|这个|那个|哪个|每个|属地"
            f"|注册)(?P<park>{word}{{2,6}}(?:工业园区?|产业园区?|开发区|集聚区|科技园|物流园"
            f"|创业园|孵化园){tail})"
        )


@lru_cache(maxsize=64)
def _patterns(towns: tuple[str, ...], cities: frozenset[str]) -> _Patterns:
    return _Patterns(towns, cities)


def places(veiled: str, lexicon: Lexicon, *, most: int) -> list[tuple[int, int]]:
    """Where places are named, the surest first."""
    return apart(_all(veiled, _patterns(lexicon.towns, lexicon.cities)), most)


def _all(text: str, patterns: _Patterns) -> Iterator[tuple[int, int]]:
    for match in patterns.town.finditer(text):
        whose = _OF_SOMEBODY.search(match[0])
        yield match.start(), match.start() + whose.start() if whose else match.end()
    for pattern in (
        patterns.cued,
        patterns.weakly,
        patterns.other_town,
        patterns.village,
        patterns.road,
    ):
        for match in pattern.finditer(text):
            yield match.span(match.lastgroup or 0)
