"""Companies: by an ending of law (有限公司, 厂), after a cue (公司叫 …), after a city's name."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import cache
from itertools import islice

from bot.understanding.lexicon import Lexicon
from bot.understanding.names.words import EDGE, apart, either, names
from bot.understanding.segment import Prepared

_NOT_IN = "\ue000\ue001,.。;；!！?？:、/| \"“”'‘’()《》【】\\[\\]"
_BREAKS = re.compile(f"[{_NOT_IN}]")
_AFTER_ENDING = (
    "(?![房区长里家子址方门牌商外内前后龄]|旁|边|对面|斜对面|隔壁|附近|院|大门|宿舍|工地)"
)
_VERBS = "[要想的拟申报需现已在是约请来接办装开有找这那了因由改变换户更明后今下]"
_TALK = re.compile(
    "[我你您他她它们找请跟那这]|^[想要给问是]|改成|换成|是不是|在哪|[路街]门|搞|卖"
    "|^[开买办租盖拿就又再只都先才也]|准备"
)
"""What is said of a company rather than in its name."""
_RENAMING = re.compile("变成|改成|改为|换成|换为|更名|变更|现在")
"""Between an old name and a new one."""
_LOOSE = re.compile("[的在个了我你他那这]")
"""Not in a name whose ending proves little."""
_OF_PROVIDERS = frozenset({"公司", "厂", "集团", "分公司"})
"""Endings of 供电公司 and its like, which are nobody's name."""
_CUE = '^|[,.。;；!！?？:、/| "“(]|公司|单位|厂名|户名|名称|我司|叫|是|为|家'
_BEGINS = re.compile(f"(?:{_CUE})$")
"""A name whose ending proves little begins a clause or follows a cue."""
_BEGINS_WITH_TOWN = re.compile(
    f"(?<![地厂住]址)(?<!位置)(?<!地点)(?:{_CUE}|我们|我|俺们|俺|咱们|咱|我方)$"
)
"""A name that begins with a town; after 地址 or 厂在 the town is a place."""
_ROAD = re.compile("[镇乡村路街]")
"""What stands behind is a place, not a company's name."""
_TRIED = 40
"""Words of one kind that may belong to a name and are looked at."""
_LONGEST = 24
_LEAST = 4
"""Characters before an ending that by itself proves little (公司, 厂)."""
_PROVINCES = frozenset(
    ("湖北", "湖北省", "河南", "河南省", "黄石", "黄石市", "武汉", "武汉市", "郑州", "郑州市")
)


class _Patterns:
    """Patterns of companies, made of the word lists."""

    def __init__(self) -> None:
        words = names()["company"]
        legal = either(word for word in words["endings"] if "有限" in word or "股份" in word)
        endings = either(words["endings"])
        trades = either(words["trades"])
        self.generic = frozenset(words["generic"])
        self.stops = frozenset(words["stops"])
        self.legal = re.compile(legal)
        self.ending = re.compile(f"(?:{endings}){_AFTER_ENDING}")
        name = f"(?P<name>[^{_NOT_IN}]{{3,24}}?)(?=[了的]?(?:{EDGE}))"
        self.cued = re.compile(
            f'(?:{either(words["cues"])})(?:(?:{either(words["names"])}|[: ])[:"“ ]{{0,3}}){name}'
        )
        self.ours = re.compile(f"(?:{either(words['ours'])})(?:是|为|叫|[: ])?{name}")
        self.renewed = re.compile(f'(?:{either(words["renamed"])})[:"“ ]{{0,3}}{name}')
        self.trade_end = re.compile(f"(?:{endings}|{trades})$")
        self.by_law = re.compile(f"(?P<head>[^{_NOT_IN}]{{1,20}}?)(?:{legal})")
        self.by_trade = re.compile(
            f"(?P<head>[^{_NOT_IN}]{{1,12}}?)(?:(?:{endings}){_AFTER_ENDING}"
            f"|(?:{trades})(?={EDGE}|{_VERBS}))"
        )


@cache
def _patterns() -> _Patterns:
    return _Patterns()


def companies(
    veiled: str, prepared: Prepared, lexicon: Lexicon, *, most: int
) -> list[tuple[int, int]]:
    """Where companies are named, in order; the surest ``most``."""
    return sorted(apart(_all(veiled, prepared, lexicon), most))


def _all(text: str, prepared: Prepared, lexicon: Lexicon) -> Iterator[tuple[int, int]]:
    yield from _anchored(text, prepared, lexicon)
    if _patterns().ending.search(text):
        yield from _walked(text, prepared, lexicon)
    yield from _cued(text, lexicon)


