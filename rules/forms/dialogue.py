"""A form asked question by question: what comes next, and what a typed answer means."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from config.cities import FieldType, plain
from rules.errors import Fault
from rules.forms.numerals import numbers
from rules.forms.text import TooLong, Unclean, clean
from rules.forms.types import SKIPPED, Form, FormField, Option, Values, WorkingTime
from rules.forms.validate import read_field
from rules.forms.values import Context

SKIP_WORDS = frozenset(
    {
        "跳过",
        "略过",
        "先跳过",
        "不填",
        "先不填",
        "不清楚",
        "不知道",
        "不确定",
        "暂不清楚",
        "待定",
        "下一题",
        "下一个",
        "以后再说",
        "skip",
    }
)
NONE_WORDS = frozenset({"无", "没有", "暂无", "没", "不需要", "不用"})
"""Skips too, where the field is not about yes or no."""
YES = frozenset(
    {
        "是",
        "是的",
        "对",
        "对的",
        "要",
        "需要",
        "有",
        "好",
        "好的",
        "可以",
        "同意",
        "确认",
        "已结清",
        "结清了",
        "嗯",
        "yes",
        "y",
        "ok",
    }
)
NO = frozenset(
    {
        "否",
        "不是",
        "不",
        "不要",
        "不需要",
        "不用",
        "没有",
        "无",
        "不同意",
        "未结清",
        "没结清",
        "没",
        "no",
        "n",
    }
)
ALL_WORDS = ("全部", "全都", "都要", "都办", "都需要", "所有")
PUNCTUATION = re.compile("[\\s,.。，、；;！!？?~:：]+")
TEXT_LENGTH = 2000
LABELLED = {FieldType.ENUM, FieldType.TOWN}
MANY = {FieldType.MULTI, FieldType.CARRIERS}
NUMERIC = {FieldType.INTEGER, FieldType.DECIMAL}
INSIDE = {
    FieldType.CREDIT_CODE: re.compile(r"(?<![0-9A-Z])[0-9A-Z]{18}(?![0-9A-Z])"),
    FieldType.PROJECT_CODE: re.compile(
        r"(?<![0-9])[0-9]{4}-?[0-9]{6}-?[0-9]{2}-?[0-9]{2}-?[0-9]{6}(?![0-9])"
    ),
    FieldType.PHONE: re.compile(
        r"(?<![0-9])(?:1[3-9][0-9]{9}|0[0-9]{2,3}-?[0-9]{7,8}(?:(?:-|转)[0-9]{1,6})?)(?![0-9])"
    ),
    FieldType.DATE: re.compile(r"[0-9]{4}[-/.年][0-9]{1,2}[-/.月][0-9]{1,2}日?"),
}
WHEN = re.compile(
    r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?\s*"
    r"(上午|早上|中午|下午|晚上)?\s*([0-9]{1,2})(?:[:点时]([0-9]{1,2}|半)?分?)"
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a typed answer means: a canonical value, ``SKIPPED``, or faults."""

    value: Any = None
    faults: tuple[Fault, ...] = ()

    @property
    def skipped(self) -> bool:
        """Whether the question was passed over."""
        return self.value is SKIPPED


def next_question(form: Form, values: Values, skipped: Collection[str]) -> FormField | None:
    """The first field that applies and is neither answered nor skipped.

    Required fields that were skipped come again at the end; None when nothing is left to ask.
    """
    again: FormField | None = None
    for field in form.fields:
        if values.get(field.key) is not None or not field.condition.holds(values):
            continue
        if field.key in skipped:
            again = again or (field if field.required else None)
        elif field.ask or field.required:
            return field
    return again


def parse_answer(
    field: FormField, text: str, *, now: datetime, calendar: WorkingTime | None = None
) -> Answer:
    """A typed answer to one question. Never raises for any string."""
    try:
        cleaned = clean(text, TEXT_LENGTH, lines=True)
    except Unclean:
        return Answer(faults=(Fault(field.key, "bad_character", field.label),))
    except TooLong:
        return Answer(faults=(Fault(field.key, "too_long", field.label, {"max": TEXT_LENGTH}),))
    word = PUNCTUATION.sub("", cleaned).lower()
    passed = word in SKIP_WORDS or (word in NONE_WORDS and field.type is not FieldType.BOOL)
    if not word or passed:
        return Answer(SKIPPED if passed else None, () if passed else _unclear(field))
    raw = _raw(field, cleaned, word)
    if raw is None:
        return Answer(faults=_unclear(field))
    value, faults = read_field(field, raw, Context(now, calendar), whole=True)
    return Answer(None if faults else value, faults)


def _unclear(field: FormField) -> tuple[Fault, ...]:
    return (Fault(field.key, "ambiguous", field.label),)


def _raw(field: FormField, text: str, word: str) -> Any:
    """The raw value inside a text, to be judged as any other; None when it cannot be told."""
    kind = field.type
    if kind in LABELLED:
        named = named_options(field.options, text)
        if not named and word.isascii() and word.isdecimal():
            named = list(field.options[int(word) - 1 : int(word)]) if len(word) < 3 else []
        return named[0].code if len(named) == 1 else None
    if kind in MANY:
        if any(each in word for each in ALL_WORDS):
            return [option.code for option in field.options]
        return [option.code for option in named_options(field.options, text)] or None
    if kind is FieldType.BOOL:
        return True if word in YES else False if word in NO else None
    if kind in NUMERIC:
        found = numbers(text)
        return plain(found[0]) if len(found) == 1 else None
    if kind is FieldType.DATETIME:
        return _moment(text)
    if kind is FieldType.ROWS:
        return _rows(field, text)
    if kind in INSIDE:
        found_inside = INSIDE[kind].findall(text.upper())
        return found_inside[0] if len(found_inside) == 1 else text
    return None if kind is FieldType.POINT else text


def named_options(options: tuple[Option, ...], text: str) -> list[Option]:
    """Options whose label or alias stands in the text; longer words are taken before shorter."""
    words = sorted(
        ((word, option) for option in options for word in (option.label, *option.aliases)),
        key=lambda pair: -len(pair[0]),
    )
    named: dict[str, Option] = {option.code: option for option in options if option.code == text}
    for word, option in words:
        if word in text:
            named[option.code] = option
            text = text.replace(word, " ")
    return [option for option in options if option.code in named]


def _moment(text: str) -> str | None:
    """``2026年3月15日 下午3点半`` → ISO; relative words are the caller's."""
    found = WHEN.search(text)
    if found is None:
        return text if re.match("[0-9]{4}-", text) else None
    year, month, day, half, hour, minute = found.groups()
    at = int(hour)
    if half in ("下午", "晚上") and at < 12:
        at += 12
    if half == "中午" and at < 11:
        at += 12
    minutes = 30 if minute == "半" else int(minute or 0)
    return f"{year}-{int(month):02}-{int(day):02}T{at:02}:{minutes:02}"


def _rows(field: FormField, text: str) -> list[dict[str, str]] | None:
    """One row a line, its cells in the printed order, parted by blanks or commas; - is blank."""
    rows = []
    for line in re.split("[\n;；]+", text):
        cells = [cell for cell in re.split("[\\s,，、/]+", line.strip()) if cell]
        if not cells:
            continue
        if len(cells) > len(field.columns):
            return None
        row: dict[str, str] = {}
        for column, cell in zip(field.columns, cells, strict=False):
            if cell == "-":
                continue
            found = numbers(cell) if column.type in NUMERIC else []
            row[column.key] = plain(found[0]) if len(found) == 1 else cell
        rows.append(row)
    return rows or None
