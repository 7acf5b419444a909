"""Which kind of business is meant for which utility, clause by clause: 水新开户，电增容."""

import re
from collections.abc import Iterator
from functools import cache

from config.texts import table

_CLAUSE = re.compile(r"[,;。!?\n，；！？]")
_NOT = re.compile("(?:不是|不|别|没有?|非)$")
_EVERY = re.compile("都|全|均|一律|一样")
Token = tuple[int, str, str]
"""Where it stands, ``utility`` or ``kind``, its code."""


@cache
def _pattern() -> re.Pattern[str]:
    heard = table("heard")
    kinds = "|".join(f"(?P<k_{code}>{'|'.join(words)})" for code, words in heard["kinds"].items())
    named = "|".join(f"(?P<u_{code}>{words})" for code, words in heard["spoken_of"].items())
    return re.compile(f"{kinds}|{named}")


def tokens(text: str) -> Iterator[Token]:
    """Utilities and kinds of a text, in order, without what is denied."""
    for match in _pattern().finditer(text):
        what, _, code = str(match.lastgroup).partition("_")
        if what == "u":
            yield match.start(), "utility", code
        elif not _NOT.search(text[max(match.start() - 3, 0) : match.start()]):
            yield match.start(), "kind", code


def spoken_of(text: str) -> set[str]:
    """Utilities a text names in any way, single characters (水, 电) included."""
    return {code for _, what, code in tokens(text) if what == "utility"}


def unnamed(text: str) -> str:
    """A text without the utilities it names."""
    return _pattern().sub(lambda match: match[0] if str(match.lastgroup)[0] == "k" else "", text)


def by_utility(text: str) -> dict[str, str]:
    """Kind by utility, where a text tells which is for which; empty where it does not."""
    told: dict[str, str] = {}
    waiting: list[str] = []
    for clause in _CLAUSE.split(text):
        found = list(tokens(clause))
        kinds = [code for _, what, code in found if what == "kind"]
        named = [code for _, what, code in found if what == "utility"]
        if not kinds:
            waiting += named
            continue
        if len(set(kinds)) == 1 and (not named or _EVERY.search(clause)):
            told |= dict.fromkeys((*waiting, *named) if _EVERY.search(clause) else (), kinds[0])
            continue
        told |= _paired(found)
    return told


def _paired(found: list[Token]) -> dict[str, str]:
    """Within one clause: a kind goes to the utilities before it; where kinds come first, to those
    after.
    """
    told: dict[str, str] = {}
    first = found[0][1] == "kind"
    kind, waiting = "", list[str]()
    for _, what, code in found:
        if what == "utility":
            waiting.append(code)
            if first:
                told[code] = kind
            continue
        kind = code
        if not first:
            told |= dict.fromkeys(waiting, code)
            waiting = []
    if not first and waiting and kind:
        told |= {code: kind for code in waiting if code not in told}
    return told


def alone(text: str) -> str | None:
    """The one kind a text tells without naming a utility: 都办新的."""
    found = list(tokens(text))
    codes = {code for _, what, code in found if what == "kind"}
    return codes.pop() if len(codes) == 1 and len(found) == 1 else None


def names(text: str, kind: str) -> bool:
    """Whether a text has a word for a kind."""
    return any(what == "kind" and code == kind for _, what, code in tokens(text))


def beside(text: str) -> str:
    """A text without the utilities and kinds it names."""
    return _pattern().sub("", text)


def is_every(text: str) -> bool:
    """Whether a text speaks of all alike: 都办新的."""
    return _EVERY.search(text) is not None
