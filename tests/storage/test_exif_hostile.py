"""Evidence that is malformed, huge or turns in circles: the picture is taken, the evidence counts
as absent, nothing of it survives, and it takes no time.
"""

import io
import struct
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from storage.kinds import Kind
from storage.reencode import Picture, reencode
from tests.storage.corpus import encoded, pattern, phone_exif, png_chunk, spool

ASCII, SHORT, LONG, RATIONAL, UNDEFINED = 2, 3, 4, 5, 7
EXIF_IFD, GPS_IFD, DATE_TIME, ORIGINAL, INTEROP = 0x8769, 0x8825, 0x0132, 0x9003, 0xA005

Entry = tuple[int, int, int, bytes]
"""Tag, type, count, and the four bytes of its value or offset."""


def long(value: int) -> bytes:
    return struct.pack("<I", value)


def ifd(entries: list[Entry], following: int = 0) -> bytes:
    """One directory, little-endian."""
    rows = b"".join(struct.pack("<HHI", tag, kind, n) + v for tag, kind, n, v in entries)
    return struct.pack("<H", len(entries)) + rows + long(following)


def tiff(*directories: bytes) -> bytes:
    """Directories one after the other; the first begins at 8."""
    return b"II*\x00" + long(8) + b"".join(directories)


def jpeg_with(exif: bytes) -> bytes:
    """A JPEG whose APP1 segments hold ``exif``, split where it is too long for one."""
    plain = encoded(pattern(), "JPEG")
    body = b"Exif\x00\x00" + exif
    parts = [body[at : at + 65_000] for at in range(0, len(body), 65_000)]
    segments = b"".join(b"\xff\xe1" + struct.pack(">H", len(p) + 2) + p for p in parts)
    return plain[:2] + segments + plain[2:]


def png_with(exif: bytes) -> bytes:
    plain = encoded(pattern(), "PNG")
    return plain[:33] + png_chunk(b"eXIf", exif) + plain[33:]


def webp_with(exif: bytes) -> bytes:
    return encoded(pattern(), "WEBP", exif=b"Exif\x00\x00" + exif)


CYCLES = {
    "a directory that follows itself": tiff(ifd([], 8)),
    "details that are the first directory": tiff(ifd([(EXIF_IFD, LONG, 1, long(8))])),
    "a place that is the first directory": tiff(ifd([(GPS_IFD, LONG, 1, long(8))])),
    "details of details": tiff(
        ifd([(EXIF_IFD, LONG, 1, long(26))]),
        ifd([(EXIF_IFD, LONG, 1, long(26)), (INTEROP, LONG, 1, long(26))], 26),
    ),
    "two that follow each other": tiff(ifd([], 14), ifd([], 8)),
}
HUGE = {
    "four thousand million values": tiff(ifd([(DATE_TIME, ASCII, 0xFFFFFFFF, long(8))])),
    "four thousand million fractions": tiff(
        ifd([(GPS_IFD, LONG, 1, long(26))]), ifd([(2, RATIONAL, 0xFFFFFFFF, long(8))])
    ),
    "sixty thousand tags that are not there": tiff(struct.pack("<H", 65_535)),
    "sixty thousand tags": tiff(
        ifd([(0x9000 + n % 4096, LONG, 1, long(n)) for n in range(60_000)])
    ),
    "a megabyte of a comment": tiff(
        ifd([(0x9286, UNDEFINED, 1_000_000, long(26))]), b"SECRET" * 166_667
    ),
}
MALFORMED = {
    "nothing": b"",
    "no header": b"garbage",
    "a header only": b"II*\x00",
    "a directory outside": b"II*\x00" + long(0x7FFFFFFF),
    "a negative directory": b"II*\x00" + long(0xFFFFFFFF),
    "an unknown kind of value": tiff(ifd([(DATE_TIME, 99, 1, long(0))])),
    "a time that is a number": tiff(ifd([(DATE_TIME, SHORT, 1, long(7))])),
    "a time outside": tiff(ifd([(DATE_TIME, ASCII, 20, long(0x00FFFFFF))])),
    "a time of other letters": tiff(ifd([(DATE_TIME, ASCII, 20, long(26))]), b"\xff" * 20),
    "a place of nothings": tiff(
        ifd([(GPS_IFD, LONG, 1, long(26))]),
        ifd(
            [
                (1, ASCII, 2, b"N\x00\x00\x00"),
                (2, RATIONAL, 3, long(80)),
                (3, ASCII, 2, b"E\x00\x00\x00"),
                (4, RATIONAL, 3, long(80)),
            ]
        ),
        b"\x00" * 24,
    ),
    "details that are text": tiff(ifd([(EXIF_IFD, ASCII, 4, b"abc\x00")])),
}
FILES = {**CYCLES, **HUGE, **MALFORMED}
WRAPPERS = {Kind.JPEG: jpeg_with, Kind.PNG: png_with, Kind.WEBP: webp_with}


def rewritten(folder: Path, data: bytes, kind: Kind) -> tuple[Picture, bytes]:
    target = folder / "target"
    picture = reencode(spool(folder, data), kind, target)
    return picture, target.read_bytes()


@pytest.mark.parametrize("kind", list(WRAPPERS))
@pytest.mark.parametrize("name", list(FILES))
def test_the_picture_is_taken_without_the_evidence(tmp_path: Path, name: str, kind: Kind) -> None:
    begun = time.process_time()
    picture, out = rewritten(tmp_path, WRAPPERS[kind](FILES[name]), kind)
    assert time.process_time() - begun < 2
    assert (picture.exif.taken_at, picture.exif.gps) == (None, None)
    assert (picture.width, picture.height) == (64, 48)
    assert b"SECRET" not in out
    with Image.open(io.BytesIO(out)) as image:
        assert not image.getexif()


@given(st.data())
def test_whatever_is_changed_in_good_evidence_does_no_harm(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    exif = bytearray(phone_exif().tobytes()[6:])
    for _ in range(data.draw(st.integers(1, 6))):
        exif[data.draw(st.integers(0, len(exif) - 1))] = data.draw(st.integers(0, 255))
    picture, out = rewritten(tmp_path_factory.mktemp("exif"), jpeg_with(bytes(exif)), Kind.JPEG)
    assert b"TestPhone" not in out
    if picture.exif.gps is not None:
        latitude, longitude, system = picture.exif.gps
        assert -90 <= latitude <= 90
        assert -180 <= longitude <= 180
        assert system == "wgs84"
