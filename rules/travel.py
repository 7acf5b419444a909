"""Travel between two sites: the great circle at a city's speed, never less than its minimum.

Places are degrees (longitude, latitude) in one coordinate system; arrays of them work as well, so
that a search over thousands of bookings is one expression.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

EARTH_M = 6_371_008.8
"""Mean radius in metres."""

Floats = NDArray[np.float64]
Minutes = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Travel:
    """How fast crews of a city get about."""

    kmh: float
    least_minutes: int
    """Between any two visits, however near."""

    def minutes(self, lon: Floats, lat: Floats, to: tuple[float, float]) -> Minutes:
        """Whole minutes from each place to one, rounded up; an unknown place (NaN) is near."""
        metres = distance(lon, lat, to)
        needed = np.ceil(np.nan_to_num(metres) / (self.kmh * 1000 / 60) - 1e-9)
        return np.maximum(needed, self.least_minutes).astype(np.int64)


def distance(lon: Floats, lat: Floats, to: tuple[float, float]) -> Floats:
    """Metres along the great circle (haversine) from each place to one."""
    from_lat, to_lat = np.radians(lat), np.radians(to[1])
    half_lat, half_lon = (from_lat - to_lat) / 2, np.radians(lon - to[0]) / 2
    h = np.sin(half_lat) ** 2 + np.cos(from_lat) * np.cos(to_lat) * np.sin(half_lon) ** 2
    metres: Floats = 2 * EARTH_M * np.arcsin(np.sqrt(np.minimum(h, 1)))
    return metres
