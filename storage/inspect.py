"""Looking at an upload without decoding it: what it is, and whether it is a second thing too."""

import mmap
import re
from pathlib import Path

from storage.errors import Refusal, refused
from storage.kinds import Kind, kind_of
from storage.names import check_ending
from storage.pdf import check_pdf

_MARKUP = re.compile(rb"(?i)<(?:script|html|svg|iframe|body|\?php)[\s>/:]")
"""Looked for in images everywhere: their own metadata (XMP) uses none of these."""
_EOCD = b"PK\x05\x06"
_EOCD_SIZE = 22
_EOCD_REACH = _EOCD_SIZE + 0xFFFF


def inspect(path: Path, name: str) -> tuple[Kind, int]:
    """The kind of a spooled file, by content, and the pages it has (1 for an image). Blocking.

    Raises DomainError: upload_type (not on the list, or not what its name promises),
    upload_unsafe (another format hidden in it, active PDF), upload_broken.
    """
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        kind = kind_of(data[:64])
        check_ending(name, is_pdf=kind is Kind.PDF)
        if is_archive(data[-_EOCD_REACH:]):
            raise refused(Refusal.POLYGLOT, second="ZIP")
        if kind is Kind.PDF:
            return kind, check_pdf(data[:])
        if _MARKUP.search(data):
            raise refused(Refusal.MARKUP)
    return kind, 1


def is_archive(tail: bytes) -> bool:
    """Whether a file that ends so opens as ZIP or JAR: an end record whose comment fits."""
    at = tail.rfind(_EOCD)
    while at >= 0:
        record = tail[at : at + _EOCD_SIZE]
        if len(record) == _EOCD_SIZE:
            comment = int.from_bytes(record[20:22], "little")
            entries = int.from_bytes(record[10:12], "little")
            if entries and at + _EOCD_SIZE + comment <= len(tail):
                return True
        at = tail.rfind(_EOCD, 0, at)
    return False
