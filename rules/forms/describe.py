"""A form as JSON: all that clients need to draw it, so that a city needs no new client."""

from typing import Any

from config.cities import plain
from rules.forms.types import ALWAYS, All, Cell, Condition, Either, Form, FormField, Option, Test


def describe(form: Form) -> dict[str, Any]:
    """Sections, fields and printed rows; keys without meaning for a field are left out.

    ``visible_when`` is ``{"field", "any_of"|"none_of"|"filled"}``, ``{"all": […]}`` or
    ``{"any": […]}``; bounds are strings, exact decimals.
    """
    return {
        "city": form.city,
        "code": form.code,
        "title": form.title,
        "number_title": form.number_title,
        "columns": form.columns,
        "sections": [
            _filled(
                code=section.code,
                label=section.label,
                utility=section.utility,
                fields=[_field(each) for each in section.fields],
            )
            for section in form.sections
        ],
        "rows": [[_cell(cell) for cell in row] for row in form.rows],
        **_filled(note=form.note),
    }


def _filled(**parts: Any) -> dict[str, Any]:
    """Without what is absent, empty or False; zero stays."""
    return {
        key: value
        for key, value in parts.items()
        if value is not None and value is not False and value not in ("", [])
    }


def _field(field: FormField) -> dict[str, Any]:
    bounds = field.bounds
    return {
        "key": field.key,
        "label": field.label,
        "type": field.type.value,
        "required": field.required,
        "question": field.question,
        **_filled(
            unit=field.unit,
            help=field.help,
            min=None if field.min is None else plain(field.min),
            max=None if field.max is None else plain(field.max),
            decimals=None if field.min is None else field.decimals,
            max_length=field.max_length or None,
            options=[_option(each) for each in field.options],
            columns=[_field(each) for each in field.columns],
            min_rows=field.min_rows if field.columns else None,
            max_rows=field.max_rows or None,
            personal=field.personal,
            must_be_true=field.must_be_true,
            not_before="today" if field.earliest_today else None,
            not_after="today" if field.latest_today else None,
            working_time=field.working,
            utility=field.utility,
            group=field.group,
            default=field.default,
            visible_when=None if field.condition == ALWAYS else condition_json(field.condition),
            bounds=bounds
            and {
                "system": "gcj02",
                "south": bounds.south,
                "north": bounds.north,
                "west": bounds.west,
                "east": bounds.east,
            },
        ),
    }


def condition_json(condition: Condition) -> dict[str, Any]:
    """A condition for clients; see ``describe``."""
    match condition:
        case Test(field, any_of, none_of):
            if none_of:
                return {"field": field, "none_of": list(none_of)}
            return {"field": field, **({"any_of": list(any_of)} if any_of else {"filled": True})}
        case All(parts):
            return {"all": [condition_json(part) for part in parts]}
        case Either(parts):
            return {"any": [condition_json(part) for part in parts]}


def _option(option: Option) -> dict[str, str]:
    return {"code": option.code, "label": option.label}


def _cell(cell: Cell) -> dict[str, Any]:
    return {
        "span": cell.span,
        **_filled(
            rowspan=cell.rowspan if cell.rowspan > 1 else None,
            text=cell.text,
            fields=list(cell.fields),
            caption=cell.caption,
            unit=cell.unit,
            blank=cell.blank,
            boxes=[_option(each) for each in cell.boxes],
        ),
    }
