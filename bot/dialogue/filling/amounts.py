"""Stated amounts → the numeric fields of their utility whose unit fits."""

import re
from collections import Counter
from collections.abc import Iterable
from typing import Any

from bot.dialogue.filling.memo import per_form
from bot.dialogue.filling.names import NUMERIC, unit_words
from bot.understanding.types import Amount
from config.cities import FieldType, plain
from rules.forms import Form, FormField

_DIGIT = re.compile("[0-9]")


def placed(form: Form, amounts: Iterable[Amount], text: str) -> dict[str, Any]:
    """Raw values by key. Several amounts of one utility go to its fields in order; a field whose
    own word (主供, 备供) stands before an amount takes that one.
    """
    given: dict[str, Any] = {}
    for amount in amounts:
        fields = [f for f in form.fields if f.utility == amount.utility and _fits(f, amount.unit)]
        numeric = [f for f in fields if f.type in NUMERIC and f.key not in given]
        chosen = _cued(numeric, amount, text) or next(iter(numeric), None)
        if chosen is not None:
            given[chosen.key] = plain(amount.value)
            continue
        for field in fields:
            if field.type is FieldType.ROWS and field.key not in given:
                column = next(c for c in field.columns if _matches(c, amount.unit))
                given[field.key] = [{column.key: plain(amount.value)}]
                break
    return given


def _fits(field: FormField, unit: str) -> bool:
    if field.type is FieldType.ROWS:
        return any(_matches(column, unit) for column in field.columns)
    return _matches(field, unit)


def _matches(field: FormField, unit: str) -> bool:
    return field.type in NUMERIC and unit in unit_words(field.unit)


def _cued(fields: list[FormField], amount: Amount, text: str) -> FormField | None:
    """The field whose distinguishing word stands nearest before the number."""
    at = text.find(plain(amount.value))
    if len(fields) < 2 or at < 0:
        return None
    ends = [(text.rfind(stem, 0, at), f) for stem, f in zip(_stems(fields), fields, strict=True)]
    where, best = max(ends, key=lambda pair: pair[0])
    return best if where >= 0 and not re.search("[0-9]", text[where:at]) else None


def _stems(fields: list[FormField]) -> list[str]:
    """What tells the labels apart: 主供容量, 备供容量 → 主供, 备供."""
    labels = [field.label for field in fields]
    shared = 0
    while shared < min(map(len, labels)) - 1 and len({x[-1 - shared] for x in labels}) == 1:
        shared += 1
    return [label[: len(label) - shared] for label in labels]


def by_unit(form: Form, text: str) -> dict[str, str]:
    """Numbers with a unit that only one field of the form has: 1200平米."""
    if not _DIGIT.search(text):
        return {}
    found = ((key, pattern.search(text)) for key, pattern in _of_own_unit(form))
    return {key: match[1] for key, match in found if match}


@per_form
def _of_own_unit(form: Form) -> list[tuple[str, re.Pattern[str]]]:
    numeric = [each for each in form.fields if each.type in NUMERIC and _telling(each)]
    said = Counter(word for each in numeric for word in _telling(each))
    patterns = []
    for field in numeric:
        words = _telling(field)
        if all(said[word] == 1 for word in words):
            units = "|".join(map(re.escape, words))
            number = r"(?<![0-9.])([0-9]+(?:\.[0-9]+)?)"
            patterns.append((field.key, re.compile(rf"{number}\s*(?:{units})")))
    return patterns


def _telling(field: FormField) -> list[str]:
    """Words of a unit that are not everyday ones."""
    return [word for word in unit_words(field.unit) if len(word) > 1]
