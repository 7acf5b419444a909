"""What was typed, made comparable: one spelling of characters, and the field's words repaired.

Two steps, because what a person states (a company, an address, a time) is repeated literally while
everything else is read in one spelling:

- ``tidy``: NFKC, invisible characters dropped, blanks and line ends one space each.
- ``repair``: traditional characters → simplified, misspelt words of the field → the right ones.
  It keeps the length, so that a position in the repaired text is the position in the tidy one.
"""

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

WORDS = Path(__file__).parent / "words"
"""The folder of the word lists."""

LONGEST = 1000
"""Characters of a message that are read, before and after NFKC; the platform lets nobody type
more than 600."""
_BLANKS = str.maketrans(dict.fromkeys("\t\n\r\v\f\x85\u2028\u2029", " "))
_INVISIBLE = frozenset({"Cc", "Cf", "Co", "Cs"})
_JOINED = re.compile(r"[^\S ]")


def tidy(text: str) -> str:
    """NFKC without invisible characters; every blank is a space; none at the ends. What goes on
    for longer than ``LONGEST`` is cut off."""
    text = unicodedata.normalize("NFKC", text.lstrip()[:LONGEST])[:LONGEST]
    if not text.isprintable():  # a blank other than the space, or something invisible
        text = _JOINED.sub(" ", text.translate(_BLANKS))
        text = "".join(c for c in text if unicodedata.category(c) not in _INVISIBLE)
    return text.strip()


def repair(text: str) -> str:
    """A tidy text in simplified characters with the field's words spelt right; same length."""
    traditional, typos = _traditional(), _typos()
    if traditional.any.search(text):
        text = text.translate(traditional.table)
    text = typos.plain.sub(lambda found: typos.right[found[0]], text)
    if typos.any_guarded.search(text):
        for wrong, right in typos.guarded:
            text = wrong.sub(rf"\g<before>{right}", text)
    return text


def normalise(text: str) -> str:
    """``tidy`` and ``repair`` in one: the text as it is understood."""
    return repair(tidy(text))


class _Traditional:
    """The table of characters, and a pattern that finds any of them."""

    def __init__(self, pairs: list[str]) -> None:
        self.table = {ord(pair[0]): pair[1] for pair in pairs}
        self.any = re.compile(f"[{''.join(pair[0] for pair in pairs)}]")


class _Typos:
    """Plain misspellings in one pattern, longer ones first, and those that need their context."""

    def __init__(self, plain: Mapping[str, list[str]], guarded: list[Mapping[str, Any]]) -> None:
        self.right = {wrong: right for right, wrongs in plain.items() for wrong in wrongs}
        longest = sorted(self.right, key=lambda wrong: (-len(wrong), wrong))
        self.plain = re.compile("|".join(map(re.escape, longest)))
        self.guarded = [(_in_context(each), str(each["right"])) for each in guarded]
        self.any_guarded = re.compile("|".join(w for each in guarded for w in each["wrong"]))


def _in_context(typo: Mapping[str, Any]) -> re.Pattern[str]:
    before, after = typo.get("before", ""), typo.get("after", "")
    return re.compile(f"(?P<before>{before})(?:{'|'.join(typo['wrong'])}){after}")


@cache
def _traditional() -> _Traditional:
    lines = (WORDS / "traditional.txt").read_text("utf-8").splitlines()
    return _Traditional([pair for line in lines if line[:1] != "#" for pair in line.split()])


@cache
def _typos() -> _Typos:
    read = tomllib.loads((WORDS / "typos.toml").read_text("utf-8"))
    return _Typos(read["plain"], read["guarded"])
