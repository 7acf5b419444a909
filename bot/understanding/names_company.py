"""Companies: with an ending of law (有限公司, 厂, 合作社), after a cue (公司叫 …), or after a city's name."""

import re
from collections.abc import Iterator
from functools import cache

from bot.understanding.lexicon import Lexicon
from bot.understanding.names_words import EDGE, either, names
from bot.understanding.segment import Prepared

_NOT_IN = "\ue000,.。;；!！?？:、/| \"“”'‘’《》【】\\[\\]"
_AFTER_ENDING = "(?![房区长里家子址方门牌商外内前后龄])"
_VERBS = "[要想的拟申报需现已在是约请来接办装开有找这那了因由]"
_LONGEST = 24
_PROVINCES = (
    "湖北",
    "湖北省",
    "河南",
    "河南省",
    "黄石",
    "黄石市",
    "武汉",
    "武汉市",
    "郑州",
    "郑州市",
)


class _Patterns:
    """Patterns of companies, made of the word lists."""

    def __init__(self) -> None:
        words = names()["company"]
        endings = either(words["endings"])
        trades = either(words["trades"])
        self.generic = frozenset(words["generic"])
        self.stops = frozenset(words["stops"])
        self.ending = re.compile(f"(?:{endings}){_AFTER_ENDING}")
        cued = (
            f'(?:{either(words["cues"])})(?:(?:{either(words["names"])}|[: ])[:"“ ]*)'
            f"(?P<name>[^{_NOT_IN}]{{2,24}}?)(?=[了的]?(?:{EDGE}))"
        )
        self.cued = re.compile(cued)
        self.renewed = re.compile(
            f'(?:{either(words["renamed"])})[:"“ ]*(?P<name>[^{_NOT_IN}]{{3,24}}?)(?=[了的]?(?:{EDGE}))'
        )
        self.trade_end = re.compile(f"(?:{endings}|{trades})$")
        self.anchored_tail = re.compile(
            f"(?P<head>[^{_NOT_IN}]{{1,16}}?)(?:(?P<law>{endings}){_AFTER_ENDING}|(?:{trades})(?={EDGE}|{_VERBS}))"
        )


@cache
def _patterns() -> _Patterns:
    return _Patterns()


def companies(veiled: str, prepared: Prepared, lexicon: Lexicon) -> list[tuple[int, int]]:
    """Where companies are named, in order."""
    found: list[tuple[int, int]] = []
    for start, end in _all(veiled, prepared, lexicon):
        if not any(start < other_end and other < end for other, other_end in found):
            found.append((start, end))
    return sorted(found)


def _all(text: str, prepared: Prepared, lexicon: Lexicon) -> Iterator[tuple[int, int]]:
    yield from _anchored(text, prepared, lexicon)
    yield from _walked(text, prepared, lexicon)
    yield from _cued(text, lexicon)


def _cued(text: str, lexicon: Lexicon) -> Iterator[tuple[int, int]]:
    patterns = _patterns()
    for pattern in (patterns.renewed, patterns.cued):
        for match in pattern.finditer(text):
            if patterns.trade_end.search(match["name"]) and _is_name(match["name"], lexicon):
                yield match.span("name")


def _anchored(text: str, prepared: Prepared, lexicon: Lexicon) -> Iterator[tuple[int, int]]:
    """A city's name with a company's ending or trade some characters later."""
    patterns = _patterns()
    for token, start, cls in zip(prepared.tokens, prepared.starts, prepared.classes, strict=True):
        if not _is_city(token, cls):
            continue
        match = patterns.anchored_tail.match(text, start + len(token))
        if match and _is_name(match["head"], lexicon, patient=True):
            yield start, match.end()


def _is_city(token: str, cls: str | None) -> bool:
    if cls == "city" or token in _PROVINCES:
        return True
    return cls == "town" and token[-1] in "县市区"


def _walked(text: str, prepared: Prepared, lexicon: Lexicon) -> Iterator[tuple[int, int]]:
    """From an ending leftwards over its words until one that no name has."""
    patterns = _patterns()
    for match in patterns.ending.finditer(text):
        start = _walk(text, match.start(), prepared, patterns)
        head = text[start : match.start()]
        if _is_name(head, lexicon):
            yield start, match.end()


def _walk(text: str, ending: int, prepared: Prepared, patterns: _Patterns) -> int:
    tokens, starts = prepared.tokens, prepared.starts
    at = ending
    for token, start in zip(reversed(tokens), reversed(starts), strict=True):
        if start >= ending:
            continue
        if start < ending - _LONGEST or start + len(token) < at:
            break
        word = text[start:at]
        if token in patterns.stops or re.search(f"[{_NOT_IN}]", word):
            break
        at = start
    return at


def _is_name(head: str, lexicon: Lexicon, *, patient: bool = False) -> bool:
    """Whether what stands before an ending names one company and not a kind of them."""
    patterns = _patterns()
    if not head or head[0] in "的那这一有里":
        return False
    words = lexicon.cut(head)
    if not patient and any(word in patterns.stops for word in words[:1]):
        return False
    telling = [
        w
        for w in words
        if w not in patterns.generic and lexicon.classes.get(w) not in ("city", "town")
    ]
    return sum(map(len, telling)) > 1 or (len(telling) == 1 and len(words) > 1)
