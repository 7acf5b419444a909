"""Files made on the spot: good ones, and one for each way a file can be bad."""

import io
import struct
import zipfile
import zlib
from collections.abc import AsyncIterator, Iterable
from pathlib import Path

from PIL import ExifTags, Image

from storage.store import Store

LATITUDE, LONGITUDE = 30.0961, 114.9803
TAKEN = "2026:11:20 09:08:07"


async def stream(data: bytes, chunk: int = 8192) -> AsyncIterator[bytes]:
    for start in range(0, len(data), chunk):
        yield data[start : start + chunk]


def spool(folder: Path, data: bytes) -> Path:
    path = folder / "spooled"
    path.write_bytes(data)
    return path


async def stored(store: Store, digest: str) -> bytes:
    return await (await store.open(digest)).read()


def pattern(width: int = 64, height: int = 48, mode: str = "RGB") -> Image.Image:
    """Red in the left upper quarter, blue elsewhere."""
    image = Image.new("RGB", (width, height), (0, 0, 255))
    image.paste((255, 0, 0), (0, 0, width // 2, height // 2))
    return image.convert(mode)


def encoded(image: Image.Image, form: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def phone_exif(*, orientation: int = 1, zone: str | None = "+08:00") -> Image.Exif:
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = "TestPhone"
    exif[ExifTags.Base.Orientation] = orientation
    details = exif.get_ifd(ExifTags.IFD.Exif)
    details[ExifTags.Base.DateTimeOriginal] = TAKEN
    if zone:
        details[ExifTags.Base.OffsetTimeOriginal] = zone
    gps = exif.get_ifd(ExifTags.IFD.GPSInfo)
    gps[ExifTags.GPS.GPSLatitudeRef] = "N"
    gps[ExifTags.GPS.GPSLatitude] = (30.0, 5.0, 45.96)
    gps[ExifTags.GPS.GPSLongitudeRef] = "E"
    gps[ExifTags.GPS.GPSLongitude] = (114.0, 58.0, 49.08)
    return exif


def photo(*, orientation: int = 1, zone: str | None = "+08:00") -> bytes:
    """A phone's JPEG with time, place, maker and a comment."""
    exif = phone_exif(orientation=orientation, zone=zone)
    return encoded(pattern(), "JPEG", quality=95, exif=exif, comment=b"SECRET-COMMENT")


def zipped(name: str = "Main.class", content: bytes = b"payload") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(name, content)
    return out.getvalue()


def png_chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png_claiming(width: int, height: int) -> bytes:
    """A small valid PNG of ``width`` × ``height`` one-bit pixels, all white."""
    row = b"\x00" + b"\xff" * (-(-width // 8))
    packer, body = zlib.compressobj(9), bytearray()
    for _ in range(height):
        body += packer.compress(row)
    body += packer.flush()
    return (
        b"\x89PNG\r\n\x1a\n"
        + png_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0))
        + png_chunk(b"IDAT", bytes(body))
        + png_chunk(b"IEND", b"")
    )


def png_text_bomb() -> bytes:
    """100 MB of zeros as compressed text in front of an honest picture."""
    text = png_chunk(b"zTXt", b"Comment\x00\x00" + zlib.compress(bytes(100_000_000), 9))
    plain = encoded(pattern(), "PNG")
    return plain[:33] + text + plain[33:]


def pdf(
    objects: Iterable[bytes] = (),
    *,
    pages: int = 1,
    trailer: bytes = b"",
    version: bytes = b"1.7",
) -> bytes:
    """A small PDF; ``objects`` are bodies added after catalogue and pages."""
    kids = b" ".join(b"%d 0 R" % (n + 3) for n in range(pages))
    bodies = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count %d /Kids [%s] >>" % (pages, kids),
        *[b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>"] * pages,
        *objects,
    ]
    out, offsets = bytearray(b"%PDF-" + version + b"\n%\xe2\xe3\xcf\xd3\n"), []
    for number, body in enumerate(bodies, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(bodies) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer\n<< /Size %d /Root 1 0 R %s>>\n" % (len(bodies) + 1, trailer)
    return bytes(out + b"startxref\n%d\n%%%%EOF\n" % start)


def object_stream(objects: bytes, *, extra: bytes = b"", packed: bytes | None = None) -> bytes:
    """An object stream that holds ``objects`` as number 90, deflated unless ``packed`` is given."""
    body = b"90 0 " + objects
    data = zlib.compress(body) if packed is None else packed
    head = b"<< /Type /ObjStm /N 1 /First 5 /Filter /FlateDecode %s/Length %d >>"
    return head % (extra, len(data)) + b"\nstream\n" + data + b"\nendstream"
