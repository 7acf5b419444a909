"""Printed rows of a form, cell by cell as in the annex; cells a city has no field for drop out."""

from collections.abc import Iterable, Mapping

from config.cities import CellSpec, City, FieldType, FormSpec
from rules.forms.types import Cell, FormField, Option, Row

YES_NO = (Option("true", "是"), Option("false", "否"))


def printed(
    city: City,
    spec: FormSpec,
    labels: Mapping[str, str],
    fields: Mapping[str, FormField],
    utilities: Iterable[str],
) -> tuple[Row, ...]:
    """The form's own rows, then each utility's heading and rows. Spans of a row sum to columns."""
    rows: list[Row] = []
    for row in spec.rows:
        rows += _row(row, labels, fields)
    for code in utilities if spec.utility_sections else ():
        section = city.sections[city.utilities[code].section]
        rows.append((Cell(span=spec.columns, text=section.label),))
        for row in section.rows:
            rows += _row(row, labels, fields)
    return tuple(rows)


def _row(
    row: tuple[CellSpec, ...], labels: Mapping[str, str], fields: Mapping[str, FormField]
) -> list[Row]:
    """None when none of its fields exists here, several for a table of devices."""
    named = [key for cell in row for key in cell.fields]
    if named and not any(key in fields for key in named):
        return []
    if len(row) == 1 and len(named) == 1 and fields[named[0]].type is FieldType.ROWS:
        return _table(fields[named[0]])
    return [tuple(_cell(cell, labels, fields) for cell in row)]


def _cell(cell: CellSpec, labels: Mapping[str, str], fields: Mapping[str, FormField]) -> Cell:
    if cell.label is not None:
        return Cell(cell.span, text=cell.label)
    if cell.label_of is not None:
        known = fields.get(cell.label_of)
        return Cell(cell.span, text=known.label if known else labels[cell.label_of])
    present = [fields[key] for key in cell.fields if key in fields]
    only = present[0] if len(present) == 1 else None
    return Cell(
        cell.span,
        fields=tuple(each.key for each in present),
        caption=only.caption if cell.inline and only else "",
        unit=only.unit if only else "",
        blank=cell.blank,
        boxes=_boxes(only)[cell.first : cell.last] if only else (),
    )


def _boxes(field: FormField) -> tuple[Option, ...]:
    if field.type is FieldType.BOOL:
        return YES_NO
    if field.type in (FieldType.ENUM, FieldType.MULTI, FieldType.CARRIERS):
        return field.options
    return ()


def _table(field: FormField) -> list[Row]:
    """Two header rows where columns share a heading, then the printed rows of blanks."""
    top: list[Cell] = []
    below: list[Cell] = []
    grouped = any(column.group for column in field.columns)
    for column in field.columns:
        if not column.group:
            top.append(Cell(1, rowspan=2 if grouped else 1, text=column.caption))
            continue
        below.append(Cell(1, text=column.caption))
        if top and top[-1].text == column.group and top[-1].rowspan == 1:
            top[-1] = Cell(top[-1].span + 1, text=column.group)
        else:
            top.append(Cell(1, text=column.group))
    blanks = [
        tuple(Cell(1, fields=(f"{field.key}.{at}.{column.key}",)) for column in field.columns)
        for at in range(field.printed_rows)
    ]
    return [tuple(top), *([tuple(below)] if grouped else []), *blanks]
