"""Rows of devices as people tell them: 锅炉2台，DN50，工作压力3kPa，80方/小时."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.dialogue.filling.names import NUMERIC, fits_pattern, unit_words
from bot.dialogue.filling.parted import DEVICE, devices
from bot.understanding.types import Understood
from config.cities import plain
from config.texts import table
from rules.errors import Fault
from rules.forms import FormField, parse_answer, show
from rules.forms.numerals import numbers
from rules.forms.validate import read_field
from rules.forms.values import Context

Row = Mapping[str, Any]
_RATED = re.compile(
    r"[0-9]{1,6}(?:\.[0-9]{1,3})? ?"
    "(?:蒸吨|吨|千瓦|兆瓦|万大卡|大卡|升|匹|眼|头|[kKmM][wW]|[tTlL])(?![a-zA-Z/])的?"
)
"""How big a device is, which is part of what it is called."""
_PART = re.compile(r"[,，、\s]+")
_FILLER = re.compile(
    r"^(?:每小时|一小时|每|有|用|要|装|是|我们|我|厂里|一共|共|大概|大约|目前|打算|准备|还要|再加|再来|每台|的){1,8}"
    r"|(?:的|吧|呢|左右|每台|各|每){1,6}$"
)
_ENDED = "(?:(?<=[\u4e00-\u9fff])|(?![a-zA-Z0-9]))"
"""A unit in letters ends where letters and figures do."""
_NUMBER = (
    r"(?<![0-9])[0-9]{1,12}(?:\.[0-9]{1,6})?"
    "|(?<![零〇一二两三四五六七八九十百千万])[零〇一二两三四五六七八九十百千万]{1,12}"
    "(?:点[零一二三四五六七八九]{1,6})?"
)
"""Bounded, so that a long row of figures costs no more than its length."""


def read(field: FormField, text: str, now: datetime) -> list[dict[str, Any]]:
    """Raw rows told in a text, by units and words; cells in printed order where those tell
    nothing. Empty where there is none.
    """
    made = [row for part in devices(text) if (row := cells(field, part))]
    if any(_is_device(field, row) for row in made):
        made = [row for row in made if len(row) > 1 or _is_device(field, row)]
    parsed = parse_answer(field, text, now=now)
    told = parsed.value if isinstance(parsed.value, list) else []
    return [dict(row) for row in told] if sum(map(len, told)) > sum(map(len, made)) else made


def _is_device(field: FormField, row: Row) -> bool:
    return DEVICE.search(str(row.get(field.columns[0].key, ""))) is not None


def cells(field: FormField, text: str) -> dict[str, Any]:
    """One row: numbers by their units, patterned cells, and what is left as its name."""
    found: dict[str, Any] = {}
    for column in field.columns:
        for pattern in _patterns(f"{field.key}.{column.key}"):
            if column.key not in found and (match := re.search(pattern, text)):
                found[column.key] = match[0].strip()
                text = _without(text, match)
    text = _measured(field, text, found)
    first, name = field.columns[0], _called(text)
    no_name = re.search(r"[0-9?？]", _RATED.sub("", name)) or name in _KINDS
    if name and first.type not in NUMERIC and not no_name:
        found = {first.key: name, **found}
    return {column.key: found[column.key] for column in field.columns if column.key in found}


def _called(text: str) -> str:
    """What a device is called, with its own rating: 2吨的蒸汽锅炉, 24千瓦壁挂炉."""
    parts = [part for each in _PART.split(text) if (part := _FILLER.sub("", _FILLER.sub("", each)))]
    names = [part for part in parts if not _RATED.fullmatch(part)]
    rated = next((part for part in parts if _RATED.fullmatch(part)), "")
    called = next((part for part in names if DEVICE.search(part)), names[0] if names else "")
    return f"{rated}{called}" if called and not _RATED.match(called) else called


def as_typed(row: Row, said: Understood) -> dict[str, Any]:
    """A row told in an utterance, with its words as they were typed."""
    return {key: said.as_typed(v) if isinstance(v, str) else v for key, v in row.items()}


def named(field: FormField, row: Row) -> bool:
    """Whether a row says what the device is called."""
    return row.get(field.columns[0].key) is not None


def inside(field: FormField, text: str) -> list[dict[str, Any]]:
    """Devices told in the middle of other things: only those called what devices are called."""
    made = [row for part in devices(text) if (row := cells(field, part))]
    names = [str(row.get(field.columns[0].key, "")) for row in made]
    told = [row for row, name in zip(made, names, strict=True) if len(row) > 1 and len(name) <= 12]
    return [row for row in told if DEVICE.search(str(row.get(field.columns[0].key, "")))]


def _measured(field: FormField, text: str, found: dict[str, Any]) -> str:
    """Puts numbers with units into their columns; the text without them."""
    for column in sorted(field.columns, key=lambda each: not _tail(each, text)):
        words = unit_words(column.unit) if column.type in NUMERIC and column.unit else ()
        if not words or column.key in found:
            continue
        units = "|".join(map(re.escape, words))
        tail = _tail(column, text)
        lead = rf"(?:{re.escape(tail)}[^0-9,，;；]{{0,6}})" if tail else r"(?:负荷|压力|数量)?\s?"
        match = re.search(rf"{lead}({_NUMBER})\s?(?:{units}){_ENDED}", text, re.IGNORECASE)
        value = numbers(match[1]) if match else []
        if match and len(value) == 1:
            found[column.key] = plain(value[0])
            text = _without(text, match)
    return text


def _tail(column: FormField, text: str) -> str:
    """The column's own word where the text uses it: 工作 of 工作压力."""
    word = column.caption
    return word if column.group and word in text else ""


