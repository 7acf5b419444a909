"""Canonical values in words, for summaries, papers and notices."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from config.cities import FieldType
from rules.forms.types import FormField


def show(field: FormField, value: Any) -> str:
    """One value as people read it: labels for codes, units, Chinese dates; empty when absent."""
    if value is None:
        return ""
    match field.type:
        case FieldType.ENUM | FieldType.TOWN:
            return _label(field, value)
        case FieldType.MULTI | FieldType.CARRIERS:
            return "、".join(_label(field, code) for code in value)
        case FieldType.BOOL:
            return "是" if value else "否"
        case FieldType.INTEGER | FieldType.DECIMAL:
            return f"{value}{field.unit}"
        case FieldType.DATE:
            day = date.fromisoformat(value)
            return f"{day.year}年{day.month}月{day.day}日"
        case FieldType.DATETIME:
            at = datetime.fromisoformat(value)
            minute = f"{at.minute}分" if at.minute else ""
            return f"{at.year}年{at.month}月{at.day}日{at.hour}时{minute}"
        case FieldType.POINT:
            return str(value.get("name") or f"{value['lat']}, {value['lng']}")
        case FieldType.ROWS:
            return "；".join(_row(field, row) for row in value)
    return str(value)


def _label(field: FormField, code: Any) -> str:
    option = field.option(str(code))
    return option.label if option else str(code)


def _row(field: FormField, row: Mapping[str, Any]) -> str:
    cells = []
    for at, column in enumerate(field.columns):
        text = show(column, row.get(column.key))
        if text:
            cells.append(text if at == 0 else f"{column.label}{text}")
    return "，".join(cells)
