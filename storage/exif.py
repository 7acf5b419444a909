"""What a photo says about when and where it was taken, read before it is stripped."""

import math
import re
import struct
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any, Final, TypeVar

from PIL import Image
from PIL.ExifTags import GPS, IFD, Base

SHANGHAI: Final = timezone(timedelta(hours=8))
_TIME = re.compile(r"([0-9]{4}):([0-9]{2}):([0-9]{2}) ([0-9]{2}):([0-9]{2}):([0-9]{2})")
_OFFSET = re.compile(r"([+-])([0-9]{2}):([0-9]{2})")


_STUMBLED: Final = (
    SyntaxError,
    ValueError,
    TypeError,
    LookupError,
    ArithmeticError,
    AttributeError,
    EOFError,
    OSError,
    RecursionError,
    struct.error,
)
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Exif:
    """Evidence as the camera wrote it; anybody can forge it."""

    taken_at: datetime | None = None
    """Aware. A camera that names no zone is taken to run on Shanghai time."""
    gps: tuple[float, float, str] | None = None
    """Latitude and longitude in degrees, and their system, always ``"wgs84"``."""


def read_exif(image: Image.Image) -> Exif:
    """The evidence in an open image; whatever is malformed counts as absent."""
    taken_at, place = _sound(_time_in, image), _sound(_place_in, image)
    return Exif(taken_at, place)


def orientation_of(image: Image.Image) -> int:
    """How the camera was held, 1 to 8; upright where it says nothing sound."""
    told = _sound(_orientation_in, image)
    return told if isinstance(told, int) else 1


def _orientation_in(image: Image.Image) -> Any:
    return image.getexif().get(Base.Orientation)


def _time_in(image: Image.Image) -> datetime | None:
    exif = image.getexif()
    details = exif.get_ifd(IFD.Exif)
    when = details.get(Base.DateTimeOriginal) or exif.get(Base.DateTime)
    zone = details.get(Base.OffsetTimeOriginal) or details.get(Base.OffsetTime)
    return _taken_at(when, zone)


def _place_in(image: Image.Image) -> tuple[float, float, str] | None:
    return _position(image.getexif().get_ifd(IFD.GPSInfo))


def _sound(read: Callable[[Image.Image], _T], image: Image.Image) -> _T | None:
    """What is read, or None where the library stumbles over what somebody has written there."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return read(image)
        except _STUMBLED:
            return None


def _taken_at(when: Any, zone: Any) -> datetime | None:
    found = _TIME.match(when) if isinstance(when, str) else None
    if not found:
        return None
    try:
        return datetime(*map(int, found.groups()), tzinfo=_zone(zone))  # type: ignore[misc,arg-type]
    except ValueError:
        return None


def _zone(text: Any) -> timezone:
    found = _OFFSET.match(text) if isinstance(text, str) else None
    if not found or int(found[2]) > 14:
        return SHANGHAI
    offset = timedelta(hours=int(found[2]), minutes=int(found[3]))
    return timezone(-offset if found[1] == "-" else offset)


def _position(tags: Mapping[int, Any]) -> tuple[float, float, str] | None:
    latitude = _degrees(tags.get(GPS.GPSLatitude), tags.get(GPS.GPSLatitudeRef), "NS", 90)
    longitude = _degrees(tags.get(GPS.GPSLongitude), tags.get(GPS.GPSLongitudeRef), "EW", 180)
    if latitude is None or longitude is None or (latitude == 0 and longitude == 0):
        return None  # 0, 0 is what phones write without a fix
    return latitude, longitude, "wgs84"


def _degrees(parts: Any, side: Any, sides: str, most: int) -> float | None:
    """Degrees, minutes and seconds as one signed number with 7 decimals (about 1 cm)."""
    if not isinstance(side, str) or side[:1] not in tuple(sides):
        return None
    try:
        degrees, minutes, seconds = (float(part) for part in parts)
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    value = degrees + minutes / 60 + seconds / 3600
    if not math.isfinite(value) or not 0 <= value <= most:
        return None
    return round(-value if side[0] == sides[1] else value, 7)
