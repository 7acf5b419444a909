"""The permit route against a hand-made table, at its boundaries."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config import texts
from config.cities import RoadClass, Trigger
from rules.errors import DomainError
from rules.permit import (
    Decision,
    Reason,
    Route,
    overrule,
    route,
    within_years,
)
from tests.rules.form_cast import DAYE, ZHOUKOU
from tests.rules.stretches import Stretch, stretch

ON = date(2026, 11, 20)
CITY = {"daye": DAYE, "zhoukou": ZHOUKOU}
BRANCH = {"road_excavated": True, "road_class": "branch"}


def judge(city: str, *segments: dict[str, Any], **more: Any) -> Decision:
    return route(CITY[city], [stretch(each) for each in segments], on=ON, **more)


TABLE: list[tuple[str, str, list[dict[str, Any]], str, str]] = [
    # city, what, segments, route, code of the first reason
    ("daye", "nothing outside", [], "none", "no_line"),
    ("daye", "a line without permits", [{"line_m": 150}], "none", "no_permit"),
    ("daye", "short with a road", [{"line_m": 150, **BRANCH}], "commitment", "commitment"),
    ("daye", "just below", [{"line_m": "199.99", **BRANCH}], "commitment", "commitment"),
    ("daye", "exactly 200", [{"line_m": 200, **BRANCH}], "joint", "line_not_below"),
    ("daye", "exactly 200, no permit", [{"line_m": 200}], "joint", "line_not_below"),
    ("daye", "above", [{"line_m": "200.01", **BRANCH}], "joint", "line_not_below"),
    (
        "daye",
        "split in two",
        [{"line_m": 100, **BRANCH}, {"line_m": 100}],
        "joint",
        "line_not_below",
    ),
    ("daye", "green alone", [{"line_m": 50, "green_m2": 500}], "commitment", "commitment"),
    (
        "daye",
        "a crossing counts as road",
        [{"line_m": 50, "crossing_m": 40}],
        "commitment",
        "commitment",
    ),
    (
        "daye",
        "arterial is no matter here",
        [{"line_m": 50, "road_excavated": True, "road_class": "arterial"}],
        "commitment",
        "commitment",
    ),
    (
        "daye",
        "planning changed",
        [{"line_m": 50, "planning_change": True, **BRANCH}],
        "joint",
        "joint_planning_change",
    ),
    (
        "daye",
        "major crossing",
        [{"line_m": 50, "major_crossing": True}],
        "joint",
        "joint_major_crossing",
    ),
    (
        "daye",
        "traffic alone",
        [{"line_m": 50, "traffic_affected": True}],
        "joint",
        "not_for_commitment",
    ),
    ("zhoukou", "nothing outside", [], "none", "no_line"),
    ("zhoukou", "a line without permits", [{"line_m": 200}], "none", "no_permit"),
    ("zhoukou", "exactly 200", [{"line_m": 200, **BRANCH}], "commitment", "commitment"),
    ("zhoukou", "above", [{"line_m": "200.01", **BRANCH}], "joint", "line_above"),
    ("zhoukou", "above, no permit", [{"line_m": "200.01"}], "joint", "line_above"),
    (
        "zhoukou",
        "split in two",
        [{"line_m": 150, **BRANCH}, {"line_m": 51}],
        "joint",
        "line_above",
    ),
    (
        "zhoukou",
        "crossing exactly 15",
        [{"line_m": 60, "crossing_m": 15, **BRANCH}],
        "commitment",
        "commitment",
    ),
    (
        "zhoukou",
        "crossing above 15",
        [{"line_m": 60, "crossing_m": "15.01", **BRANCH}],
        "joint",
        "crossing_above",
    ),
    (
        "zhoukou",
        "crossings split",
        [{"line_m": 60, "crossing_m": 8, **BRANCH}, {"line_m": 60, "crossing_m": 8, **BRANCH}],
        "joint",
        "crossing_above",
    ),
    ("zhoukou", "green exactly 20", [{"line_m": 60, "green_m2": 20}], "commitment", "commitment"),
    ("zhoukou", "green above 20", [{"line_m": 60, "green_m2": "20.01"}], "joint", "green_above"),
    (
        "zhoukou",
        "greens split",
        [{"line_m": 60, "green_m2": 15}, {"line_m": 60, "green_m2": 15}],
        "joint",
        "green_above",
    ),
    (
        "zhoukou",
        "arterial",
        [{"line_m": 60, "road_excavated": True, "road_class": "arterial"}],
        "joint",
        "road_arterial",
    ),
    (
        "zhoukou",
        "expressway crossed",
        [{"line_m": 60, "crossing_m": 5, "road_class": "expressway"}],
        "joint",
        "road_expressway",
    ),
    (
        "zhoukou",
        "secondary road",
        [{"line_m": 60, "road_excavated": True, "road_class": "secondary"}],
        "commitment",
        "commitment",
    ),
    (
        "zhoukou",
        "road of unknown class",
        [{"line_m": 60, "road_excavated": True}],
        "joint",
        "road_unknown",
    ),
    (
        "zhoukou",
        "beside an arterial, not opened",
        [{"line_m": 60, "road_class": "arterial", "green_m2": 5}],
        "commitment",
        "commitment",
    ),
    (
        "zhoukou",
        "opened five years ago today",
        [{"line_m": 60, "road_opened_on": "2021-11-20", **BRANCH}],
        "joint",
        "road_opened",
    ),
    (
        "zhoukou",
        "opened five years ago yesterday",
        [{"line_m": 60, "road_opened_on": "2021-11-19", **BRANCH}],
        "commitment",
        "commitment",
    ),
    (
        "zhoukou",
        "overhauled three years ago today",
        [{"line_m": 60, "road_overhauled_on": "2023-11-20", **BRANCH}],
        "joint",
        "road_overhauled",
    ),
    (
        "zhoukou",
        "overhauled three years ago yesterday",
        [{"line_m": 60, "road_overhauled_on": "2023-11-19", **BRANCH}],
        "commitment",
        "commitment",
    ),
    (
        "zhoukou",
        "planning is committed too",
        [{"line_m": 60, "planning_change": True}],
        "commitment",
        "commitment",
    ),
]


@pytest.mark.parametrize(
    ("city", "what", "segments", "way", "code"), TABLE, ids=[f"{r[0]}: {r[1]}" for r in TABLE]
)
def test_route(city: str, what: str, segments: list[dict[str, Any]], way: str, code: str) -> None:
    decision = judge(city, *segments)
    assert (decision.route, decision.reasons[0].code) == (Route(way), code), what
    assert all(reason.clause.startswith(CITY[city].short_name) for reason in decision.reasons)
    if way == "none":
        assert not decision.departments
        assert not decision.permits
    else:
        assert decision.departments[0] == "town"
        assert len(decision.departments) > 1


def test_the_reason_tells_clause_and_numbers() -> None:
    daye = judge("daye", {"line_m": "120.5", **BRANCH}, {"line_m": "79.5"})
    assert daye.reasons[0].text == (
        "外线合计200米，不小于200米，不适用告知承诺，实行联合审批（大冶 四(二)1）"
    )
    zhoukou = judge("zhoukou", {"line_m": 10, "crossing_m": "15.5", **BRANCH})
    assert zhoukou.reasons[0].text == "穿越道路合计15.5米，超过15米，不适用告知承诺（周口 四(二)）"


def test_every_failing_condition_is_told() -> None:
    decision = judge(
        "zhoukou",
        {"line_m": 300, "crossing_m": 30, "green_m2": 30, "road_class": "arterial"},
        {
            "line_m": 1,
            "road_excavated": True,
            "road_class": "branch",
            "road_opened_on": "2026-01-01",
        },
        suspended=True,
    )
    assert [reason.code for reason in decision.reasons] == [
        "line_above",
        "crossing_above",
        "green_above",
        "road_arterial",
        "road_opened",
        "suspended",
    ]


DEPARTMENTS: list[tuple[str, dict[str, Any], tuple[str, ...]]] = [
    ("daye", BRANCH, ("town", "chengguan")),
    ("daye", {"road_excavated": True, "road_class": "highway"}, ("town", "jiaotong")),
    ("daye", {**BRANCH, "traffic_affected": True}, ("town", "chengguan", "jiaojing")),
    ("daye", {"green_m2": 3}, ("town", "chengguan")),
    ("daye", {"planning_change": True}, ("town", "zigui")),
    ("daye", {"new_corridor": True, "new_building": True}, ("town", "zigui", "zhujian")),
    ("daye", {"line_m": 500}, ("town", "chengguan")),
    ("zhoukou", {**BRANCH, "traffic_affected": True}, ("town", "chengguan", "jiaojing")),
    ("zhoukou", {"new_building": True, "new_corridor": True}, ("town", "zigui", "zhujian")),
    ("zhoukou", {"road_excavated": True, "road_class": "highway"}, ("town", "jiaotong")),
]


@pytest.mark.parametrize(("city", "finding", "departments"), DEPARTMENTS)
def test_departments_in_the_order_of_form_c(
    city: str, finding: dict[str, Any], departments: tuple[str, ...]
) -> None:
    assert judge(city, {"line_m": 10} | finding).departments == departments


def test_a_city_road_and_a_highway_need_both_departments() -> None:
    decision = judge(
        "daye",
        {"line_m": 10, **BRANCH},
        {"line_m": 10, "road_excavated": True, "road_class": "highway"},
    )
    road = next(each for each in decision.permits if each.kind == "road_excavation")
    assert set(road.departments) == {"chengguan", "jiaotong"}
    assert decision.departments == ("town", "chengguan", "jiaotong")


def test_annual_commitment_in_daye_only() -> None:
    line = {"line_m": 10, "traffic_affected": True, **BRANCH}
    assert judge("daye", line).route is Route.COMMITMENT
    assert judge("daye", line, promised={"chengguan", "jiaojing"}).route is Route.COMMITMENT
    blocked = judge("daye", line, promised={"chengguan"})
    assert blocked.route is Route.JOINT
    assert blocked.reasons[0].text.startswith("该单位未向公安(交警)作出有效的年度承诺")
    assert judge("zhoukou", line, promised=set()).route is Route.COMMITMENT


@pytest.mark.parametrize("city", ["daye", "zhoukou"])
def test_a_suspended_utility_cannot_commit(city: str) -> None:
    line = {"line_m": 10, **BRANCH}
    assert judge(city, line, suspended=True).route is Route.JOINT
    assert judge(city, {"line_m": 10}, suspended=True).route is Route.NONE


def test_a_clerk_may_overrule_only_towards_joint() -> None:
    committed = judge("daye", {"line_m": 10, **BRANCH})
    stricter = overrule(DAYE, committed, Route.JOINT, "管线密集")
    assert stricter.route is Route.JOINT
    assert stricter.reasons[0].text == "经办人认定应实行联合审批：管线密集（大冶 四(二)2）"
    assert stricter.departments == committed.departments
    assert overrule(DAYE, stricter, Route.JOINT, "再次") == stricter
    assert overrule(DAYE, judge("daye"), Route.JOINT, "存疑").departments == ("town", "chengguan")
    for to, why in ((Route.COMMITMENT, "快些"), (Route.NONE, "快些"), (Route.JOINT, " ")):
        with pytest.raises(DomainError):
            overrule(DAYE, stricter, to, why)


@pytest.mark.parametrize(
    ("start", "years", "last"),
    [
        (date(2021, 11, 20), 5, date(2026, 11, 20)),
        (date(2024, 2, 29), 3, date(2027, 2, 28)),
        (date(2024, 2, 29), 4, date(2028, 2, 29)),
    ],
)
def test_the_last_day_of_a_span_of_years(start: date, years: int, last: date) -> None:
    assert within_years(start, years, last)
    assert not within_years(start, years, date.fromordinal(last.toordinal() + 1))


def test_no_span_without_a_date() -> None:
    assert not within_years(None, 5, ON)
    assert not within_years(ON, None, ON)


@pytest.mark.parametrize("bad", ["-1", "NaN", "Infinity"])
def test_broken_measures_are_refused(bad: str) -> None:
    with pytest.raises(ValueError, match="not negative"):
        judge("daye", {"line_m": bad})


def test_every_reason_has_words() -> None:
    for trigger in Trigger:
        assert texts.reason(f"joint_{trigger}")
    for road in RoadClass:
        assert texts.reason(f"road_{road}")
    assert (
        Reason("no_permit", "大冶 四(二)", {"line": "3"}).text
        == "外线3米，不涉及行政许可（大冶 四(二)）"
    )


metres = st.decimals(0, 400, places=2)
stretches = st.builds(
    Stretch,
    line_m=metres,
    crossing_m=st.decimals(0, 30, places=2),
    green_m2=st.decimals(0, 40, places=2),
    road_excavated=st.booleans(),
    road_class=st.sampled_from([None, *RoadClass]),
    traffic_affected=st.booleans(),
)


@settings(deadline=None)
@given(stretches, st.decimals(0, 1, places=2), st.sampled_from(["daye", "zhoukou"]))
def test_splitting_gains_nothing(whole: Stretch, share: Decimal, city: str) -> None:
    first = replace(
        whole,
        line_m=whole.line_m * share,
        crossing_m=whole.crossing_m * share,
        green_m2=whole.green_m2 * share,
    )
    rest = replace(
        whole,
        line_m=whole.line_m - first.line_m,
        crossing_m=whole.crossing_m - first.crossing_m,
        green_m2=whole.green_m2 - first.green_m2,
    )
    alone = route(CITY[city], [whole], on=ON)
    split = route(CITY[city], [first, rest], on=ON)
    assert (split.route, split.departments) == (alone.route, alone.departments)


@settings(deadline=None)
@given(st.lists(stretches, max_size=3), stretches, st.sampled_from(["daye", "zhoukou"]))
def test_more_work_never_lightens_the_route(some: list[Stretch], more: Stretch, city: str) -> None:
    weight = [Route.NONE, Route.COMMITMENT, Route.JOINT]
    before = route(CITY[city], some, on=ON)
    after = route(CITY[city], [*some, more], on=ON)
    lighter = weight.index(after.route) < weight.index(before.route)
    reasons = {reason.code for reason in before.reasons}
    assert not lighter or reasons == {"not_for_commitment"}
