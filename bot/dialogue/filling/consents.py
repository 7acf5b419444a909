"""Yes-or-no questions of the form: each has words of its own; a bare yes answers any."""

import re
from functools import lru_cache

from bot.dialogue.filling.names import fits_pattern
from config.texts import table
from rules.forms import FormField

Verbs = tuple[re.Pattern[str], re.Pattern[str]]
_PARTICLE = "(?:的|了|呢|呀|啊|哦|吧|嘛|啦|哈)*"
_YES = "是|对|嗯|好|行|可以|同意|确认|确定|没问题|需要|要|有|肯定|当然|没错|中|ok|yes|y"
_NO = "不是|不对|不同意|不要|不需要|不用|不行|不可以|没有|没|无|否|不|no|n"
_BARE_YES = re.compile(f"(?:(?:{_YES}){_PARTICLE}){{1,4}}", re.IGNORECASE)
_BARE_NO = re.compile(f"(?:(?:{_NO}){_PARTICLE}){{1,4}}", re.IGNORECASE)
_NOISE = re.compile(r"[\s,.。，、!！~;；]+")


@lru_cache(maxsize=256)
def _verbs(key: str) -> Verbs | None:
    for pattern, (yes, no) in table("heard")["verbs"].items():
        if fits_pattern(key, pattern):
            return re.compile(yes), re.compile(no)
    return None


@lru_cache(maxsize=256)
def _others(key: str) -> re.Pattern[str]:
    """Words of the other questions that are none of this one's and no bare yes or no."""
    own, words = _verbs(key), list[str]()
    for pattern, pair in table("heard")["verbs"].items():
        if not fits_pattern(key, pattern):
            words += [w for w in re.split(r"\|(?![^(]*\))", "|".join(pair)) if w]
    kept = [w for w in words if own is None or not (own[0].search(w) or own[1].search(w))]
    return re.compile("|".join(w for w in kept if not _bare(w)) or "(?!)")


def _bare(word: str) -> bool:
    return _BARE_YES.fullmatch(word) is not None or _BARE_NO.fullmatch(word) is not None


def by_own_words(field: FormField, text: str) -> bool | None:
    """Yes or no by the question's own words: 结清了 to whether it is settled; else None."""
    verbs = _verbs(field.key)
    if verbs is None:
        return None
    yes, no = verbs
    if no.search(text):
        return False
    return True if yes.search(text) else None


def without_own_words(field: FormField, text: str) -> str:
    """A text without the words that answer a question; what says no goes first."""
    verbs = _verbs(field.key)
    for pattern in reversed(verbs or ()):
        text = pattern.sub("", text)
    return text


def of_another(field: FormField, text: str) -> bool:
    """Whether a text answers another yes-or-no question by that one's words."""
    return _others(field.key).search(text) is not None


def bare_answer(text: str) -> bool | None:
    """A bare yes or no, with nothing else said: 是的, 同意了, 不需要; None for anything more."""
    word = _NOISE.sub("", text)
    if not word or len(word) > 8:
        return None
    if _BARE_NO.fullmatch(word):
        return False
    return True if _BARE_YES.fullmatch(word) else None
