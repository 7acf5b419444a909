"""``标签：内容`` as people paste it: a field's own words, a sign, and what it holds."""

import re

from bot.dialogue.filling.memo import per_form
from bot.dialogue.filling.names import words_of
from bot.dialogue.filling.shapes import ASKING
from config.cities import FieldType
from rules.forms import Form, FormField

_SIGN = r"\s*(?:[:=]|是:?|为:?|叫|填)\s*"
_END = re.compile(r"[,;。\n]|$")
_UNTOLD = frozenset({FieldType.POINT, FieldType.ROWS})


def pairs(form: Form, text: str) -> dict[str, str]:
    """What a text states by label: key → the words after it. Several fields of one word: the
    first that is not stated yet.
    """
    if ":" not in text and "是" not in text and "为" not in text and "叫" not in text:
        return {}
    found = list(_pattern(form).finditer(text))
    stated: dict[str, str] = {}
    for at, match in enumerate(found):
        until = found[at + 1].start() if at + 1 < len(found) else len(text)
        end = _END.search(text, match.end(), until)
        value = text[match.end() : end.start() if end else until].strip()
        field = next((f for f in _fields(form, match[1]) if f.key not in stated), None)
        if field and value and not ASKING.search(value):
            stated[field.key] = value
    return stated


@per_form
def _by_word(form: Form) -> dict[str, list[FormField]]:
    words: dict[str, list[FormField]] = {}
    for field in form.fields:
        if field.type not in _UNTOLD:
            for word in words_of(field):
                if len(word) > 1:
                    words.setdefault(word, []).append(field)
    return words


def _fields(form: Form, word: str) -> list[FormField]:
    return _by_word(form)[word]


@per_form
def _pattern(form: Form) -> re.Pattern[str]:
    words = sorted(_by_word(form), key=len, reverse=True)
    return re.compile(f"({'|'.join(map(re.escape, words))})(?:[(（][^)）]*[)）])?{_SIGN}")
