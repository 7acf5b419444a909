"""Where something is: longitude and latitude in degrees, and in which of the two systems.

Maps and WeChat in China speak GCJ-02, satellites and cameras WGS-84; between them lie up to some
seven hundred metres. GCJ-02 has no official formula; this is the published one that everybody uses
(eviltransform). Outside of China both are the same.
"""

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from rules.travel import EARTH_M

_A: Final = 6_378_245.0
"""Semi-major axis of the Krasovsky ellipsoid, in metres."""
_EE: Final = 0.00669342162296594323
"""Its first eccentricity, squared."""
_ROUNDS: Final = 3
"""Each round makes the inverse about a thousand times better; the first is within metres."""


class System(StrEnum):
    """In which system a position is told."""

    GCJ02 = "gcj02"
    WGS84 = "wgs84"


@dataclass(frozen=True, slots=True)
class Place:
    """A point on the map, in degrees."""

    lon: float
    lat: float
    system: System = System.GCJ02


def in_china(place: Place) -> bool:
    """Whether the published formula moves the place: a box around China, wider than China."""
    return 72.004 <= place.lon <= 137.8347 and 0.8293 <= place.lat <= 55.8271


def to_gcj02(place: Place) -> Place:
    """The same place in GCJ-02."""
    if place.system is System.GCJ02:
        return place
    if not in_china(place):
        return Place(place.lon, place.lat)
    east, north = _shift(place.lon, place.lat)
    return Place(place.lon + east, place.lat + north)


def to_wgs84(place: Place) -> Place:
    """The same place in WGS-84, by approaching what the formula moves onto it."""
    if place.system is System.WGS84 or not in_china(place):
        return Place(place.lon, place.lat, System.WGS84)
    lon, lat = place.lon, place.lat
    for _ in range(_ROUNDS):
        east, north = _shift(lon, lat)
        lon, lat = place.lon - east, place.lat - north
    return Place(lon, lat, System.WGS84)


def metres(one: Place, other: Place) -> float:
    """The great circle between two places, whatever their systems."""
    a, b = to_gcj02(one), to_gcj02(other)
    lat_a, lat_b = math.radians(a.lat), math.radians(b.lat)
    half_lat, half_lon = (lat_b - lat_a) / 2, math.radians(b.lon - a.lon) / 2
    h = math.sin(half_lat) ** 2 + math.cos(lat_a) * math.cos(lat_b) * math.sin(half_lon) ** 2
    return 2 * EARTH_M * math.asin(math.sqrt(min(h, 1.0)))


def _shift(lon: float, lat: float) -> tuple[float, float]:
    """How far GCJ-02 lies east and north of WGS-84 there, in degrees."""
    x, y = lon - 105.0, lat - 35.0
    wave = 20.0 * math.sin(6.0 * x * math.pi) + 20.0 * math.sin(2.0 * x * math.pi)
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * math.sqrt(abs(x))
    east += (wave + _waves(x, 20.0, 40.0, 1, 3) + _waves(x, 150.0, 300.0, 12, 30)) * 2.0 / 3.0
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * math.sqrt(abs(x))
    north += (wave + _waves(y, 20.0, 40.0, 1, 3) + _waves(y, 160.0, 320.0, 12, 30)) * 2.0 / 3.0
    bent = 1 - _EE * math.sin(math.radians(lat)) ** 2
    east /= math.radians(_A / math.sqrt(bent) * math.cos(math.radians(lat)))
    north /= math.radians(_A * (1 - _EE) / (bent * math.sqrt(bent)))
    return east, north


def _waves(at: float, first: float, second: float, short: int, long: int) -> float:
    return first * math.sin(at / short * math.pi) + second * math.sin(at / long * math.pi)
