"""Bounds of what a crew finds on site, the same in every city: what cannot be is told at once.

Lengths in metres, areas in m². Whether a permit is needed is another matter (``rules.permit``).
"""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Final

from rules.errors import Fault
from rules.findings import ZERO, Found, opens_road

LINE_MOST: Final = Decimal(50_000)
"""Of one request's stretches together; a longer line is a work of its own, no connection."""
CROSSING_MOST: Final = Decimal(500)
"""Of one stretch: no road is wider."""
GREEN_MOST: Final = Decimal(100_000)
"""Of one stretch: ten hectares."""
ROADS_SINCE: Final = date(1950, 1, 1)


def needs_line(found: Found) -> bool:
    """Whether anything is laid outside."""
    return found.line_m > 0 or opens_road(found)


def bounds(segments: Sequence[Found], on: date) -> tuple[Fault, ...]:
    """Everything that cannot be, found on day ``on`` (Shanghai), each fault with its place."""
    found = [
        Fault(f"segments.{index}.{each.field}", each.code, data=each.data)
        for index, segment in enumerate(segments)
        for each in _of_segment(segment, on)
    ]
    if sum((each.line_m for each in segments), ZERO) > LINE_MOST:
        found.append(_too_big("segments", LINE_MOST, "米", "line_too_long"))
    if not any(needs_line(each) for each in segments):
        found += [
            Fault(f"segments.{index}.line_m", "line_needed")
            for index, each in enumerate(segments)
            if _touches(each)
        ]
    return tuple(found)


def _of_segment(found: Found, on: date) -> Iterator[Fault]:
    if found.crossing_m > found.line_m:
        yield Fault("crossing_m", "crossing_longer_than_line")
    if found.crossing_m > CROSSING_MOST:
        yield _too_big("crossing_m", CROSSING_MOST, "米")
    if found.green_m2 > GREEN_MOST:
        yield _too_big("green_m2", GREEN_MOST, "平方米")
    if opens_road(found) and found.road_class is None:
        yield Fault("road_class", "road_class_needed")
    yield from _dates(found, on)


def _dates(found: Found, on: date) -> Iterator[Fault]:
    for name, day in (
        ("road_opened_on", found.road_opened_on),
        ("road_overhauled_on", found.road_overhauled_on),
    ):
        if day is not None and day > on:
            yield Fault(name, "time_future")
        elif day is not None and day < ROADS_SINCE:
            yield Fault(name, "date_too_early", data={"min": ROADS_SINCE.isoformat()})
    opened, overhauled = found.road_opened_on, found.road_overhauled_on
    if opened is not None and overhauled is not None and overhauled < opened:
        yield Fault("road_overhauled_on", "overhauled_before_opened")


def _touches(found: Found) -> bool:
    """Something outside is touched, by which line?"""
    return found.green_m2 > 0 or any(
        (found.traffic_affected, found.planning_change, found.new_corridor, found.major_crossing)
    )


def _too_big(field: str, most: Decimal, unit: str, code: str = "too_big") -> Fault:
    return Fault(field, code, data={"max": str(most), "unit": unit})
