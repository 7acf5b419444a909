"""Fields by the words people have for them, and where what is stated belongs.

The words stand in ``heard.toml`` (``names``, ``roles``, ``cues``, ``units``); keys may be patterns
(``*.kind``). A city's own field is known by its label.
"""

import re
from collections.abc import Iterable
from functools import cache, lru_cache

from config.cities import FieldType
from config.texts import table
from rules.forms import Form, FormField

NUMERIC = frozenset({FieldType.INTEGER, FieldType.DECIMAL})
KNOWN = 4096
"""Fields and units of every city, many times over."""
_ASKING = re.compile(r"^是否(?:需要)?|[(（].*?[)）]")


def role_keys(role: str, form: Form) -> list[str]:
    """Keys of the form that hold a role (company, person, address), the usual one first."""
    return [
        field.key
        for pattern in table("heard")["roles"].get(role, ())
        for field in form.fields
        if fits_pattern(field.key, pattern)
    ]


@lru_cache(maxsize=KNOWN)
def role_of(key: str) -> str | None:
    """The role a field holds; the last one told of it, which says most."""
    for role, patterns in reversed(table("heard")["roles"].items()):
        if any(fits_pattern(key, pattern) for pattern in patterns):
            return str(role)
    return None


@lru_cache(maxsize=KNOWN)
def of_account(key: str) -> bool:
    """Whether a field is asked for when an account changes hands."""
    return any(fits_pattern(key, pattern) for pattern in table("heard")["account"]["fields"])


@lru_cache(maxsize=KNOWN)
def cue_of(key: str) -> re.Pattern[str] | None:
    """Words near a time that tell it is this field's."""
    for pattern, words in table("heard")["cues"].items():
        if fits_pattern(key, pattern):
            return _cue(tuple(words))
    return None


@cache
def _cue(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(words))


@lru_cache(maxsize=KNOWN)
def unit_words(unit: str) -> tuple[str, ...]:
    """How a field's unit is said, the codes of stated amounts included; longest first."""
    said = table("heard")["units"].get(unit)
    own = [part for part in re.split("[()（）]", unit) if part]
    return tuple(sorted({*(said or ()), *own}, key=len, reverse=True))


def words_of(field: FormField) -> tuple[str, ...]:
    """Words a field goes by, its label first."""
    return _words(field.key, field.label)


@lru_cache(maxsize=KNOWN)
def _words(key: str, label: str) -> tuple[str, ...]:
    words = [label, _ASKING.sub("", label)]
    for pattern, more in table("heard")["names"].items():
        if fits_pattern(key, pattern):
            words += more
    return tuple(dict.fromkeys(word for word in words if word))


def named_fields(fields: Iterable[FormField], text: str) -> list[FormField]:
    """Fields whose words stand in a text; where words overlap the longest is meant."""
    found = [
        (len(word), at, field)
        for field in fields
        for word in words_of(field)
        if (at := text.find(word)) >= 0
    ]
    found.sort(key=lambda each: -each[0])
    taken: list[tuple[int, int]] = []
    named: dict[str, tuple[int, FormField]] = {}
    for length, at, field in found:
        if field.key in named:
            continue
        inside = [(a, b) for a, b in taken if a <= at and at + length <= b]
        if inside and (at, at + length) not in inside:
            continue
        taken.append((at, at + length))
        named[field.key] = (at, field)
    return [field for _, field in sorted(named.values(), key=lambda each: each[0])]


def fits_pattern(key: str, pattern: str) -> bool:
    """Whether a key is named by ``group.name`` or ``*.name``."""
    if pattern.startswith("*."):
        return key.partition(".")[2] == pattern[2:]
    return key == pattern
