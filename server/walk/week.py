"""A calendar written down by hand, so that the walk does not believe the product's own.

Days off between Monday and Friday. A walk begins on a Monday followed by two weeks without any.
Weekends that are worked instead only matter in published years; none falls to the rest of 2026.
"""

from datetime import date, timedelta

LAST_PUBLISHED = 2026
"""The last year whose calendar the State Council had published; later ones are provisional.

When the product learns the next year's calendar, this and the days below are brought up to it.
"""

_BY_MONTH = {
    2027: {1: (1,), 2: (5, 8), 4: (5,), 6: (9,), 9: (15,), 10: (1,)},
    2028: {1: (25, 26, 27, 28), 4: (4,), 5: (1, 2), 10: (2, 3)},
    2029: {1: (1,), 2: (12, 13, 14, 15), 4: (4,), 5: (1, 2), 10: (1, 2, 3)},
}
"""By law alone, their calendars are not published yet."""
DAYS_OFF = frozenset(
    date(year, month, day)
    for year, months in _BY_MONTH.items()
    for month, days in months.items()
    for day in days
)
KNOWN_UNTIL = date(2029, 12, 31)
_NEEDED = 12
"""Days from the Monday on that must be ordinary (its own week and the next)."""


def is_off(day: date) -> bool:
    """Whether nobody works."""
    return day.isoweekday() > 5 or day in DAYS_OFF


def ordinary_monday(earliest: date) -> date | None:
    """The first Monday from ``earliest`` with two ordinary weeks; None beyond what is known."""
    monday = earliest + timedelta(days=-earliest.weekday() % 7)
    while monday + timedelta(days=60) <= KNOWN_UNTIL:
        days = [monday + timedelta(days=n) for n in range(_NEEDED)]
        if not any(day in DAYS_OFF for day in days):
            return monday
        monday += timedelta(days=7)
    return None


def working_days_after(day: date, count: int) -> date:
    """The ``count``-th working day after ``day``."""
    while count:
        day += timedelta(days=1)
        count -= not is_off(day)
    return day


def is_provisional(due: date) -> bool:
    """Whether a deadline that ends on ``due`` passes a year not published yet."""
    return due.year > LAST_PUBLISHED
