"""One stretch of external line as a plain value, written the short way."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from config.cities import RoadClass

MEASURES = ("line_m", "crossing_m", "green_m2")
DATES = ("road_opened_on", "road_overhauled_on")


@dataclass(frozen=True, slots=True)
class Stretch:
    """``rules.findings.Found`` with nothing found. Lengths in metres, areas in m²."""

    line_m: Decimal = Decimal(0)
    crossing_m: Decimal = Decimal(0)
    road_excavated: bool = False
    road_class: RoadClass | None = None
    road_opened_on: date | None = None
    road_overhauled_on: date | None = None
    traffic_affected: bool = False
    green_m2: Decimal = Decimal(0)
    planning_change: bool = False
    new_corridor: bool = False
    major_crossing: bool = False
    new_building: bool = False


def stretch(found: dict[str, Any]) -> Stretch:
    """From numbers, words and ISO dates."""
    return Stretch(
        **{
            **found,
            **{key: Decimal(str(found[key])) for key in MEASURES if key in found},
            **{key: date.fromisoformat(found[key]) for key in DATES if key in found},
            **({"road_class": RoadClass(found["road_class"])} if "road_class" in found else {}),
        }
    )
