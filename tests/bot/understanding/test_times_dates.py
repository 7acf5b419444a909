"""Typed dates: of a contract, of a planned use, of the end of a temporary supply."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.understanding.times import read_date, shown_day
from bot.understanding.times.festivals import lunar
from rules.calendar import SHANGHAI
from rules.statutory import statutory_holidays

NOW = datetime(2026, 3, 4, 10, 0, tzinfo=SHANGHAI)
CLEAR = {
    "2027年6月1日": "2027-06-01",
    "2027-06-01": "2027-06-01",
    "2027/6/1": "2027-06-01",
    "2027.6.1": "2027-06-01",
    "20270601": "2027-06-01",
    "27年6月1号": "2027-06-01",
    "明年六月一号": "2027-06-01",
    "6月1号": "2026-06-01",
    "3月1号": "2027-03-01",
    "三个月后": "2026-06-04",
    "半年后": "2026-09-04",
    "今天": "2026-03-04",
    "下周一": "2026-03-09",
    "下个月15号": "2026-04-15",
    "国庆": "2026-10-01",
    "就明年元旦吧": "2027-01-01",
    "预计2026年12月31日投产": "2026-12-31",
}
OPEN = {
    "明年三月": ("2027-03-01 2027-03-16 2027-03-31", {"day"}),
    "明年6月": ("2027-06-01 2027-06-15 2027-06-30", {"day"}),
    "年底": ("2026-12-01 2026-12-16 2026-12-31", {"day"}),
    "五月底": ("2026-05-25 2026-05-28 2026-05-31", {"day"}),
    "月底": ("2026-03-25 2026-03-28 2026-03-31", {"day"}),
    "下半年": ("2026-07-01 2026-09-30 2026-12-31", {"day", "month"}),
    "明年": ("2027-01-01 2027-07-02 2027-12-31", {"day", "month"}),
}


@pytest.mark.parametrize(("typed", "meant"), CLEAR.items())
def test_a_clear_date(typed: str, meant: str) -> None:
    read = read_date(typed, NOW)
    assert read is not None
    assert read.clear == date.fromisoformat(meant)


@pytest.mark.parametrize("typed", OPEN)
def test_a_longer_time_is_asked_back(typed: str) -> None:
    candidates, missing = OPEN[typed]
    read = read_date(typed, NOW)
    assert read is not None
    assert " ".join(day.isoformat() for day in read.candidates) == candidates
    assert sorted(read.missing) == sorted(missing)
    assert read.clear is None


def test_two_days_are_two_candidates() -> None:
    read = read_date("17号或者18号", NOW)
    assert read is not None
    assert read.candidates == (date(2026, 3, 17), date(2026, 3, 18))
    assert read.clear is None


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("10月5号", "2025-10-05"),
        ("去年十月五号签的", "2025-10-05"),
        ("3月4号", "2026-03-04"),
        ("周五", "2026-02-27"),
        ("昨天", "2026-03-03"),
        ("25号签的", "2026-02-25"),
        ("国庆", "2025-10-01"),
    ],
)
def test_a_date_that_lies_behind(typed: str, meant: str) -> None:
    read = read_date(typed, NOW, past=True)
    assert read is not None
    assert read.clear == date.fromisoformat(meant)


@pytest.mark.parametrize(
    "typed", ["", "好的", "2月30日", "三百一十五", "下午三点", "不知道", "三天"]
)
def test_no_date(typed: str) -> None:
    assert read_date(typed, NOW) is None


def test_a_limit_is_told() -> None:
    read = read_date("6月1号之前", NOW)
    assert read is not None
    assert (read.clear, read.limit) == (date(2026, 6, 1), "before")


@given(text=st.text(max_size=40), past=st.booleans())
@settings(max_examples=300, deadline=None)
def test_no_text_raises(text: str, past: bool) -> None:
    read = read_date(text, NOW, past=past)
    assert read is None or read.candidates


@given(day=st.dates(date(2001, 1, 1), date(2099, 12, 31)))
def test_what_is_shown_is_read_again(day: date) -> None:
    read = read_date(shown_day(day), NOW)
    assert read is not None
    assert read.clear == day


def test_the_chinese_calendar_agrees_with_the_days_off_by_law() -> None:
    """Two sources written down apart: the table of lunar years, and the statutory days."""
    for year in range(2027, 2032):
        spring, boat, moon = (lunar(year, *day) for day in ((1, 1), (5, 5), (8, 15)))
        assert spring is not None
        assert {spring - timedelta(1), spring, boat, moon} <= statutory_holidays(year)
    assert lunar(2025, 7, 1) == date(2025, 8, 23)  # after the leap sixth month
    assert lunar(2200, 1, 1) is None
