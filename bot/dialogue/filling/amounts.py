"""Stated amounts → the numeric fields of their utility whose unit fits."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from bot.dialogue.filling.kinds import spoken_of
from bot.dialogue.filling.memo import per_form
from bot.dialogue.filling.names import NUMERIC, unit_words
from bot.dialogue.filling.ranges import NUMERAL
from bot.understanding.quantities.amounts import OF_UNIT
from bot.understanding.types import Amount
from config.cities import FieldType, plain
from rules.forms import Form, FormField

_FIGURE = re.compile("[0-9一二两三四五六七八九十百千万]")


@dataclass(frozen=True, slots=True)
class Open:
    """An amount that several fields could hold: 80千瓦, where power and heat are both asked for."""

    value: str
    unit: str
    keys: tuple[str, ...]


@dataclass
class Placed:
    """``given``: raw values by key; ``open``: amounts whose field has to be asked for."""

    given: dict[str, Any] = field(default_factory=dict)
    open: tuple[Open, ...] = ()


def placed(
    form: Form,
    amounts: Iterable[Amount],
    text: str,
    *,
    ticked: tuple[str, ...] = (),
    pending: FormField | None = None,
) -> Placed:
    """Where stated amounts belong. Several amounts of one utility go to its fields in order; a
    field whose own word (主供, 备供) stands before an amount takes that one. An amount whose unit
    several utilities have goes to the field asked for (``pending``), to the utility named with
    it, or to the only one ``ticked``; else it stays open.
    """
    found = Placed()
    for amount in amounts:
        if pending is not None and pending.key not in found.given and matches(pending, amount.unit):
            near = spoken_of(text)
            if not near or pending.utility in near:
                found.given[pending.key] = plain(amount.value)
                continue
        utilities = _meant(form, amount, text, ticked)
        if len(utilities) > 1:
            keys = (_first(form, code, amount.unit) for code in utilities)
            held = Open(plain(amount.value), amount.unit, tuple(key for key in keys if key))
            found.open = (*found.open, held)
        elif utilities:
            _place(form, utilities[0], amount, text, found.given)
    return found


def mistakable(form: Form, amount: Amount, text: str) -> bool:
    """Whether an amount's unit does not tell which utility is meant: it is understood as the usual
    one of several that have it, and none is named.
    """
    having = _having(form, amount.unit)
    usual = len(having) > 1 and amount.utility == having[0]
    return usual and amount.utility not in spoken_of(text)


def _having(form: Form, unit: str) -> list[str]:
    """Utilities with a field of a unit."""
    codes = (each.utility for each in form.fields if each.utility and _fits(each, unit))
    return list(dict.fromkeys(codes))


def _meant(form: Form, amount: Amount, text: str, ticked: tuple[str, ...]) -> list[str]:
    if not mistakable(form, amount, text):
        return [amount.utility]
    having = _having(form, amount.unit)
    near = [code for code in having if code in spoken_of(text)]
    return near[:1] or [code for code in having if code in ticked] or having


def _first(form: Form, utility: str, unit: str) -> str | None:
    fields = (f.key for f in form.fields if f.utility == utility and matches(f, unit))
    return next(fields, None)


def _place(form: Form, utility: str, amount: Amount, text: str, given: dict[str, Any]) -> None:
    fields = [f for f in form.fields if f.utility == utility and _fits(f, amount.unit)]
    numeric = [f for f in fields if f.type in NUMERIC and f.key not in given]
    chosen = _cued(numeric, amount, text) or next(iter(numeric), None)
    if chosen is not None:
        given[chosen.key] = plain(amount.value)
        return
    for each in fields:
        if each.type is FieldType.ROWS and each.key not in given:
            column = next(c for c in each.columns if matches(c, amount.unit))
            given[each.key] = [{column.key: plain(amount.value)}]
            break


def _fits(field: FormField, unit: str) -> bool:
    if field.type is FieldType.ROWS:
        return any(matches(column, unit) for column in field.columns)
    return matches(field, unit)


def matches(field: FormField, unit: str) -> bool:
    """Whether a numeric field takes amounts of a unit."""
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


def by_unit(form: Form, text: str, *, beside: bool = False) -> dict[str, str]:
    """Numbers with a unit that only one field of the form has: 1200平米, 1.2万平方. ``beside``:
    amounts were understood too, so that only units they cannot have are looked for.
    """
    if not _FIGURE.search(text):
        return {}
    units = {key: set(unit_words(form.by_key[key].unit)) for key, _ in _of_own_unit(form)}
    found = (
        (key, pattern.search(text))
        for key, pattern in _of_own_unit(form)
        if not beside or units[key].isdisjoint(OF_UNIT)
    )
    return {key: match[1] for key, match in found if match}


@per_form
def _of_own_unit(form: Form) -> list[tuple[str, re.Pattern[str]]]:
    numeric = [each for each in form.fields if each.type in NUMERIC and _telling(each)]
    said = Counter(word for each in numeric for word in _telling(each))
    patterns = []
    for each in numeric:
        words = _telling(each)
        if all(said[word] == 1 for word in words):
            units = "|".join(map(re.escape, words))
            patterns.append((each.key, re.compile(rf"({NUMERAL})\s?(?:{units})")))
    return patterns


def _telling(field: FormField) -> list[str]:
    """Words of a unit that are not everyday ones; 平 is none after a number."""
    return [word for word in unit_words(field.unit) if len(word) > 1 or word == "平"]
