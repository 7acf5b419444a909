"""The walk's own calendar, and that the walk notices what it is there to notice."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pytest

from rules.statutory import statutory_holidays
from rules.workdays import Workdays, library_years
from server.walk.api import Api
from server.walk.people import Someone, Troupe
from server.walk.surprise import Surprise
from server.walk.table import DAYE, ZHOUKOU, Row, Table
from server.walk.walk import APPLICANT, Walk
from server.walk.week import (
    DAYS_OFF,
    KNOWN_UNTIL,
    LAST_PUBLISHED,
    is_off,
    ordinary_monday,
    working_days_after,
)

MONDAY = date(2026, 12, 7)


def test_the_days_written_by_hand_are_the_law_s() -> None:
    for year in range(LAST_PUBLISHED + 1, KNOWN_UNTIL.year + 1):
        law = {day for day in statutory_holidays(year) if day.isoweekday() <= 5}
        assert {day for day in DAYS_OFF if day.year == year} == law


def test_the_calendar_by_hand_is_brought_up_to_what_is_published() -> None:
    assert max(library_years()) == LAST_PUBLISHED
    official = Workdays({}, None)
    rest_of_2026 = [date(2026, 11, 20) + timedelta(days=n) for n in range(42)]
    assert [is_off(day) for day in rest_of_2026] == [
        not official.is_workday(day) for day in rest_of_2026
    ]


@pytest.mark.parametrize(
    ("earliest", "monday"),
    [
        (date(2026, 11, 20), date(2026, 11, 23)),
        (date(2026, 11, 23), date(2026, 11, 23)),
        (date(2026, 12, 21), date(2027, 1, 4)),  # New Year's Day falls into the second week
        (date(2027, 1, 25), date(2027, 2, 15)),  # Spring Festival
        (date(2029, 12, 1), None),
    ],
)
def test_a_walk_begins_on_an_ordinary_monday(earliest: date, monday: date | None) -> None:
    assert ordinary_monday(earliest) == monday


def test_working_days_pass_over_days_off() -> None:
    assert working_days_after(date(2026, 12, 16), 15) == date(2027, 1, 7)
    assert working_days_after(date(2026, 12, 9), 10) == date(2026, 12, 23)


@pytest.mark.parametrize("table", [DAYE, ZHOUKOU])
def test_every_row_ends_in_working_hours(table: Table) -> None:
    for row in (row for rows in table.values() for row in rows):
        due = row.due(MONDAY)
        assert not is_off(due.date())
        minute = due.hour * 60 + due.minute
        assert 510 < minute <= 720 or 870 < minute <= 1050


def bare_walk(said: list[str]) -> Walk:
    """A walk that stands nowhere, with one window in its cast."""
    api = Api("http://127.0.0.1:1")
    window = Someone(api, "daye-window", "赵", "", "专窗", "daye", "window_clerk", "")
    rows = {"提交": (Row("acceptance", ("window",), 0, "14:45", near=True),)}
    return Walk(api, Troupe(api, "daye", {"daye-window": window}), rows, said.append, MONDAY)


def clock(**told: Any) -> Mapping[str, Any]:
    """A clock as progress shows it."""
    return {
        "step": "acceptance",
        "step_label": "受理",
        "holder_name": "专窗",
        "due_at": "2026-12-07T14:46:00+08:00",
        "target_at": None,
        "provisional": False,
        "paused": False,
        **told,
    }


def test_the_right_clock_passes() -> None:
    said: list[str] = []
    walk = bare_walk(said)
    walk.clocks("提交", [clock()])
    assert walk.clocks_checked == 1
    assert "受理 专窗 12-07 14:46" in said[0]


@pytest.mark.parametrize(
    "wrong",
    [
        [],
        [clock(), clock(step="survey")],
        [clock(holder_name=APPLICANT)],
        [clock(due_at="2026-12-07T14:44:00+08:00")],
        [clock(due_at="2026-12-07T14:49:00+08:00")],
        [clock(due_at="2026-12-07T14:46:00+00:00")],
        [clock(provisional=True)],
        [clock(paused=True)],
        [clock(target_at="2026-12-07T12:00:00+08:00")],
    ],
)
def test_a_wrong_clock_ends_the_walk(wrong: list[Mapping[str, Any]]) -> None:
    with pytest.raises(Surprise):
        bare_walk([]).clocks("提交", wrong)
