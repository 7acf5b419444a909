"""The kinds of file the product keeps, told by content alone."""

from enum import StrEnum

from storage.errors import Refusal, refused


class Kind(StrEnum):
    """A kind that is taken in. WebP is kept as JPEG or PNG."""

    JPEG = "jpeg"
    PNG = "png"
    WEBP = "webp"
    PDF = "pdf"

    @property
    def mime(self) -> str:
        """Media type for downloads."""
        return "application/pdf" if self is Kind.PDF else f"image/{self.value}"

    @property
    def extension(self) -> str:
        """The ending a download of this kind gets."""
        return "jpg" if self is Kind.JPEG else self.value


_HEIF_BRANDS = frozenset(
    (b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1", b"avif", b"avis")
)


def kind_of(head: bytes) -> Kind:
    """The kind by the first bytes (32 are enough), strictly at offset 0.

    Raises upload_type: ``heic`` for phones' HEIF pictures (nothing here reads them), else ``type``
    with what it seems to be.
    """
    if head.startswith(b"\xff\xd8\xff"):
        return Kind.JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return Kind.PNG
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return Kind.WEBP
    if head.startswith(b"%PDF-"):
        return Kind.PDF
    if head[4:8] == b"ftyp" and head[8:12] in _HEIF_BRANDS:
        raise refused(Refusal.HEIC)
    raise refused(Refusal.TYPE, found=_seems(head))


def _seems(head: bytes) -> str:
    """A word for the refusal's wording; a guess is enough, the file is refused anyway."""
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if text.startswith((b"<svg", b"<?xml")):
        return "SVG/XML"
    if text.startswith((b"<!doctype", b"<html", b"<script", b"<!--")):
        return "HTML"
    for magic, word in _KNOWN.items():
        if head.startswith(magic):
            return word
    return ""


_KNOWN = {
    b"PK\x03\x04": "ZIP/Office",
    b"PK\x05\x06": "ZIP/Office",
    b"\xd0\xcf\x11\xe0": "Office",
    b"GIF8": "GIF",
    b"BM": "BMP",
    b"II*\x00": "TIFF",
    b"MM\x00*": "TIFF",
    b"MZ": "EXE",
    b"\x7fELF": "ELF",
    b"#!": "script",
    b"\xca\xfe\xba\xbe": "CLASS",
    b"\xcf\xfa\xed\xfe": "Mach-O",
    b"Rar!": "RAR",
    b"7z\xbc\xaf": "7z",
    b"\x1f\x8b": "GZIP",
}
