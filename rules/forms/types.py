"""What a form is: sections of fields with their conditions, and printed rows of cells."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import Enum
from functools import cached_property
from typing import Any, Protocol

from config.cities import FieldType
from rules.errors import Fault

Values = Mapping[str, Any]
"""Field key → canonical JSON value (see ``values.py``)."""


class Skip(Enum):
    """``SKIPPED``: asked and passed over; not the same as never asked."""

    SKIPPED = "skipped"


SKIPPED = Skip.SKIPPED


class WorkingTime(Protocol):
    """The part of a city's calendar that forms need."""

    def is_working_time(self, at: datetime) -> bool:
        """Whether an aware time is inside working hours of a working day."""


@dataclass(frozen=True, slots=True)
class Test:
    """Another field is filled; holds one of ``any_of``; or holds none of ``none_of``."""

    field: str
    any_of: tuple[str | bool, ...] = ()
    none_of: tuple[str, ...] = ()

    def holds(self, values: Values) -> bool:
        """An absent field holds nothing: it passes ``none_of`` and fails the others."""
        value = values.get(self.field)
        held = value if isinstance(value, list) else [] if value is None else [value]
        if self.none_of:
            return not any(each in self.none_of for each in held)
        if self.any_of:
            return any(each in self.any_of for each in held)
        return bool(held)

    def fields(self) -> frozenset[str]:
        """Keys the condition looks at."""
        return frozenset({self.field})


@dataclass(frozen=True, slots=True)
class All:
    """Every part holds; an empty one always does."""

    parts: tuple["Condition", ...] = ()

    def holds(self, values: Values) -> bool:
        """See the class."""
        return all(part.holds(values) for part in self.parts)

    def fields(self) -> frozenset[str]:
        """Keys the condition looks at."""
        return frozenset(key for part in self.parts for key in part.fields())


@dataclass(frozen=True, slots=True)
class Either:
    """At least one part holds."""

    parts: tuple["Condition", ...]

    def holds(self, values: Values) -> bool:
        """See the class."""
        return any(part.holds(values) for part in self.parts)

    def fields(self) -> frozenset[str]:
        """Keys the condition looks at."""
        return frozenset(key for part in self.parts for key in part.fields())


Condition = Test | All | Either
ALWAYS = All()


@dataclass(frozen=True, slots=True)
class Option:
    """One choice. ``aliases`` are other words for it, understood when typed."""

    code: str
    label: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Bounds:
    """Where points must lie, degrees GCJ-02."""

    south: float
    north: float
    west: float
    east: float


@dataclass(frozen=True, slots=True)
class FormField:
    """One field of one city's form, resolved: options listed, words filled in."""

    key: str
    label: str
    type: FieldType
    unit: str = ""
    min: Decimal | None = None
    max: Decimal | None = None
    decimals: int = 0
    max_length: int = 0
    options: tuple[Option, ...] = ()
    columns: tuple["FormField", ...] = ()
    min_rows: int = 1
    max_rows: int = 0
    printed_rows: int = 1
    required: bool = False
    personal: bool = False
    ask: bool = True
    must_be_true: bool = False
    earliest_today: bool = False
    latest_today: bool = False
    working: bool = False
    bounds: Bounds | None = None
    condition: Condition = ALWAYS
    default: str | None = None
    """Taken when nothing is given (a form made for one kind)."""
    utility: str | None = None
    help: str = ""
    question: str = ""
    caption: str = ""
    """Its label as printed inside its cell."""
    group: str = ""

    def option(self, code: str) -> Option | None:
        """The option of a code."""
        return next((each for each in self.options if each.code == code), None)


@dataclass(frozen=True, slots=True)
class Section:
    """Fields asked together. ``utility``: shown only while that utility is ticked."""

    code: str
    label: str
    fields: tuple[FormField, ...]
    utility: str | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """One printed cell: ``text`` when it is a label, else ``fields`` to fill into it.

    ``caption`` stands before and ``unit`` after the blank, ``blank`` in its place while empty.
    ``boxes`` are the tick boxes to print. A cell of a device row has keys like
    ``gas.devices.0.name``.
    """

    span: int
    rowspan: int = 1
    text: str = ""
    fields: tuple[str, ...] = ()
    caption: str = ""
    unit: str = ""
    blank: str = ""
    boxes: tuple[Option, ...] = ()


Row = tuple[Cell, ...]


@dataclass(frozen=True)
class Form:
    """One form of one city on one day."""

    city: str
    code: str
    title: str
    number_title: str
    columns: int
    sections: tuple[Section, ...]
    rows: tuple[Row, ...]
    note: str = ""

    @cached_property
    def fields(self) -> tuple[FormField, ...]:
        """All fields in the order they are asked."""
        return tuple(each for section in self.sections for each in section.fields)

    @cached_property
    def by_key(self) -> Mapping[str, FormField]:
        """Fields by key."""
        return {each.key: each for each in self.fields}


@dataclass(frozen=True, slots=True)
class Checked:
    """Outcome of a validation: good values, every fault, and what was typed where it was faulty.

    ``typed`` holds only what can be stored and shown again (no control characters, bounded).
    """

    values: dict[str, Any]
    faults: tuple[Fault, ...] = ()
    typed: dict[str, Any] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """Whether there is no fault."""
        return not self.faults

    @property
    def kept(self) -> dict[str, Any]:
        """Good values and what was typed, for a draft that loses nothing."""
        return {**self.values, **self.typed}
