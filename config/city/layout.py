"""Forms as printed and as asked: sections of fields, rows of cells."""

from collections.abc import Mapping
from typing import Annotated, Self

from pydantic import BaseModel, Field, model_validator

from config.city.fields import FieldKey, Name, Text
from config.city.hours import FROZEN


class CellSpec(BaseModel):
    """One printed cell: a label, or blanks to fill.

    ``label`` prints words, ``label_of`` the label of a field. ``inline`` prints the field's own
    label and unit inside the cell. ``blank`` is what stands there while nothing is filled in.
    ``first`` and ``last`` print only some boxes of a field with options (``options[first:last]``).
    """

    model_config = FROZEN

    label: Text | None = None
    label_of: FieldKey | None = None
    fields: tuple[FieldKey, ...] = ()
    span: Annotated[int, Field(ge=1, le=12)] = 1
    inline: bool = False
    blank: str = ""
    first: Annotated[int, Field(ge=0)] | None = None
    last: Annotated[int, Field(ge=1)] | None = None

    @model_validator(mode="after")
    def _one_content(self) -> Self:
        if (self.label is not None) + (self.label_of is not None) + bool(self.fields) != 1:
            raise ValueError("a cell has exactly one of label, label_of, fields")
        return self


Row = Annotated[tuple[CellSpec, ...], Field(min_length=1)]


class AskSpec(BaseModel):
    """Fields asked together, in order."""

    model_config = FROZEN

    label: Text
    fields: tuple[FieldKey, ...] = ()


class SectionSpec(AskSpec):
    """A utility's part of form B: its fields and the rows that print them."""

    rows: tuple[Row, ...] = ()


class FormSpec(BaseModel):
    """A form: its columns, its own sections; each ticked utility's section follows where told."""

    model_config = FROZEN

    columns: Annotated[int, Field(ge=1, le=12)]
    sections: Mapping[Name, AskSpec]
    utility_sections: bool = False
    """Whether each utility's section is part of the form, after the section ``requested``."""
    rows: tuple[Row, ...]
    """Printed rows of the form's own part, in the printed order; utilities' rows come after."""
    note: Text | None = None
    """Where and why it departs from the annex."""
