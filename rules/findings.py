"""What crews found on external lines: one stretch, and all stretches of a line summed.

Lengths in metres, areas in m².
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Protocol

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
class Total:
    """All segments of one utility together."""

    segments: tuple[Found, ...]
    line: Decimal
    crossing: Decimal
    green: Decimal
    triggers: frozenset[Trigger]


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