def _cued(text: str, lexicon: Lexicon) -> Iterator[tuple[int, int]]:
    """After 公司叫, 户名, 改名为 …, up to where it ends, when it ends as companies do."""
    patterns = _patterns()
    for pattern in (patterns.renewed, patterns.cued, patterns.ours):
        for match in islice(pattern.finditer(text), _TRIED):
            ending = patterns.trade_end.search(match["name"])
            if ending is None:
                continue
            head = match["name"][: ending.start()]
            loose = not patterns.legal.search(match["name"]) and _LOOSE.search(head)
            if loose or _TALK.search(head) or not _is_name(head, lexicon):
                continue
            if pattern is not patterns.ours or _own(match["name"], lexicon):
                yield match.span("name")


def _own(name: str, lexicon: Lexicon) -> bool:
    """Whether what somebody says to be is a name: it begins with a city, or with no known word."""
    words = lexicon.cut(name)
    return words[0] in lexicon.seats or (len(words) > 2 and len(words[0]) == len(words[1]) == 1)


def _anchored(text: str, prepared: Prepared, lexicon: Lexicon) -> Iterator[tuple[int, int]]:
    """A city's name with a company's ending or trade some characters later."""
    patterns = _patterns()
    placed = zip(prepared.tokens, prepared.starts, strict=True)
    cities = ((token, start) for token, start in placed if _is_city(token, lexicon))
    for token, start in islice(cities, _TRIED):
        after = start + len(token)
        match = patterns.by_law.match(text, after)
        if match is None or _RENAMING.search(match["head"]):
            match = patterns.by_trade.match(text, after)
        if match is None:
            continue
        by_law = match.re is patterns.by_law
        sure = token[-1] in "市县区省" and by_law
        head = match["head"]
        if not by_law and _ROAD.search(head):
            continue
        if (
            head[-1] not in "的个家"
            and (sure or not _TALK.search(head))
            and _is_name(head, lexicon)
        ):
            yield start, match.end()


def _is_city(token: str, lexicon: Lexicon) -> bool:
    return token in lexicon.seats or token in _PROVINCES


def _walked(text: str, prepared: Prepared, lexicon: Lexicon) -> Iterator[tuple[int, int]]:
    """From an ending leftwards over its words until one that no name has."""
    patterns = _patterns()
    for match in islice(patterns.ending.finditer(text), _TRIED):
        ending = _before_brackets(text, match.start())
        start, core = _walk(text, ending, prepared, lexicon)
        head = text[core:ending]
        if patterns.legal.match(text, match.start()) is None:
            last = lexicon.cut(head)[-1:]
            provider = match[0] in _OF_PROVIDERS and last and last[0] in lexicon.utilities
            if len(head) < _LEAST or _LOOSE.search(head) or _ROAD.search(head) or provider:
                continue
            if not _BEGINS.search(text[max(start - 6, 0) : start]):
                continue
        if _is_name(head, lexicon):
            yield start, match.end()


def _before_brackets(text: str, ending: int) -> int:
    """示例（大冶）有限公司: the name goes on before the brackets."""
    if ending and text[ending - 1] == ")":
        opening = text.rfind("(", max(ending - 8, 0), ending)
        return opening if opening > 0 else ending
    return ending


def _walk(text: str, ending: int, prepared: Prepared, lexicon: Lexicon) -> tuple[int, int]:
    """Where the name starts, and where what tells it from others does: behind a town, which is
    part of the name where the name begins a clause or follows a cue.
    """
    at = ending
    stops = _patterns().stops
    for i in range(bisect_left(prepared.starts, ending) - 1, -1, -1):
        token, start = prepared.tokens[i], prepared.starts[i]
        if start < ending - _LONGEST or start + len(token) < min(at, ending):
            break
        if token in stops or _BREAKS.search(text, start, at):
            break
        if _is_village(token, lexicon):
            whole = _with_town(text, start, i, prepared, lexicon)
            return (at if whole is None else whole), at
        at = start
    return at, at


def _is_village(token: str, lexicon: Lexicon) -> bool:
    return lexicon.classes.get(token) == "town" and token[-1] not in "县市区"


def _with_town(text: str, start: int, i: int, prepared: Prepared, lexicon: Lexicon) -> int | None:
    """Where a name that begins with a town starts, the town's county and city included."""
    while i and prepared.starts[i - 1] + len(prepared.tokens[i - 1]) == start:
        above = prepared.tokens[i - 1]
        if lexicon.classes.get(above) not in ("town", "city"):
            break
        i, start = i - 1, prepared.starts[i - 1]
    before = text[max(start - 6, 0) : start]
    return start if _BEGINS_WITH_TOWN.search(before) else None


def _is_name(head: str, lexicon: Lexicon) -> bool:
    """Whether what stands before an ending names one company and not a kind of them."""
    patterns = _patterns()
    if not head or head[0] in "的那这一有里区":
        return False
    words = lexicon.cut(head)
    plain = patterns.generic
    telling = [
        word
        for word in words
        if word not in plain and lexicon.classes.get(word) not in ("city", "town", "mine", "you")
    ]
    return sum(map(len, telling)) > 1 or (len(telling) == 1 and len(words) > 1)
