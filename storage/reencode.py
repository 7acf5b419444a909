"""Images decoded and written anew: nothing of the sent bytes survives but the picture.

Runs inside the isolated process of ``storage.examine``; memory and time are limited there.
"""

import io
import struct
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PIL import Image, ImageCms

from storage.errors import Refusal, StorageUnavailable, refused
from storage.exif import Exif, orientation_of, read_exif
from storage.kinds import Kind

PIXELS_MAX: Final = {Kind.JPEG: 200_000_000, Kind.PNG: 50_000_000, Kind.WEBP: 30_000_000}
"""Refused before decoding. A JPEG is decoded at a fraction of its size, so it may be larger."""
SIDE_MAX: Final = 4096
"""Longest side that is kept, in pixels: a photographed A4 page stays readable (350 dpi)."""
QUALITY: Final = 88


@dataclass(frozen=True, slots=True)
class Picture:
    """An image written anew. Width and height in pixels, upright."""

    kind: Kind
    width: int
    height: int
    exif: Exif


def reencode(source: Path, kind: Kind, target: Path) -> Picture:
    """Writes a stripped, upright copy to ``target``: JPEG, or PNG where it was or is see-through.

    Raises upload_broken (truncated, broken), upload_unsafe (too_many_pixels, too_heavy) or
    StorageUnavailable.
    """
    try:
        image, exif = _decode(source, kind)
        return _write(image, kind, target, exif)
    except MemoryError:
        raise refused(Refusal.TOO_HEAVY) from None
    except OSError as error:
        raise StorageUnavailable.because(error) from error


def _decode(source: Path, kind: Kind) -> tuple[Image.Image, Exif]:
    warnings.simplefilter("ignore", UserWarning)  # of evidence that is malformed
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    Image.MAX_IMAGE_PIXELS = PIXELS_MAX[kind]
    try:
        with Image.open(source, formats=(kind.name,)) as image:
            image.draft(None, (SIDE_MAX, SIDE_MAX))
            image.load()
            exif = read_exif(image)
            return _upright(image), exif
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise refused(Refusal.TOO_MANY_PIXELS, most=PIXELS_MAX[kind]) from None
    except (OSError, SyntaxError) as error:
        what = Refusal.TRUNCATED if "truncated" in str(error).lower() else Refusal.BROKEN
        raise refused(what) from None
    except (ValueError, EOFError, LookupError, TypeError, ArithmeticError, struct.error):
        raise refused(Refusal.BROKEN) from None


def _upright(image: Image.Image) -> Image.Image:
    """In sRGB or grey, at most SIDE_MAX long, turned as its EXIF orientation says.

    Made small first and in place: a large picture is never held twice.
    """
    profile = image.info.get("icc_profile")
    plain = _plain(image)
    plain.thumbnail((SIDE_MAX, SIDE_MAX), Image.Resampling.LANCZOS)
    if isinstance(profile, bytes) and plain.mode == image.mode == "RGB":
        plain = _srgb(plain, profile)
    turned = _TURNS.get(orientation_of(image))
    if turned is not None:
        plain = plain.transpose(turned)
    plain.info = {}
    return plain


_TURNS: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""EXIF orientation → what turns the picture upright."""


def _plain(image: Image.Image) -> Image.Image:
    """As RGBA when anything is see-through, else as L or RGB."""
    if image.has_transparency_data:
        wanted = "RGBA"
    elif image.mode in ("I", "I;16"):  # 16-bit grey: the upper eight bits
        return image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    else:
        wanted = "L" if image.mode in ("1", "L") else "RGB"
    return image if image.mode == wanted else image.convert(wanted)


def _srgb(image: Image.Image, profile: bytes) -> Image.Image:
    """Colours as the profile means them; a profile that cannot be read is dropped."""
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        target = ImageCms.createProfile("sRGB")
        converted = ImageCms.profileToProfile(image, source, target, outputMode="RGB")
    except (ImageCms.PyCMSError, OSError):
        return image
    return converted if converted is not None else image


def _write(image: Image.Image, kind: Kind, target: Path, exif: Exif) -> Picture:
    """Nothing is handed to the encoder but pixels."""
    kept = Kind.PNG if kind is Kind.PNG or image.mode == "RGBA" else Kind.JPEG
    if kept is Kind.PNG:
        image.save(target, "PNG", compress_level=6)
    else:
        image.save(target, "JPEG", quality=QUALITY, optimize=True, progressive=False)
    return Picture(kept, image.width, image.height, exif)
