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


def either(words: Iterable[str]) -> str:
    """A pattern of any of some words, longer ones first."""
    return "|".join(re.escape(word) for word in sorted(set(words), key=lambda w: (-len(w), w)))
