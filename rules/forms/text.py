"""Text at the edge: one rule for what people type.

NFKC once; line ends become one kind; runs of blanks (also line ends, where a field has one line)
become one space; invisible characters without meaning in Chinese text (category Cf: zero-width
space, BOM, soft hyphen) are dropped. Refused, because they deceive a reader or cannot be stored:
control characters, NUL, lone surrogates, and marks that change the reading direction.
"""

import re
import unicodedata

BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
SHOWN = 40
"""Characters of a typed value repeated in a message."""


class Unclean(ValueError):
    """Text with characters that are refused."""


class TooLong(ValueError):
    """Text beyond its limit."""


def clean(raw: str, limit: int, *, lines: bool = False) -> str:
    """``raw`` made storable. TooLong beyond ``limit`` characters, Unclean as told above."""
    if len(raw) > 4 * limit + 64:
        raise TooLong
    text = unicodedata.normalize("NFKC", raw)
    if text.isprintable():  # as nearly all: nothing to drop or to refuse, no blank but the space
        text = re.sub(" +", " ", text).strip()
        if len(text) > limit:
            raise TooLong
        return text
    text = re.sub("\r\n?|[\u2028\u2029\x85]", "\n", text).replace("\t", " ")
    kept = []
    for char in text:
        category = unicodedata.category(char)
        if char in BIDI or category == "Cs" or (category == "Cc" and char != "\n"):
            raise Unclean
        if category != "Cf":
            kept.append(char)
    text = "".join(kept)
    text = re.sub(" *\n *", "\n", text) if lines else text
    text = re.sub(" +" if lines else r"\s+", " ", text).strip()
    if len(text) > limit:
        raise TooLong
    return text


def shown(raw: object, limit: int = SHOWN) -> str:
    """A typed value fit to be repeated in a message: cleaned, cut, empty when neither helps."""
    if not isinstance(raw, str):
        return ""
    try:
        text = clean(raw[:limit], limit)
    except ValueError:
        return ""
    return f"{text}…" if len(raw) > limit else text
