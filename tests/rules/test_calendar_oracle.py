"""Working time against an oracle that walks minute by minute and shares no code with it."""

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import chinese_calendar
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.cities import Hours, Limit
from rules.calendar import WorkCalendar

SHANGHAI = ZoneInfo("Asia/Shanghai")
MINUTE = timedelta(minutes=1)
WINTER = [("08:30", "12:00"), ("14:30", "17:30")]
SUMMER = [("08:00", "12:00"), ("15:00", "18:01")]
HOURS = Hours.model_validate(
    {
        "seasons": [
            {"from": "10-01", "to": "04-30", "sessions": WINTER},
            {"from": "05-01", "to": "09-30", "sessions": SUMMER},
        ]
    }
)
CALENDAR = WorkCalendar(HOURS, time(16))

starts = st.datetimes(
    datetime(2025, 9, 1),  # noqa: DTZ001 (the zone is given below)
    datetime(2026, 10, 20),  # noqa: DTZ001
    timezones=st.sampled_from([UTC, SHANGHAI, ZoneInfo("America/New_York")]),
)


def sessions(day: date) -> list[tuple[datetime, datetime]]:
    if not chinese_calendar.is_workday(day):
        return []
    table = SUMMER if 5 <= day.month <= 9 else WINTER
    return [
        (
            datetime.combine(day, time.fromisoformat(opens), SHANGHAI),
            datetime.combine(day, time.fromisoformat(closes), SHANGHAI),
        )
        for opens, closes in table
    ]


def working_minutes(start: datetime) -> Iterator[datetime]:
    """The ends of the working minutes that begin at or after ``start``."""
    day = start.astimezone(SHANGHAI).date()
    while True:
        for opens, closes in sessions(day):
            minute = opens
            while minute < closes:
                if minute >= start:
                    yield minute + MINUTE
                minute += MINUTE
        day += timedelta(1)


def nth(start: datetime, n: int) -> datetime:
    ends = working_minutes(start)
    for _ in range(n - 1):
        next(ends)
    return next(ends)


@settings(max_examples=60, deadline=None)
@given(starts, st.integers(1, 1500))
def test_added_minutes(start: datetime, minutes: int) -> None:
    due = CALENDAR.add_minutes(start, minutes)
    assert due.at == nth(start, minutes)
    assert CALENDAR.minutes_between(start, due.at) == minutes
    assert CALENDAR.minutes_between(due.at, start) == -minutes
    assert CALENDAR.minutes_between(start, due.at - timedelta(microseconds=1)) == minutes - 1


@settings(max_examples=60, deadline=None)
@given(starts, st.timedeltas(timedelta(0), timedelta(days=12)))
def test_minutes_between(start: datetime, length: timedelta) -> None:
    end = start + length
    counted = 0
    for close in working_minutes(start):
        if close > end:
            break
        counted += 1
    assert CALENDAR.minutes_between(start, end) == counted


@settings(max_examples=80, deadline=None)
@given(starts, st.integers(1, 12))
def test_whole_days(start: datetime, n: int) -> None:
    day, left = start.astimezone(SHANGHAI).date(), n
    while left:
        day += timedelta(1)
        left -= bool(sessions(day))
    due = CALENDAR.deadline(start, Limit(working_days=Decimal(n)))
    assert due.at == sessions(day)[-1][1]
    assert not due.provisional


@settings(max_examples=60, deadline=None)
@given(starts)
def test_half_days_and_next_working_time(start: datetime) -> None:
    first_end = nth(start, 1)
    opens = sessions(first_end.date())
    whole = sum(int((b - a) / MINUTE) for a, b in opens)
    due = CALENDAR.deadline(start, Limit(working_days=Decimal("0.5")))
    assert due.at == nth(start, -(-whole // 2))
    inside = any(a <= start < b for a, b in sessions(start.astimezone(SHANGHAI).date()))
    assert CALENDAR.is_working_time(start) is inside
    expected = start if inside else first_end - MINUTE
    assert CALENDAR.next_working_time(start) == expected


@settings(max_examples=60, deadline=None)
@given(starts, st.integers(1, 800), st.integers(0, 900), st.timedeltas(timedelta(0), timedelta(9)))
def test_a_pause_keeps_what_is_left(
    start: datetime, limit: int, worked: int, pause: timedelta
) -> None:
    due = CALENDAR.add_minutes(start, limit)
    paused_at = CALENDAR.add_minutes(start, worked).at
    resumed_at = paused_at + pause
    resumed = CALENDAR.resume(due, paused_at, resumed_at)
    if worked >= limit:
        assert resumed == due
    else:
        assert resumed.at == nth(resumed_at, limit - worked)


@settings(max_examples=60, deadline=None)
@given(starts, st.integers(0, 8))
def test_longer_limits_never_end_earlier(start: datetime, halves: int) -> None:
    shorter = Limit(working_days=Decimal(halves + 1) / 2)
    longer = Limit(working_days=Decimal(halves + 2) / 2)
    assert CALENDAR.deadline(start, shorter).at <= CALENDAR.deadline(start, longer).at
    assert CALENDAR.deadline(start, shorter).at > start


@pytest.mark.skipif("WORKTIME_ZONE_CHECK" in os.environ, reason="this is the inner run")
@pytest.mark.parametrize("zone", ["America/New_York", "Pacific/Kiritimati"])
def test_the_zone_of_the_process_changes_nothing(zone: str) -> None:
    """The hand-worked table once more in a process that lives elsewhere."""
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist",
         "tests/rules/test_calendar.py"],
        env={**os.environ, "TZ": zone, "WORKTIME_ZONE_CHECK": "1"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout[-2000:]
