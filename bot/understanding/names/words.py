"""The word lists of names, read once, and patterns made of them."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from bot.understanding.normalise import WORDS

VEIL, PHONE_VEIL = "\ue000", "\ue001"
"""Stand for every character of a span, of a telephone: no name reaches over one."""
EDGE = r"[,.。;；!！?？:、/| \"“”'‘’()《》【】\[\]\ue000\ue001]|$"
"""Where a name can end: punctuation, a blank, a veiled span, the end."""


@cache
def names() -> Mapping[str, Any]:
    """``words/names.toml``."""
    return tomllib.loads((WORDS / "names.toml").read_text("utf-8"))


def apart(found: Iterable[tuple[int, int]], most: int) -> list[tuple[int, int]]:
    """The first so many stretches, without those that touch one before them."""
    kept: list[tuple[int, int]] = []
    for start, end in found:
        if not any(start < other_end and other < end for other, other_end in kept):
            kept.append((start, end))
            if len(kept) == most:
                break
    return kept


def either(words: Iterable[str]) -> str:
    """A pattern of any of some words, longer ones first."""
    return "|".join(re.escape(word) for word in sorted(set(words), key=lambda w: (-len(w), w)))
