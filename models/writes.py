"""Rows written, and read to be written, by statements made once: the ORM builds each anew, which
costs several times what the database does with it.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, TypeVar
from uuid import UUID

from tortoise.fields import Field
from tortoise.models import Model

from models.db import pool

_MOST = 200
"""Rows a statement; an act seldom writes ten."""

Columns = tuple[tuple[str, Field[Any]], ...]
M = TypeVar("M", bound=Model)


async def locked(table: type[M], ident: UUID) -> M | None:
    """One row, nobody else's to change until the end of the ambient transaction."""
    row = await pool().fetchrow(_locked(table), ident)
    return None if row is None else table._init_from_db(**row)


async def insert(rows: Sequence[Model]) -> None:
    """Insert rows of one table, in the ambient transaction. Generated keys are not read back."""
    for start in range(0, len(rows), _MOST):
        some = rows[start : start + _MOST]
        statement, columns = _insert(type(some[0]), len(some))
        values = [
            field.to_db_value(getattr(row, name), row) for row in some for name, field in columns
        ]
        await pool().execute(statement, *values)
        for row in some:
            row._saved_in_db = True


async def update(table: type[Model], ident: UUID, values: Mapping[str, Any]) -> int:
    """Change columns of one row, in the ambient transaction; how many rows were there (0 or 1)."""
    statement, columns = _update(table, tuple(values))
    given = [field.to_db_value(values[name], table) for name, field in columns]
    status = await pool().execute(statement, ident, *given)
    return int(status.removeprefix("UPDATE "))


@cache
def _locked(table: type[Model]) -> str:
    names = ", ".join(_column(table, name) for name in table._meta.fields_db_projection)
    return f'SELECT {names} FROM "{table._meta.db_table}" WHERE id = $1 FOR UPDATE'  # noqa: S608


@cache
def _insert(table: type[Model], rows: int) -> tuple[str, Columns]:
    known = table._meta.fields_map
    columns = tuple(
        (name, known[name])
        for name in table._meta.fields_db_projection
        if not known[name].generated
    )
    width = len(columns)
    places = ", ".join(
        "(" + ", ".join(f"${row * width + place + 1}" for place in range(width)) + ")"
        for row in range(rows)
    )
    names = ", ".join(_column(table, name) for name, _ in columns)
    return f'INSERT INTO "{table._meta.db_table}" ({names}) VALUES {places}', columns  # noqa: S608


@cache
def _update(table: type[Model], names: tuple[str, ...]) -> tuple[str, Columns]:
    columns = tuple((name, table._meta.fields_map[name]) for name in names)
    sets = ", ".join(f"{_column(table, name)} = ${place + 2}" for place, name in enumerate(names))
    return f'UPDATE "{table._meta.db_table}" SET {sets} WHERE id = $1', columns  # noqa: S608


def _column(table: type[Model], name: str) -> str:
    return f'"{table._meta.fields_db_projection[name]}"'
