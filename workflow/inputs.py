"""What people may send with an act: bounds and hygiene in one place.

Each use case declares its own body from these; the doors decode into them and the OpenAPI
document shows them, so no body is described twice.
"""

import re
import unicodedata
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field

FORBIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_NUMBER = re.compile(r"[0-9]{1,20}(?:\.[0-9]{1,20})?")
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def clean_text(value: Any) -> Any:
    """NFKC, trimmed; control, bidi, private and surrogate characters are refused.

    Line breaks stay. Raises ValueError with a stable code.
    """
    if not isinstance(value, str):
        return value
    for character in value:
        if character not in "\n\t" and unicodedata.category(character) in FORBIDDEN:
            raise ValueError("text_characters")
    return unicodedata.normalize("NFKC", value.replace("\r\n", "\n")).strip()


def written_number(value: Any) -> Any:
    """A number, or one sent as text: folded, then nothing but ``12`` or ``1.25``.

    Gives the number itself: behind a validator of ours pydantic no longer takes text for it.
    """
    if isinstance(value, int | float) and not isinstance(value, bool):
        return Decimal(str(value))
    if not isinstance(value, str):
        return value
    folded = unicodedata.normalize("NFKC", value).strip()
    if not _NUMBER.fullmatch(folded):
        raise ValueError("not_number")
    return Decimal(folded)


def written_moment(value: Any) -> Any:
    """A time must be written out; a bare number of seconds is none. Gives the time itself."""
    if not isinstance(value, str):
        return value
    if not _MOMENT.match(value):
        raise ValueError("not_datetime")
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        raise ValueError("not_datetime") from None


def written_day(value: Any) -> Any:
    """A day must be written out. Gives the day itself."""
    if not isinstance(value, str):
        return value
    if not _DAY.fullmatch(value):
        raise ValueError("not_date")
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise ValueError("not_date") from None


def _this_age(at: datetime) -> datetime:
    if not 1900 <= at.year < 2200:
        raise ValueError("not_datetime")
    return at


def _this_age_day(day: date) -> date:
    if not 1900 <= day.year < 2200:
        raise ValueError("not_date")
    return day


class Input(BaseModel):
    """A body: unknown fields refused, never changed after decoding."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=False)


Line = Annotated[str, BeforeValidator(clean_text), Field(min_length=1, max_length=200)]
"""A short text that must say something."""

Remark = Annotated[str, BeforeValidator(clean_text), Field(max_length=2000)]
"""A free text, may be empty."""

CodeName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,63}$")]
"""A stable code of a city file."""

Metres = Annotated[
    Decimal,
    Field(ge=0, le=100_000, max_digits=9, decimal_places=2),
    BeforeValidator(written_number),
]
SquareMetres = Annotated[
    Decimal,
    Field(ge=0, le=1_000_000, max_digits=10, decimal_places=2),
    BeforeValidator(written_number),
]
Moment = Annotated[AwareDatetime, BeforeValidator(written_moment), AfterValidator(_this_age)]
"""A time with its zone, of the centuries around us."""

Day = Annotated[date, BeforeValidator(written_day), AfterValidator(_this_age_day)]
"""A day, likewise."""


class Nothing(Input):
    """An act that needs no words."""


def iso(at: datetime | None) -> str | None:
    """A time inside a JSON column."""
    return None if at is None else at.isoformat()


def ids(values: list[UUID]) -> list[str]:
    """Ids inside a JSON column."""
    return [str(value) for value in values]
