"""What of an utterance tells its intent: pieces of its spelling, its words, classes of its words.

A feature is a string; an utterance has each of its features once. Pieces of one to four characters
are taken over the repaired text with every quantity, identifier and time as one character, so they
need no prefix; every other kind begins with a character no tidy text holds.
"""

import tomllib
from functools import cache
from itertools import pairwise

from bot.understanding.normalise import WORDS
from bot.understanding.segment import EMOJI, MASKS, Prepared

LONGEST = 240
"""Characters of an utterance that are looked at: a longer one is read by its beginning and end."""
EDGE_START, EDGE_END = "\ue001", "\ue002"
_MASKED = {
    mask: chr(0xE010 + at) for at, mask in enumerate(dict.fromkeys([*MASKS.values(), EMOJI]))
}
_WORDS, _CLASS, _PAIR, _MEANING = "\ue003", "\ue004", "\ue005", "\ue006"
_UTILITIES = frozenset({"water", "electricity", "gas", "heat", "network", "several"})


def features(prepared: Prepared) -> set[str]:
    """The features of an utterance."""
    tokens = [_MASKED.get(token, token) for token in prepared.tokens]
    text = "".join(tokens)
    if len(text) > LONGEST:
        text = f"{text[: LONGEST // 2]}{text[-LONGEST // 2 :]}"
        tokens = tokens[:LONGEST]
    found = _pieces(f"{EDGE_START}{text}{EDGE_END}")
    found |= _meant(found)
    found.update(map(f"{_WORDS}%s|%s".__mod__, pairwise(tokens)))
    found.update(_classes(prepared.classes[:LONGEST]))
    return found


def _pieces(text: str) -> set[str]:
    found = set(text)
    found.update(map("".join, pairwise(text)))
    found.update(map("".join, zip(text, text[1:], text[2:], strict=False)))
    found.update(map("".join, zip(text, text[1:], text[2:], text[3:], strict=False)))
    return found


def _meant(pieces: set[str]) -> set[str]:
    """What its pieces mean (``words/meanings.toml``): wordings nobody wrote before mean it too."""
    meanings = _meanings()
    return {each for piece in pieces & meanings.keys() for each in meanings[piece]}


@cache
def _meanings() -> dict[str, tuple[str, ...]]:
    told: dict[str, tuple[str, ...]] = {}
    for name, words in tomllib.loads((WORDS / "meanings.toml").read_text("utf-8")).items():
        for word in words.split():
            told[word] = (*told.get(word, ()), _MEANING + name)
    return told


def _classes(classes: tuple[str | None, ...]) -> set[str]:
    """Each class, and each pair of classes that follow one another, others or none between."""
    told: list[str] = []
    for each in classes:
        name = "utility" if each in _UTILITIES else each
        if name and (not told or told[-1] != name):
            told.append(name)
    found = {_CLASS + name for name in told}
    for at, first in enumerate(told):
        found.update(f"{_PAIR}{first}>{second}" for second in told[at + 1 : at + 5])
    return found
