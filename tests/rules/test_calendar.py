"""Working time against tables worked by hand on the official calendars of 2025 and 2026."""

import time as clock
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest

from config.cities import Hours, Limit
from rules.calendar import SHANGHAI, Due, WorkCalendar
from rules.statutory import statutory_holidays
from rules.workdays import library_years

HOURS = Hours.model_validate(
    {
        "seasons": [
            {
                "from": "01-01",
                "to": "12-31",
                "sessions": [("08:30", "12:00"), ("14:30", "17:30")],
            }
        ]
    }
)
SEASONS = Hours.model_validate(
    {
        "seasons": [
            {"from": "10-01", "to": "04-30", "sessions": [("08:30", "12:00"), ("14:00", "17:00")]},
            {"from": "05-01", "to": "09-30", "sessions": [("08:00", "12:00"), ("15:00", "18:00")]},
        ]
    }
)
CUTOFF = time(16)
CALENDAR = WorkCalendar(HOURS, CUTOFF)


def at(text: str) -> datetime:
    """``"2026-02-13 10:00"`` of Shanghai."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def days(n: str) -> Limit:
    return Limit(working_days=Decimal(n))


def shown(due: Due) -> str:
    assert due.at.tzinfo is UTC
    return due.at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")


@pytest.mark.parametrize(
    ("start", "limit", "due"),
    [
        # plain week: the starting day is not counted, whatever the hour
        ("2026-03-02 00:00", "1", "2026-03-03 17:30"),
        ("2026-03-02 08:30", "1", "2026-03-03 17:30"),
        ("2026-03-02 23:59", "1", "2026-03-03 17:30"),
        ("2026-03-06 10:00", "1", "2026-03-09 17:30"),
        ("2026-03-02 10:00", "3", "2026-03-05 17:30"),
        # started on a day off: the next working day is the first
        ("2026-03-07 10:00", "1", "2026-03-09 17:30"),
        ("2026-03-08 10:00", "3", "2026-03-11 17:30"),
        # Spring Festival 2026: 14 and 28 February (Saturdays) worked, 15 … 23 off
        ("2026-02-13 10:00", "1", "2026-02-14 17:30"),
        ("2026-02-14 09:00", "1", "2026-02-24 17:30"),
        ("2026-02-18 12:00", "1", "2026-02-24 17:30"),
        ("2026-02-24 09:00", "3", "2026-02-27 17:30"),
        ("2026-02-24 09:00", "4", "2026-02-28 17:30"),
        ("2026-02-24 09:00", "5", "2026-03-02 17:30"),
        # National Day 2026: 20 September (Sunday) and 10 October (Saturday) worked, 1 … 7 off
        ("2026-09-18 10:00", "1", "2026-09-20 17:30"),
        ("2026-09-19 10:00", "1", "2026-09-20 17:30"),
        ("2026-09-30 17:00", "1", "2026-10-08 17:30"),
        ("2026-10-04 10:00", "1", "2026-10-08 17:30"),
        ("2026-09-30 17:00", "3", "2026-10-10 17:30"),
        ("2026-09-30 17:00", "4", "2026-10-12 17:30"),
        # year end: 1 … 3 January 2026 off, Sunday the 4th worked
        ("2025-12-31 10:00", "1", "2026-01-04 17:30"),
        ("2025-12-31 10:00", "2", "2026-01-05 17:30"),
    ],
)
def test_working_days_end_at_the_close_of_the_nth_day(start: str, limit: str, due: str) -> None:
    found = CALENDAR.deadline(at(start), days(limit))
    assert (shown(found), found.provisional) == (due, False)


@pytest.mark.parametrize(
    ("start", "limit", "due"),
    [
        # half of 390 minutes is 195; the morning holds 210, the afternoon 180
        ("2026-03-02 08:30", "0.5", "2026-03-02 11:45"),
        ("2026-03-02 08:00", "0.5", "2026-03-02 11:45"),
        ("2026-03-02 08:45", "0.5", "2026-03-02 12:00"),
        ("2026-03-02 08:46", "0.5", "2026-03-02 14:31"),
        ("2026-03-02 12:00", "0.5", "2026-03-03 08:45"),
        ("2026-03-02 13:15", "0.5", "2026-03-03 08:45"),
        ("2026-03-02 14:15", "0.5", "2026-03-03 08:45"),
        ("2026-03-02 17:29", "0.5", "2026-03-03 11:44"),
        ("2026-03-02 17:30", "0.5", "2026-03-03 11:45"),
        ("2026-02-14 16:00", "0.5", "2026-02-24 10:15"),
        ("2026-03-02 08:30:01", "0.5", "2026-03-02 11:46"),
        # one and a half: the first day's close, then half of the next
        ("2026-03-02 10:00", "1.5", "2026-03-04 11:45"),
        ("2026-02-13 10:00", "1.5", "2026-02-24 11:45"),
    ],
)
def test_half_days_run_from_the_next_working_minute(start: str, limit: str, due: str) -> None:
    assert shown(CALENDAR.deadline(at(start), days(limit))) == due


@pytest.mark.parametrize(
    ("start", "minutes", "due"),
    [
        ("2026-03-02 11:59", 1, "2026-03-02 12:00"),
        ("2026-03-02 11:59", 2, "2026-03-02 14:31"),
        ("2026-03-02 12:00", 1, "2026-03-02 14:31"),
        ("2026-03-02 11:59:30", 1, "2026-03-02 14:31"),
        ("2026-03-02 08:30", 390, "2026-03-02 17:30"),
        ("2026-03-02 08:30", 391, "2026-03-03 08:31"),
        ("2026-03-06 17:00", 60, "2026-03-09 09:00"),
        ("2025-12-31 17:00", 31, "2026-01-04 08:31"),
        ("2026-03-02 12:00", 0, "2026-03-02 14:30"),
    ],
)
def test_working_minutes(start: str, minutes: int, due: str) -> None:
    assert shown(CALENDAR.add_minutes(at(start), minutes)) == due
    if minutes:
        assert shown(CALENDAR.deadline(at(start), Limit(working_minutes=minutes))) == due


@pytest.mark.parametrize(
    ("start", "due"),
    [
        ("2026-03-02 00:00", "2026-03-02 17:30"),
        ("2026-03-02 15:59:59", "2026-03-02 17:30"),
        ("2026-03-02 16:00", "2026-03-03 17:30"),
        ("2026-03-06 16:00", "2026-03-09 17:30"),
        ("2026-03-07 09:00", "2026-03-09 17:30"),
        ("2026-02-14 15:00", "2026-02-14 17:30"),
        ("2026-02-14 16:30", "2026-02-24 17:30"),
        ("2025-12-31 16:30", "2026-01-04 17:30"),
    ],
)
def test_same_day(start: str, due: str) -> None:
    assert shown(CALENDAR.deadline(at(start), Limit(same_day=True))) == due


def test_same_day_never_ends_before_it_starts() -> None:
    late_cutoff = WorkCalendar(HOURS, time(20))
    due = late_cutoff.deadline(at("2026-03-02 17:30"), Limit(same_day=True))
    assert shown(due) == "2026-03-03 17:30"


def test_seasons_change_the_close_and_the_half_day() -> None:
    calendar = WorkCalendar(SEASONS, CUTOFF)
    # 30 April 2026 is a Thursday in winter hours (390 minutes); 1 … 5 May are off
    assert shown(calendar.deadline(at("2026-04-29 10:00"), days("1"))) == "2026-04-30 17:00"
    assert shown(calendar.deadline(at("2026-04-30 10:00"), days("1"))) == "2026-05-06 18:00"
    # begun at 16:00 in winter: 195 minutes, 60 of them in April
    assert shown(calendar.deadline(at("2026-04-30 16:00"), days("0.5"))) == "2026-05-06 10:15"
    # begun after the close: it runs on the summer day, half of 420
    assert shown(calendar.deadline(at("2026-04-30 17:00"), days("0.5"))) == "2026-05-06 11:30"
    assert calendar.minutes_between(at("2026-04-30 00:00"), at("2026-05-07 00:00")) == 390 + 420


@pytest.mark.parametrize(
    ("moment", "open_"),
    [
        ("2026-03-02 08:29:59", False),
        ("2026-03-02 08:30", True),
        ("2026-03-02 11:59:59", True),
        ("2026-03-02 12:00", False),
        ("2026-03-02 14:29", False),
        ("2026-03-02 14:30", True),
        ("2026-03-02 17:30", False),
        ("2026-02-14 09:00", True),
        ("2026-02-17 09:00", False),
        ("2026-03-01 09:00", False),
        ("0001-01-02 09:00", True),
        ("9999-12-31 09:00", True),
    ],
)
def test_session_boundaries(moment: str, open_: bool) -> None:
    assert CALENDAR.is_working_time(at(moment)) is open_


def test_times_at_the_edge_of_what_a_date_can_name_are_no_working_time() -> None:
    assert not CALENDAR.is_working_time(datetime.max.replace(tzinfo=UTC))
    assert not CALENDAR.is_working_time(datetime.min.replace(tzinfo=UTC))


def test_next_working_time_keeps_a_working_moment_and_finds_the_next_opening() -> None:
    inside = at("2026-03-02 09:10:11")
    assert CALENDAR.next_working_time(inside) == inside
    assert CALENDAR.next_working_time(inside).tzinfo is UTC
    assert CALENDAR.next_working_time(at("2026-02-14 17:30")) == at("2026-02-24 08:30")
    assert CALENDAR.next_working_time(at("2026-03-02 12:00")) == at("2026-03-02 14:30")


def test_a_naive_time_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        CALENDAR.deadline(datetime(2026, 3, 2, 9), days("1"))  # noqa: DTZ001
    with pytest.raises(ValueError, match="zone"):
        CALENDAR.is_working_time(datetime(2026, 3, 2, 9))  # noqa: DTZ001


def test_a_utc_start_is_judged_by_its_day_in_shanghai() -> None:
    evening = datetime(2026, 3, 2, 16, 30, tzinfo=UTC)  # 00:30 of Tuesday the 3rd
    assert shown(CALENDAR.deadline(evening, days("1"))) == "2026-03-04 17:30"


# ── years not published ──────────────────────────────────────────────────────


def test_year_end_into_an_unpublished_year_is_provisional() -> None:
    """1 January is off by law in every year; the week decides the rest until it is published."""
    due = CALENDAR.deadline(at("2026-12-31 10:00"), days("1"))
    assert (shown(due), due.provisional) == ("2027-01-04 17:30", True)
    assert not CALENDAR.deadline(at("2026-12-30 10:00"), days("1")).provisional
    minutes = CALENDAR.add_minutes(at("2026-12-31 17:00"), 60)
    assert (shown(minutes), minutes.provisional) == ("2027-01-04 09:00", True)


def test_an_unpublished_year_still_has_its_holidays() -> None:
    # 除夕 is 5 February 2027, a Friday; 初三 the Monday after
    due = CALENDAR.deadline(at("2027-02-04 10:00"), days("1"))
    assert (shown(due), due.provisional) == ("2027-02-09 17:30", True)
    assert not CALENDAR.is_workday(date(2027, 4, 5))


def test_overrides_make_a_year_known() -> None:
    entered = {date(2027, 1, 1): False, date(2027, 1, 4): False, date(2027, 1, 9): True}
    published = library_years() | {2027}
    calendar = WorkCalendar(HOURS, CUTOFF, entered, published)
    due = calendar.deadline(at("2026-12-31 10:00"), days("5"))
    assert (shown(due), due.provisional) == ("2027-01-09 17:30", False)


def test_an_unpublished_year_is_known_on_the_days_entered() -> None:
    entered = {date(2027, 1, day): day in (2, 3) for day in range(1, 4)}
    calendar = WorkCalendar(HOURS, CUTOFF, entered)
    known = calendar.deadline(at("2026-12-31 10:00"), days("2"))
    assert (shown(known), known.provisional) == ("2027-01-03 17:30", False)
    assert calendar.deadline(at("2026-12-31 10:00"), days("3")).provisional


def test_a_city_may_close_or_open_a_day_of_its_own() -> None:
    calendar = WorkCalendar(HOURS, CUTOFF, {date(2026, 3, 3): False, date(2026, 3, 7): True})
    assert shown(calendar.deadline(at("2026-03-02 10:00"), days("1"))) == "2026-03-04 17:30"
    assert shown(calendar.deadline(at("2026-03-06 10:00"), days("1"))) == "2026-03-07 17:30"


def test_without_its_notice_a_library_year_is_provisional_too() -> None:
    calendar = WorkCalendar(HOURS, CUTOFF, published=library_years() - {2026})
    assert calendar.deadline(at("2026-03-02 10:00"), days("1")).provisional
    assert not calendar.deadline(at("2025-03-03 10:00"), days("1")).provisional


@pytest.mark.parametrize(
    ("today", "missing"),
    [
        (date(2026, 9, 30), ()),
        (date(2026, 10, 1), (2027,)),
        (date(2026, 12, 31), (2027,)),
        (date(2027, 1, 1), (2027,)),
        (date(2027, 10, 1), (2027, 2028)),
    ],
)
def test_years_missing_warns_from_october(today: date, missing: tuple[int, ...]) -> None:
    assert CALENDAR.years_missing(today) == missing
    full = WorkCalendar(HOURS, CUTOFF, published=library_years() | {2027, 2028})
    assert full.years_missing(today) == ()


def test_statutory_days_agree_with_every_notice_since_the_law_of_2025() -> None:
    """In published years each day off by law (except lunar ones, not listed there) is off."""
    for year in (2025, 2026):
        assert not [d for d in statutory_holidays(year) if CALENDAR.is_workday(d)]


# ── pauses, what is left, lights ─────────────────────────────────────────────


def test_a_pause_keeps_the_remaining_working_minutes() -> None:
    due = CALENDAR.deadline(at("2026-03-02 10:00"), days("1"))  # 3 March 17:30
    resumed = CALENDAR.resume(due, at("2026-03-03 11:00"), at("2026-03-09 16:00"))
    # 60 + 180 minutes left: 90 on Monday, 150 on Tuesday
    assert shown(resumed) == "2026-03-10 11:00"
    assert CALENDAR.remaining_minutes(at("2026-03-09 16:00"), resumed) == 240


def test_a_pause_outside_working_time_moves_nothing() -> None:
    due = CALENDAR.deadline(at("2026-03-02 10:00"), days("1"))
    assert CALENDAR.resume(due, at("2026-03-02 17:30"), at("2026-03-03 08:30")).at == due.at


def test_what_was_overdue_stays_overdue_through_a_pause() -> None:
    due = CALENDAR.deadline(at("2026-03-02 10:00"), days("1"))
    assert CALENDAR.resume(due, at("2026-03-04 09:00"), at("2026-03-09 09:00")) == due
    assert CALENDAR.resume(due.at, at("2026-03-04 09:00"), at("2026-03-09 09:00")) == due


def test_a_pause_into_an_unpublished_year_becomes_provisional() -> None:
    due = CALENDAR.deadline(at("2026-12-29 10:00"), days("1"))
    resumed = CALENDAR.resume(due, at("2026-12-30 09:00"), at("2027-01-05 09:00"))
    assert not due.provisional
    assert resumed.provisional


def test_a_pause_cannot_end_before_it_begins() -> None:
    due = Due(at("2026-03-03 17:30"))
    with pytest.raises(ValueError, match="pause"):
        CALENDAR.resume(due, at("2026-03-03 11:00"), at("2026-03-03 10:59"))


def test_remaining_minutes_turn_negative() -> None:
    due = Due(at("2026-03-03 17:30"))
    assert CALENDAR.remaining_minutes(at("2026-03-03 17:00"), due) == 30
    assert CALENDAR.remaining_minutes(at("2026-03-03 17:30"), due) == 0
    assert CALENDAR.remaining_minutes(at("2026-03-04 08:40"), due) == -10


@pytest.mark.parametrize(
    ("now", "light"),
    [
        ("2026-03-02 08:30", "normal"),
        ("2026-03-03 11:44", "normal"),  # 780 minutes in all, 196 left
        ("2026-03-03 11:45", "yellow"),  # 195 left, exactly a quarter
        ("2026-03-03 17:30", "yellow"),
        ("2026-03-03 17:30:01", "red"),
        ("2026-03-09 09:00", "red"),
    ],
)
def test_light(now: str, light: str) -> None:
    opened, due = at("2026-03-02 08:30"), Due(at("2026-03-03 17:30"))
    assert CALENDAR.light(opened, due, at(now)) == light


def test_a_paused_light_stands_still() -> None:
    opened, due = at("2026-03-02 08:30"), Due(at("2026-03-03 17:30"))
    now = at("2026-03-20 09:00")
    assert CALENDAR.light(opened, due, now, at("2026-03-02 10:00")) == "normal"
    assert CALENDAR.light(opened, due, now, at("2026-03-03 12:00")) == "yellow"
    assert CALENDAR.light(opened, due, now, at("2026-03-04 08:30")) == "red"


def test_earlier_pauses_do_not_lengthen_the_last_quarter() -> None:
    """780 minutes of its own after a pause of 1950: a quarter is still 195."""
    opened, due = at("2026-03-02 08:30"), Due(at("2026-03-10 17:30"))
    now = at("2026-03-10 08:30")
    assert CALENDAR.light(opened, due, now) == "yellow"
    assert CALENDAR.light(opened, due, now, paused_minutes=1950) == "normal"


def test_a_deadline_takes_microseconds() -> None:
    """Goal 50 µs; asserted with room for a busy machine."""
    start, limit = at("2026-09-30 17:00"), days("3")
    CALENDAR.deadline(start, limit)
    best = min(_seconds(start, limit) for _ in range(5))
    assert best < 50e-6


def _seconds(start: datetime, limit: Limit) -> float:
    began = clock.perf_counter()
    for _ in range(200):
        CALENDAR.deadline(start, limit)
    return (clock.perf_counter() - began) / 200


def test_a_long_limit_crosses_years() -> None:
    due = CALENDAR.deadline(at("2024-01-02 10:00"), days("365"))
    counted = [
        day for n in range(1, 800) if CALENDAR.is_workday(day := date(2024, 1, 2) + timedelta(n))
    ]
    assert due.at == at(f"{counted[364]} 17:30")
