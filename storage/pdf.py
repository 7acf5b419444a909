"""PDFs are kept as they were sent, so whatever could act when opened is refused.

This is no PDF reader: it looks at every name in the file and in its object streams (also written
with ``#xx``), and where it cannot look, because of encryption or an unusual filter, it refuses.
"""

import re
import zlib
from bisect import bisect_left
from typing import Final

from storage.errors import Refusal, refused

PAGES_MAX: Final = 500
STREAMS_MAX: Final = 20_000
INFLATED_MAX: Final = 64 * 1024 * 1024
"""Bytes of object streams looked at; a PDF of our kind has a few hundred kB."""
_TAIL: Final = 2048
_PEEK: Final = 512
_FEED: Final = 64 * 1024

_ACTIVE = frozenset(
    (
        *(b"JavaScript", b"Launch", b"EmbeddedFile", b"EmbeddedFiles", b"RichMedia", b"XFA"),
        *(b"GoToE", b"SubmitForm", b"ImportData", b"Rendition", b"Movie", b"Sound"),
    )
)
_WATCHED = _ACTIVE | {b"Encrypt", b"ObjStm", b"Type", b"Page", b"FlateDecode"}
_NAME = re.compile(rb"/([A-Za-z0-9#]{3,80})(?=[\x00\t\n\f\r ()<>\[\]{}/%])")
_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
_STREAM = re.compile(rb"(?<!end)stream\r?\n")
_HEADER = re.compile(rb"%PDF-(?:1\.[0-7]|2\.0)[\r\n \t%]")
_MARKUP = re.compile(rb"(?i)<(?:!doctype|script|html|svg|iframe|body|\?php)")
_PAGE = re.compile(rb"/Type\s*/Page(?![A-Za-z])")
_OBJECT_STREAM = re.compile(rb"/Type\s*/ObjStm(?![A-Za-z])")
_OBJECT_LEAD = re.compile(rb"\s*[0-9]+\s+[0-9]+\s")


def check_pdf(data: bytes) -> int:
    """The number of pages of a PDF that only shows something.

    Refuses one that is broken, encrypted, active, or something else besides.
    """
    _check_frame(data)
    streams = _object_streams(data)
    names = _names(data).union(*map(_names, streams))
    if b"Encrypt" in names:
        raise refused(Refusal.PDF_ENCRYPTED)
    if found := sorted(names & _ACTIVE):
        raise refused(Refusal.PDF_ACTIVE, found=found[0].decode("ascii"))
    pages = sum(len(_PAGE.findall(part)) for part in (data, *streams))
    if not 1 <= pages <= PAGES_MAX:
        raise refused(Refusal.PDF_PAGES, pages=pages, most=PAGES_MAX)
    return pages


def _check_frame(data: bytes) -> None:
    """Header at the very beginning, trailer at the very end, no page of HTML around them."""
    if not _HEADER.match(data):
        raise refused(Refusal.BROKEN)
    tail = data[-_TAIL:]
    end = tail.rfind(b"%%EOF")
    if end < 0 or b"startxref" not in tail:
        raise refused(Refusal.TRUNCATED)
    if tail[end + 5 :].strip(b"\x00\t\n\f\r "):
        raise refused(Refusal.POLYGLOT, second="")
    if _MARKUP.search(data[:1024]):
        raise refused(Refusal.MARKUP)


def _names(data: bytes) -> set[bytes]:
    """Names written in ``data``. One of ours written with escapes is somebody hiding it."""
    names: set[bytes] = set()
    for match in _NAME.finditer(data):
        name = match[1]
        if b"#" in name:
            if _ESCAPE.sub(lambda m: bytes((int(m[1], 16),)), name) in _WATCHED:
                raise refused(Refusal.PDF_HIDDEN)
        else:
            names.add(name)
    return names


def _object_streams(data: bytes) -> list[bytes]:
    """Streams that hold objects, inflated: those that begin with a list of object numbers.

    Every stream is tried whatever its dictionary says; but what a dictionary calls an object
    stream must be readable here (plain ones are, as part of ``data``).
    """
    found: list[bytes] = []
    read_at: dict[int, bool] = {}
    room = INFLATED_MAX
    for match in _STREAM.finditer(data):
        if len(read_at) == STREAMS_MAX:
            raise refused(Refusal.PDF_HIDDEN)
        start = match.end()
        inflated = _inflate(data, start, room)
        if inflated is not None:
            room -= len(inflated)
            found.append(inflated)
        plain = inflated is None and _OBJECT_LEAD.match(data, start) is not None
        read_at[match.start()] = plain or inflated is not None
    starts = list(read_at)
    for match in _OBJECT_STREAM.finditer(data):
        following = bisect_left(starts, match.end())
        if following == len(starts) or not read_at[starts[following]]:
            raise refused(Refusal.PDF_HIDDEN)
    return found


def _inflate(data: bytes, start: int, room: int) -> bytes | None:
    """A deflated stream in full if it begins like an object stream, else None."""
    machine = zlib.decompressobj()
    try:
        head = machine.decompress(data[start : start + _PEEK], 64)
        if not _OBJECT_LEAD.match(head):
            return None
        parts, at = [head], start + _PEEK
        pending = machine.unconsumed_tail
        while not machine.eof and (pending or at < len(data)):
            if not pending:
                pending, at = data[at : at + _FEED], at + _FEED
            parts.append(machine.decompress(pending, _FEED * 16))
            room -= len(parts[-1])
            if room <= 0:
                raise refused(Refusal.PDF_HIDDEN)
            pending = machine.unconsumed_tail
    except zlib.error:
        return None
    return b"".join(parts) if machine.eof else None