def _without(text: str, match: re.Match[str]) -> str:
    return f"{text[: match.start()]},{text[match.end() :]}"


def _patterns(key: str) -> list[str]:
    return [
        pattern
        for name, patterns in table("heard")["patterns"].items()
        if fits_pattern(key, name)
        for pattern in patterns
    ]


_KINDS = frozenset(
    {"新装", "新开户", "增容", "扩容", "更名", "过户", "临时", "新的", "报装", "跳过"}
)
"""What is said about an application and is no device."""


def told(field: FormField, value: Any) -> str:
    """Rows as one says them: 蒸汽锅炉2台，燃烧器口径DN50，正常工作负荷60方/小时."""
    first, *others = field.columns
    lines = []
    for row in value:
        head = show(first, row.get(first.key))
        parts = [
            f"{'' if column.unit in _COUNTED else _short(column)}{words}"
            for column in others
            if (words := show(column, row.get(column.key)))
        ]
        counted = parts and others[0].unit in _COUNTED and row.get(others[0].key) is not None
        lines.append("，".join([head + parts[0], *parts[1:]] if counted else [head, *parts]))
    return "；".join(line.strip("，") for line in lines)


_COUNTED = frozenset({"台"})


def _short(column: FormField) -> str:
    """A column's name before its value: 正常工作负荷."""
    group = re.sub(r"[(（].*?[)）]", "", column.group)
    return f"{column.caption}{group[-2:]}" if group else column.label


@dataclass(frozen=True, slots=True)
class Gap:
    """A required cell that is still empty."""

    row: int
    column: FormField


def gap(field: FormField, value: Any) -> Gap | None:
    """The first required cell of a rows field that is empty."""
    for at, row in enumerate(value if isinstance(value, list) else ()):
        for column in field.columns:
            if column.required and isinstance(row, Mapping) and row.get(column.key) is None:
                return Gap(at, column)
    return None


def open_cells(field: FormField, row: Row) -> list[FormField]:
    """Optional cells of a row that are empty."""
    return [c for c in field.columns if not c.required and row.get(c.key) is None]


def judged(field: FormField, made: Any, now: datetime) -> tuple[Any, tuple[Fault, ...]]:
    """Rows as they can be saved, half told ones too, and what is wrong with them."""
    value, faults = read_field(field, made, Context(now), whole=False)
    return value, faults


def title(column: FormField) -> str:
    """A column in a sentence: 工作压力（kPa） for the cell 工作 below 用气压力(KPA)."""
    group = re.sub(r"[(（].*?[)）]", "", column.group)
    unit = f"（{column.unit}）" if column.unit else ""
    return f"{column.caption}{group[-2:]}{unit}" if group else f"{column.label}{unit}"
