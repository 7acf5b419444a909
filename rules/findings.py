"""What crews found on external lines: one stretch as a value, all stretches of a line summed.

Lengths in metres, areas in m².
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Protocol

from config.cities import RoadClass, Trigger

ZERO = Decimal(0)


class Found(Protocol):
    """What a crew found on one stretch of external line."""

    @property
    def line_m(self) -> Decimal: ...
    @property
    def crossing_m(self) -> Decimal: ...
    @property
    def road_excavated(self) -> bool: ...
    @property
    def road_class(self) -> RoadClass | None: ...
    @property
    def road_opened_on(self) -> date | None: ...
    @property
    def road_overhauled_on(self) -> date | None: ...
    @property
    def traffic_affected(self) -> bool: ...
    @property
    def green_m2(self) -> Decimal: ...
    @property
    def planning_change(self) -> bool: ...
    @property
    def new_corridor(self) -> bool: ...
    @property
    def major_crossing(self) -> bool: ...
    @property
    def new_building(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Stretch:
    """``Found`` as a plain value (what-if pages, estimates). Dates None: not known to be recent."""

    line_m: Decimal = ZERO
    crossing_m: Decimal = ZERO
    road_excavated: bool = False
    road_class: RoadClass | None = None
    road_opened_on: date | None = None
    road_overhauled_on: date | None = None
    traffic_affected: bool = False
    green_m2: Decimal = ZERO
    planning_change: bool = False
    new_corridor: bool = False
    major_crossing: bool = False
    new_building: bool = False


@dataclass(frozen=True, slots=True)
class Total:
    """All segments of one utility together."""

    segments: tuple[Found, ...]
    line: Decimal
    crossing: Decimal
    green: Decimal
    triggers: frozenset[Trigger]


def findings_of(segments: Iterable[Mapping[str, Any]]) -> tuple[Stretch, ...]:
    """Segments as stored (JSON, extra keys ignored) → values. ValueError for a broken measure."""
    return tuple(_stretch(each) for each in segments)


def _measure(raw: Any) -> Decimal:
    try:
        return Decimal(str(raw if raw is not None else 0))
    except ArithmeticError as error:
        raise ValueError("not a measure") from error


def _stretch(raw: Mapping[str, Any]) -> Stretch:
    def day(name: str) -> date | None:
        return date.fromisoformat(raw[name]) if raw.get(name) else None

    return Stretch(
        line_m=_measure(raw.get("line_m")),
        crossing_m=_measure(raw.get("crossing_m")),
        road_excavated=raw.get("road_excavated") is True,
        road_class=RoadClass(raw["road_class"]) if raw.get("road_class") else None,
        road_opened_on=day("road_opened_on"),
        road_overhauled_on=day("road_overhauled_on"),
        traffic_affected=raw.get("traffic_affected") is True,
        green_m2=_measure(raw.get("green_m2")),
        planning_change=raw.get("planning_change") is True,
        new_corridor=raw.get("new_corridor") is True,
        major_crossing=raw.get("major_crossing") is True,
        new_building=raw.get("new_building") is True,
    )


def total_of(segments: Sequence[Found]) -> Total:
    """The segments summed. ValueError for a negative or endless measure."""
    for each in segments:
        for measure in (each.line_m, each.crossing_m, each.green_m2):
            if not measure.is_finite() or measure < 0:
                raise ValueError("lengths and areas are not negative")
    return Total(
        tuple(segments),
        sum((each.line_m for each in segments), ZERO),
        sum((each.crossing_m for each in segments), ZERO),
        sum((each.green_m2 for each in segments), ZERO),
        frozenset(trigger for each in segments for trigger in _triggers(each)),
    )


def opens_road(found: Found) -> bool:
    """Whether the stretch digs up or crosses a road."""
    return found.road_excavated or found.crossing_m > 0


def _triggers(found: Found) -> Iterable[Trigger]:
    facts = {
        Trigger.ROAD: opens_road(found),
        Trigger.TRAFFIC: found.traffic_affected,
        Trigger.GREEN: found.green_m2 > 0,
        Trigger.PLANNING_CHANGE: found.planning_change,
        Trigger.NEW_CORRIDOR: found.new_corridor,
        Trigger.MAJOR_CROSSING: found.major_crossing,
        Trigger.NEW_BUILDING: found.new_building,
        Trigger.EXTERNAL_LINE: found.line_m > 0 or opens_road(found),
    }
    return (trigger for trigger, true in facts.items() if true)
