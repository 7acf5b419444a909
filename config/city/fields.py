"""The catalogue of form fields: one definition per field, for every client and paper."""

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import BaseModel, Field, StringConstraints, model_validator

from config.city.hours import FROZEN

Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]
"""A stable code: lower-case ASCII."""
FieldKey = Annotated[
    str, StringConstraints(pattern=r"^(\*\.)?[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)?$", max_length=60)
]
"""``group.name``; ``*.name`` is a pattern made into one field for every utility."""


class FieldType(StrEnum):
    """What a field holds; the canonical JSON value of each is told in ``rules/forms/values.py``."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    ENUM = "enum"
    MULTI = "multi"
    BOOL = "bool"
    INTEGER = "integer"
    DECIMAL = "decimal"
    DATE = "date"
    DATETIME = "datetime"
    PHONE = "phone"
    CREDIT_CODE = "credit_code"
    PROJECT_CODE = "project_code"
    TOWN = "town"
    POINT = "point"
    ROWS = "rows"
    CARRIERS = "carriers"


class WhenSpec(BaseModel):
    """A field is asked only when another one is filled, or holds one of the values ``is``."""

    model_config = FROZEN

    field: FieldKey
    values: tuple[str | bool, ...] = Field(default=(), alias="is")


class ColumnSpec(BaseModel):
    """What every field has: type, label, unit and bounds. A column of ``rows`` has only these."""

    model_config = FROZEN

    label: Text
    type: FieldType
    unit: Text | None = None
    min: Decimal | None = None
    max: Decimal | None = None
    decimals: Annotated[int, Field(ge=0, le=6)] | None = None
    max_length: Annotated[int, Field(ge=1, le=4000)] | None = None
    options: Mapping[Name, Text] = {}
    aliases: Mapping[Name, tuple[Text, ...]] = {}
    """Other words people have for an option, understood when typed."""
    printed: Text | None = None
    """The label as printed inside its cell, where it differs."""
    group: Text | None = None
    """Common heading printed above this column and its neighbours of the same group."""
    required: Literal["never", "submit"] = "never"
    personal: bool = False
    """Personal data: encrypted at rest, masked, kept out of logs."""
    help: Text | None = None
    question: Text | None = None
    """How the assistant asks for it; made from the label when not given."""

    @model_validator(mode="after")
    def _bounds_fit_type(self) -> Self:
        numeric = self.type in (FieldType.INTEGER, FieldType.DECIMAL)
        textual = self.type in (FieldType.TEXT, FieldType.LONG_TEXT)
        if numeric != (self.min is not None and self.max is not None):
            raise ValueError("integer and decimal fields need min and max, others have none")
        if self.min is not None and self.max is not None and self.min > self.max:
            raise ValueError("min is above max")
        if (self.type is FieldType.DECIMAL) != (self.decimals is not None):
            raise ValueError("decimal fields, and only they, need decimals")
        if textual != (self.max_length is not None):
            raise ValueError("text fields, and only they, need max_length")
        return self

    @model_validator(mode="after")
    def _aliases_are_of_options(self) -> Self:
        unknown = self.aliases.keys() - self.options.keys()
        if unknown:
            raise ValueError(f"aliases of no option: {', '.join(sorted(unknown))}")
        said = [word for words in self.aliases.values() for word in words]
        said += self.options.values()
        twice = sorted({word for word in said if said.count(word) > 1})
        if twice:
            raise ValueError(f"words of more than one option: {', '.join(twice)}")
        return self


COLUMN_TYPES = frozenset(
    {FieldType.TEXT, FieldType.ENUM, FieldType.BOOL, FieldType.INTEGER, FieldType.DECIMAL}
)


class FieldSpec(ColumnSpec):
    """One field of the catalogue (``fields.toml``, or a city's own)."""

    options_from: Literal["utilities", "carriers", "kinds"] | None = None
    columns: Mapping[Name, ColumnSpec] = {}
    min_rows: Annotated[int, Field(ge=1, le=200)] = 1
    max_rows: Annotated[int, Field(ge=1, le=200)] | None = None
    printed_rows: Annotated[int, Field(ge=1, le=20)] = 1
    ask: bool = True
    """Whether the assistant asks for it unprompted; what is required is asked in any case."""
    must_be_true: bool = False
    earliest: Literal["today"] | None = None
    latest: Literal["today"] | None = None
    working: bool = False
    """A datetime that must be a working time of the city, in the future."""
    when: WhenSpec | None = None
    for_kind: Literal["supply", "any_supply", "temporary", "account_change"] | None = None
    """``supply``/``temporary``/``account_change``: the utility's kind is such a one;
    ``any_supply``: at least one ticked utility is about supply, not only its account."""

    @model_validator(mode="after")
    def _options_fit_type(self) -> Self:
        chosen = self.type in (FieldType.ENUM, FieldType.MULTI)
        if chosen != (bool(self.options) or self.options_from in ("utilities", "kinds")):
            raise ValueError("enum and multi fields, and only they, need options or options_from")
        if (self.type is FieldType.CARRIERS) != (self.options_from == "carriers"):
            raise ValueError('carriers fields, and only they, have options_from = "carriers"')
        if (self.type is FieldType.ROWS) != bool(self.columns and self.max_rows):
            raise ValueError("rows fields, and only they, need columns and max_rows")
        if any(column.type not in COLUMN_TYPES for column in self.columns.values()):
            raise ValueError(f"a column is one of {', '.join(sorted(COLUMN_TYPES))}")
        return self

    @model_validator(mode="after")
    def _extras_fit_type(self) -> Self:
        if self.must_be_true and self.type is not FieldType.BOOL:
            raise ValueError("must_be_true is for bool fields")
        if (self.earliest or self.latest) and self.type is not FieldType.DATE:
            raise ValueError("earliest and latest are for date fields")
        if self.working and self.type is not FieldType.DATETIME:
            raise ValueError("working is for datetime fields")
        return self
