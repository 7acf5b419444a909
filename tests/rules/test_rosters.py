"""When crews work: shifts within the city's sessions, moved weekends, absences of crew and lane."""

from datetime import date, time

from config.cities import Hours
from rules.calendar import WorkCalendar
from rules.rosters import Absence, Roster, Shift, goes_out, joined, stretches
from rules.worktime import midnight

SESSIONS = [("08:30", "12:00"), ("14:30", "17:30")]
HOURS = Hours.model_validate({"seasons": [{"from": "01-01", "to": "12-31", "sessions": SESSIONS}]})
CALENDAR = WorkCalendar(HOURS, time(16))
MONDAY = date(2026, 3, 16)
NINE, TWELVE, FIVE = 9 * 60, 12 * 60, 17 * 60


def whole_week(starts: int = 8 * 60, ends: int = 18 * 60) -> tuple[Shift, ...]:
    return tuple(Shift(day, starts, ends) for day in range(1, 6))


def test_a_shift_counts_within_the_sessions_only() -> None:
    day = midnight(MONDAY)
    found = stretches(whole_week(9 * 60), CALENDAR, MONDAY)
    assert found == [(day + NINE, day + TWELVE), (day + 870, day + 1050)]
    assert stretches(whole_week(), CALENDAR, date(2026, 3, 15)) == []
    assert stretches([Shift(2, 0, 1440)], CALENDAR, MONDAY) == []


def test_shifts_that_touch_are_one_stretch() -> None:
    assert joined([(3, 5), (1, 2), (2, 3), (7, 9), (4, 6)]) == [(1, 6), (7, 9)]
    day = midnight(MONDAY)
    halves = (Shift(1, 540, 600), Shift(1, 600, 720))
    roster = Roster(True, 1, halves, ())
    assert goes_out(roster, CALENDAR, 0, day + 570, day + 630)


def test_a_weekend_worked_in_exchange_goes_by_monday() -> None:
    """Saturday 2026-02-14 is worked for the Spring Festival."""
    worked = date(2026, 2, 14)
    assert CALENDAR.is_workday(worked)
    assert len(stretches([Shift(1, 0, 1440)], CALENDAR, worked)) == 2
    assert stretches([Shift(5, 0, 1440)], CALENDAR, worked) == []


def test_who_goes_out() -> None:
    day = midnight(MONDAY)
    nine = day + NINE
    roster = Roster(True, 2, whole_week(), (Absence(nine, nine + 60, lane=1),))
    assert goes_out(roster, CALENDAR, 0, nine, nine + 60)
    assert not goes_out(roster, CALENDAR, 1, nine, nine + 60)
    assert goes_out(roster, CALENDAR, 1, nine + 60, nine + 120)
    assert not goes_out(roster, CALENDAR, 2, nine, nine + 60)
    assert not goes_out(roster, CALENDAR, 0, day + 690, day + 750), "into the midday break"
    gone = Roster(False, 2, whole_week(), ())
    assert not goes_out(gone, CALENDAR, 0, nine, nine + 60)
    absent = Roster(True, 2, whole_week(), (Absence(nine + 59, nine + 61),))
    assert not goes_out(absent, CALENDAR, 0, nine, nine + 60)
    assert goes_out(absent, CALENDAR, 0, nine - 1, nine + 59)
