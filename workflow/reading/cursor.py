"""Where a page of a list ends, as clients hand it back: opaque, and checked when it comes."""

import base64
import binascii
from typing import Annotated
from uuid import UUID

import orjson
from pydantic import Field

from rules.errors import Code, DomainError, Fault

PAGE = 100
"""The most one page holds."""

PageSize = Annotated[int, Field(ge=1, le=PAGE)]
Cursor = Annotated[str, Field(max_length=800)]


def encode(kind: str, key: str, ident: object) -> str:
    """A cursor of one kind of list: its key in the order of the list, and an id."""
    return base64.urlsafe_b64encode(orjson.dumps([kind, key, str(ident)])).decode().rstrip("=")


def decode(kind: str, cursor: str | None) -> tuple[str, str] | None:
    """Key and id. Raises ``INVALID`` for anything ``encode`` did not make for this list."""
    if cursor is None:
        return None
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        found = orjson.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (ValueError, binascii.Error):
        raise _wrong() from None
    if (
        not isinstance(found, list)
        or len(found) != 3
        or not all(isinstance(each, str) for each in found)
        or found[0] != kind
        or "\0" in found[1]
    ):
        raise _wrong()
    return found[1], found[2]


def uuid_of(text: str) -> UUID:
    """The id of a cursor. Raises ``INVALID``."""
    try:
        return UUID(text)
    except ValueError:
        raise _wrong() from None


def number_of(text: str) -> int:
    """The number of a cursor, below 2⁶³. Raises ``INVALID``."""
    if not text.isascii() or not text.isdecimal() or len(text) > 18:
        raise _wrong()
    return int(text)


def _wrong() -> DomainError:
    return DomainError(Code.INVALID, faults=(Fault("after", "cursor_wrong"),))
