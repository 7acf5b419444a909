"""``标签：内容`` as people paste it: a field's own words, a sign, and what it holds."""

import re

from bot.dialogue.filling.memo import per_form
from bot.dialogue.filling.names import role_of, words_of
from bot.dialogue.filling.shapes import ASKING, is_place, looks_like
from config.cities import FieldType
from rules.forms import Form, FormField

_SIGN = r"\s?(?P<sign>[:=]|[是为]:|是|为|叫|填|在)\s*"
_SIGNS = re.compile("[:=是为叫填在]")
_END = re.compile(r"[,;。\n]|$")
_UNTOLD = frozenset({FieldType.POINT, FieldType.ROWS})


def pairs(form: Form, text: str) -> dict[str, str]:
    """What a text states by label: key → the words after it. Several fields of one word: the
    first that is not stated yet.
    """
    if not _SIGNS.search(text):
        return {}
    found = list(_pattern(form).finditer(text))
    stated: dict[str, str] = {}
    for at, match in enumerate(found):
        until = found[at + 1].start() if at + 1 < len(found) else len(text)
        end = _END.search(text, match.end(), until)
        stop = end.start() if end else until
        value = text[match.end() : stop].strip()
        field = next((f for f in _by_word(form)[match[1]] if f.key not in stated), None)
        if field and value and not ASKING.search(value) and _meant(field, match["sign"], value):
            stated[field.key] = value + _rest_of_place(field, value, text[stop:until])
    return stated


def _rest_of_place(field: FormField, value: str, after: str) -> str:
    """The street after a town, which a comma parts: 地址在保安镇，老街15号."""
    more = re.split(r"[,;。\n]", after.lstrip(", "))[0].strip()
    parted = role_of(field.key) == "address" and after.startswith(",")
    return more if parted and not re.search("[0-9]", value) and is_place(more) else ""


def _meant(field: FormField, sign: str, value: str) -> bool:
    """A colon says that a value follows; after a mere 是 or 在 it has to look like one."""
    role = role_of(field.key)
    return sign[-1] in ":=" or role is None or looks_like(field, role, value)


@per_form
def _by_word(form: Form) -> dict[str, list[FormField]]:
    words: dict[str, list[FormField]] = {}
    for field in form.fields:
        if field.type not in _UNTOLD:
            for word in words_of(field):
                if len(word) > 1:
                    words.setdefault(word, []).append(field)
    return words


@per_form
def _pattern(form: Form) -> re.Pattern[str]:
    words = sorted(_by_word(form), key=len, reverse=True)
    return re.compile(f"({'|'.join(map(re.escape, words))})(?:[(（][^)）]{{0,30}}[)）])?{_SIGN}")
