"""What people may send with an act: bounds and hygiene in one place.

Each use case declares its own body from these; the doors decode into them and the OpenAPI
document shows them, so no body is described twice.
"""

import unicodedata
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field

FORBIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})


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


def _filled(value: str) -> str:
    if not value:
        raise ValueError("text_empty")
    return value


def _finite(value: Decimal) -> Decimal:
    if not value.is_finite():
        raise ValueError("number_finite")
    return value


class Input(BaseModel):
    """A body: unknown fields refused, never changed after decoding."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=False)


Line = Annotated[str, BeforeValidator(clean_text), AfterValidator(_filled), Field(max_length=200)]
"""A short text that must say something."""

Remark = Annotated[str, BeforeValidator(clean_text), Field(max_length=2000)]
"""A free text, may be empty."""

CodeName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,63}$")]
"""A stable code of a city file."""

Metres = Annotated[
    Decimal, AfterValidator(_finite), Field(ge=0, le=100_000, max_digits=9, decimal_places=2)
]
SquareMetres = Annotated[
    Decimal, AfterValidator(_finite), Field(ge=0, le=1_000_000, max_digits=10, decimal_places=2)
]
Moment = AwareDatetime
"""A time with its zone."""


class Nothing(Input):
    """An act that needs no words."""


def iso(at: datetime | None) -> str | None:
    """A time inside a JSON column."""
    return None if at is None else at.isoformat()


def ids(values: list[UUID]) -> list[str]:
    """Ids inside a JSON column."""
    return [str(value) for value in values]
