"""What cannot be found on site is told at once, each fault with its place."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from config import texts
from config.city.permits import RoadClass
from rules.errors import Fault
from rules.found_bounds import bounds

DAY = date(2026, 3, 18)


@dataclass(frozen=True)
class Segment:
    line_m: Decimal = Decimal(120)
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


def told(**found: Any) -> list[tuple[str, str]]:
    return [(each.field, each.code) for each in bounds([Segment(**found)], DAY)]


@pytest.mark.parametrize(
    ("found", "fault"),
    [
        ({"crossing_m": Decimal(10)}, ("road_class", "road_class_needed")),
        ({"road_excavated": True}, ("road_class", "road_class_needed")),
        (
            {"crossing_m": Decimal(121), "road_class": "branch"},
            ("crossing_m", "crossing_longer_than_line"),
        ),
        (
            {"line_m": Decimal(900), "crossing_m": Decimal("500.01"), "road_class": "branch"},
            ("crossing_m", "too_big"),
        ),
        ({"green_m2": Decimal("100000.01")}, ("green_m2", "too_big")),
        ({"road_opened_on": date(2026, 3, 19)}, ("road_opened_on", "time_future")),
        ({"road_overhauled_on": date(1949, 10, 1)}, ("road_overhauled_on", "date_too_early")),
        (
            {"road_opened_on": date(2020, 5, 2), "road_overhauled_on": date(2020, 5, 1)},
            ("road_overhauled_on", "overhauled_before_opened"),
        ),
        ({"line_m": Decimal(0), "green_m2": Decimal(3)}, ("line_m", "line_needed")),
        ({"line_m": Decimal(0), "planning_change": True}, ("line_m", "line_needed")),
        ({"line_m": Decimal(0), "major_crossing": True}, ("line_m", "line_needed")),
    ],
)
def test_each_bound(found: dict[str, Any], fault: tuple[str, str]) -> None:
    assert told(**found) == [(f"segments.0.{fault[0]}", fault[1])]


def test_the_bounds_themselves_are_fine() -> None:
    assert not told(
        line_m=Decimal(500),
        crossing_m=Decimal(500),
        road_class="branch",
        green_m2=Decimal(100_000),
        road_opened_on=DAY,
        road_overhauled_on=DAY,
    )
    assert not bounds([Segment(line_m=Decimal(25_000))] * 2, DAY)


def test_all_stretches_together_are_bounded() -> None:
    found = bounds([Segment(line_m=Decimal(25_000)), Segment(line_m=Decimal("25000.5"))], DAY)
    assert [(each.field, each.code) for each in found] == [("segments", "line_too_long")]
    assert message(found[0]) == "各段管线合计不能超过50000米"


def test_no_line_at_all_is_a_finding_too() -> None:
    assert not told(line_m=Decimal(0))
    assert not told(line_m=Decimal(0), new_building=True)


def test_a_stretch_without_a_line_beside_one_with_a_line_is_fine() -> None:
    assert not bounds([Segment(), Segment(line_m=Decimal(0), green_m2=Decimal(3))], DAY)


def test_every_fault_of_every_stretch_is_told_at_once_in_words() -> None:
    found = bounds(
        [Segment(crossing_m=Decimal(200)), Segment(road_opened_on=date(2027, 1, 1))], DAY
    )
    assert [each.field for each in found] == [
        "segments.0.crossing_m",
        "segments.0.road_class",
        "segments.1.road_opened_on",
    ]
    assert message(found[0]) == "穿越道路长度不能大于管线长度"
    assert all(message(each) for each in found)


def message(fault: Fault) -> str:
    return texts.fault(fault.code, texts.label(fault.field), fault.data)
