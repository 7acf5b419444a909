"""Places a person of a demo can send as their location."""

import tomllib
from datetime import datetime
from pathlib import Path
from typing import Any

from config.cities import City, CityBook
from rules.calendar import SHANGHAI

_TABLE = tomllib.loads((Path(__file__).parent / "places.toml").read_text("utf-8"))


def places_of(cities: CityBook, now: datetime) -> list[dict[str, Any]]:
    """A few for each city served: city, city_name, label, latitude, longitude (GCJ-02)."""
    day = now.astimezone(SHANGHAI).date()
    served = [cities.on(code, day) for code in cities.codes()]
    return [
        {"city": city.code, "city_name": city.name, **place}
        for city in served
        for place in _TABLE.get(city.code) or [_middle(city)]
    ]


def _middle(city: City) -> dict[str, Any]:
    box = city.box
    return {
        "label": f"{city.name}（示例位置）",
        "latitude": round((box.south + box.north) / 2, 4),
        "longitude": round((box.west + box.east) / 2, 4),
    }
