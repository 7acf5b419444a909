"""Building one page of a list in plain SQL: arms that an index serves in order, then the page.

Order is ``(key, id)`` with the key never null, so that ``(key, id) > (…)`` starts an index scan
right at the cursor, however deep the page lies.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

DUE = "COALESCE({0}.due_at, 'infinity'::timestamptz)"
"""Earliest due first, what has no clock last; the same expression as in the indexes."""
NAME = '{0}.enterprise_name COLLATE "C"'
FOREVER = "infinity"


@dataclass(frozen=True, slots=True)
class After:
    """Where the last page ended: its key as text, its id."""

    key: str
    id: UUID


@dataclass(slots=True)
class Statement:
    """Conditions and their parameters; every value becomes a parameter, never text."""

    params: list[Any] = field(default_factory=list)
    conditions: list[str] = field(default_factory=list)

    def param(self, value: Any) -> str:
        """``$n`` of a new parameter."""
        self.params.append(value)
        return f"${len(self.params)}"

    def where(self, condition: str, *values: Any) -> None:
        """Add a condition; its ``{}`` are filled with the values' parameters."""
        self.conditions.append(condition.format(*(self.param(value) for value in values)))

    def after(self, key: str, ident: str, cast: str, after: After | None) -> None:
        """Only what comes after the cursor.

        The first condition follows from the second, but serves an index where key and id are of
        two tables.
        """
        if after is not None:
            place = f"{self.param(after.key)}::text::{cast}"
            self.where(f"{key} >= {place}")
            self.where(f"({key}, {ident}) > ({place}, {{}})", after.id)

    def arms(self, select: str, key: str, ident: str, arms: Sequence[str], limit: int) -> str:
        """Rows of every arm in one order, ``limit`` at most: each arm is read no further."""
        size = self.param(limit)
        shared = "".join(f" AND {condition}" for condition in self.conditions)
        parts = [
            f"(SELECT {ident} AS id, {key} AS key {select} WHERE {arm}{shared}"
            f" ORDER BY {key}, {ident} LIMIT {size})"
            for arm in arms
        ]
        if len(parts) == 1:
            return parts[0]
        union = " UNION ALL ".join(parts)
        return f"(SELECT * FROM ({union}) AS arm ORDER BY key, id LIMIT {size})"  # noqa: S608
