"""Corrections: 联系人不是王样，是黄样，电话改成13900005555; 13900003333改成13900008888.

Which field each is of is told by the words before it, else by what the form holds now, else by
what the corrected value is.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bot.dialogue.filling.names import named_fields, role_of
from bot.dialogue.filling.shapes import ASKING, looks_like
from config.cities import FieldType
from rules.forms import Form, FormField

_INTO = "改成|改为|换成|换为|更正为|应该是|应为|正确的是|要改到|改到"
_NEW = r"(?P<new>[^,;。!?\n，；]{1,60}?)(?:吧|了|才对|哦|啊)?(?=[,;。!?\n，；]|$)"
_CHANGED = re.compile(
    rf"(?:不是(?P<old>[^,;。!?\n，；是]{{1,40}}?)[,，]?\s?(?:而?是|应该是|应为|改成|换成)"
    rf"|(?:从(?P<was>[^,;。!?\n，；从]{{1,40}}?))?(?:{_INTO}))\s?[:：]?{_NEW}"
)
_LITERAL = frozenset({FieldType.PHONE, FieldType.CREDIT_CODE, FieldType.PROJECT_CODE})
_SHAPES = {
    FieldType.PHONE: re.compile(r"[0-9][0-9 -]{6,18}"),
    FieldType.CREDIT_CODE: re.compile("[0-9A-Za-z ]{15,22}"),
    FieldType.PROJECT_CODE: re.compile("[0-9-]{18,26}"),
}
_WORDY = (FieldType.TEXT, FieldType.LONG_TEXT)
_FIGURE = re.compile(r"[0-9零〇一二两三四五六七八九十百千万]")

_TOLD_TO = re.compile(
    "(?<!不)(?<!别)(?<!不用)(?<!不要)(?:改|换|调|更正|变更|修改)(?:一下|下)?.{0,8}?(?:到|成|为|是)(?!底)"
)


@dataclass(frozen=True, slots=True)
class Correction:
    """One value that is to stand from now on."""

    field: FormField
    words: str


def corrections(form: Form, text: str, values: Mapping[str, Any]) -> Iterator[Correction]:
    """Every correction of a text whose field can be told. ``values``: what the form holds."""
    start = 0
    for match in _CHANGED.finditer(text):
        before = text[start : match.start()]
        start = match.end()
        old = match["old"] or match["was"] or before.rpartition("把")[2]
        named = named_fields(form.fields, before)
        field = named[-1] if named else _holding(form, values, old.strip())
        field = field or _of_shape(form, values, match["new"])
        if field is not None and fits(field, match["new"].strip()):
            yield Correction(field, match["new"].strip())


def _holding(form: Form, values: Mapping[str, Any], old: str) -> FormField | None:
    """The field that holds what is to be replaced."""
    held = [each for each in form.fields if old and str(values.get(each.key)) == old]
    return held[0] if held else None


def _of_shape(form: Form, values: Mapping[str, Any], new: str) -> FormField | None:
    """The field of a code or a number to ring, which one can tell by its shape."""
    fitting = [f for f in form.fields if f.type in _LITERAL and _SHAPES[f.type].fullmatch(new)]
    filled = [field for field in fitting if values.get(field.key) is not None]
    return next(iter(filled or fitting), None)


def fits(field: FormField, value: str) -> bool:
    """Whether a value can be meant for a field, by its shape."""
    if field.type in _LITERAL:
        return (
            _FIGURE.search(value) is not None and _SHAPES[field.type].fullmatch(value) is not None
        )
    if field.type in _WORDY:
        role = role_of(field.key)
        if role in (None, "address"):
            return len(value) > 1
        return looks_like(field, role, value)
    return field.type not in (FieldType.ROWS, FieldType.POINT)


def is_told_to_change(text: str) -> bool:
    """Whether a text says what something is to be changed to: 时间改到周二, 改时间到周二."""
    return _TOLD_TO.search(text) is not None and ASKING.search(text) is None
