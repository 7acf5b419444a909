"""Every fault of a form at once, each with its field; nothing typed is lost."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from config.cities import FieldType
from rules.errors import Fault
from rules.forms.codes import Wrong
from rules.forms.text import clean, shown
from rules.forms.types import Checked, Form, FormField, WorkingTime
from rules.forms.values import Context, read

Mode = Literal["draft", "submit", "accept"]
TYPED_LENGTH = 4000
CHOICES = frozenset({FieldType.ENUM, FieldType.MULTI, FieldType.TOWN, FieldType.CARRIERS})


def validate(
    form: Form,
    values: Any,
    *,
    now: datetime,
    calendar: WorkingTime | None,
    mode: Mode,
) -> Checked:
    """Normalised values and every fault.

    ``draft``: what is there must be right, nothing need be there, nothing is dropped.
    ``submit``: required fields are there; fields whose condition does not hold are dropped.
    ``accept``: as submit, but dates are not judged against today again. Never raises for JSON.
    """
    if not isinstance(values, Mapping):
        return Checked({}, (Fault("", "not_object"),))
    context = Context(now, calendar, dates=mode != "accept")
    good: dict[str, Any] = {}
    found: dict[str, tuple[Fault, ...]] = {}
    for field in form.fields:
        value, faults = read_field(field, values.get(field.key), context, whole=mode != "draft")
        if value is None and not faults and field.default is not None and mode != "draft":
            value = field.default
        if value is not None:
            good[field.key] = value
        if faults:
            found[field.key] = faults
    if mode != "draft":
        _judge_whole(form, good, found)
    faults = tuple(fault for field in form.fields for fault in found.get(field.key, ()))
    typed = {key: kept for key in found if (kept := storable(values.get(key))) is not None}
    for key in typed:
        good.pop(key, None)
    return Checked(good, faults + _unknown(form, values), typed)


def _judge_whole(form: Form, good: dict[str, Any], found: dict[str, tuple[Fault, ...]]) -> None:
    """Drops what does not apply, asks for what is missing. In form order, so chains resolve.

    Where the field that decides is itself faulty, nothing is dropped and nothing asked for.
    """
    unsure = set(found)
    for field in form.fields:
        if not unsure.isdisjoint(field.condition.fields()):
            continue
        if not field.condition.holds(good):
            good.pop(field.key, None)
            found.pop(field.key, None)
        elif field.key in found:
            continue
        elif field.key not in good:
            if field.required:
                code = "required_choice" if field.type in CHOICES else "required"
                found[field.key] = (Fault(field.key, code, field.label),)
        elif field.must_be_true and good[field.key] is not True:
            found[field.key] = (Fault(field.key, "must_agree", field.label),)


def _unknown(form: Form, values: Mapping[Any, Any]) -> tuple[Fault, ...]:
    extra = (key for key in values if not isinstance(key, str) or key not in form.by_key)
    return tuple(Fault(shown(key), "unknown_field", "", {"key": shown(key)}) for key in extra)


def read_field(
    field: FormField, raw: Any, context: Context, *, whole: bool
) -> tuple[Any, tuple[Fault, ...]]:
    """Canonical value (None: absent) and the faults of one field. ``whole``: rows are complete."""
    if field.type is FieldType.ROWS:
        return _rows(field, raw, context, whole=whole)
    try:
        return read(field, raw, context), ()
    except Wrong as wrong:
        return None, (Fault(field.key, wrong.code, field.label, wrong.data),)


def _rows(
    field: FormField, raw: Any, context: Context, *, whole: bool
) -> tuple[list[dict[str, Any]] | None, tuple[Fault, ...]]:
    """Rows without any content are left out; faults are keyed ``field.row.column``."""
    if raw is None:
        return None, ()
    if not isinstance(raw, list | tuple):
        return None, (Fault(field.key, "wrong_type", field.label),)
    if len(raw) > field.max_rows:
        return None, (Fault(field.key, "too_many_rows", field.label, {"max": field.max_rows}),)
    rows: list[dict[str, Any]] = []
    faults: list[Fault] = []
    for at, each in enumerate(raw):
        row, wrong = _row(field, at, each, context, whole=whole)
        faults += wrong
        if row:
            rows.append(row)
    if whole and rows and len(rows) < field.min_rows:
        faults.append(Fault(field.key, "too_few_rows", field.label, {"min": field.min_rows}))
    return rows or None, tuple(faults)


def _row(
    field: FormField, at: int, raw: Any, context: Context, *, whole: bool
) -> tuple[dict[str, Any], list[Fault]]:
    where, label = f"{field.key}.{at}", f"{field.label}第{at + 1}行"
    if not isinstance(raw, Mapping):
        return {}, [Fault(where, "wrong_type", label)]
    row: dict[str, Any] = {}
    faults: list[Fault] = []
    for column in field.columns:
        name, words = f"{where}.{column.key}", f"{label}的{column.label}"
        try:
            value = read(column, raw.get(column.key), context)
        except Wrong as wrong:
            faults.append(Fault(name, wrong.code, words, wrong.data))
            continue
        if value is not None:
            row[column.key] = value
    known = {column.key for column in field.columns}
    faults += [
        Fault(where, "unknown_field", label, {"key": shown(key)}) for key in raw if key not in known
    ]
    if whole and (row or faults):
        for column in field.columns:
            name = f"{where}.{column.key}"
            if column.required and column.key not in row and all(f.field != name for f in faults):
                faults.append(Fault(name, "required", f"{label}的{column.label}"))
    return row, faults


def storable(raw: Any, depth: int = 0) -> Any:
    """What was typed, where it can be stored and shown again; None where it cannot."""
    if raw is None or isinstance(raw, bool):
        return raw
    if isinstance(raw, str):
        try:
            return clean(raw, TYPED_LENGTH, lines=True)
        except ValueError:
            return None
    if isinstance(raw, int):
        return raw if abs(raw) < 2**53 else None
    if isinstance(raw, float):
        return raw if raw == raw and abs(raw) < 1e15 else None
    if depth >= 3:
        return None
    if isinstance(raw, list | tuple):
        return [storable(each, depth + 1) for each in raw[:200]]
    if isinstance(raw, Mapping):
        items = list(raw.items())[:50]
        return {shown(key): storable(each, depth + 1) for key, each in items}
    return None
