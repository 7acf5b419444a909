"""When a crew works: its shifts of the weekday, within the city's working time, less its absences.

Times are whole local minutes on one line (``rules.worktime``).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from rules.calendar import WorkCalendar
from rules.worktime import day_of, midnight

MONDAY = 1
FRIDAY = 5
Stretch = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Shift:
    """A stretch of one weekday (1 Monday to 7), in minutes after midnight."""

    weekday: int
    starts: int
    ends: int


@dataclass(frozen=True, slots=True)
class Absence:
    """When a crew, or one lane of it, does not go out."""

    starts: int
    ends: int
    lane: int | None = None


@dataclass(frozen=True, slots=True)
class Roster:
    """All that decides when one crew goes out."""

    active: bool
    lanes: int
    shifts: tuple[Shift, ...]
    absences: tuple[Absence, ...]


def weekday_of(day: date) -> int:
    """By the shifts of which weekday a working day goes: a weekend that is worked in exchange goes
    by those of Monday.
    """
    weekday = day.isoweekday()
    return weekday if weekday <= FRIDAY else MONDAY


def joined(stretches: Iterable[Stretch]) -> list[Stretch]:
    """Stretches in order, those that touch or overlap as one."""
    found: list[Stretch] = []
    for starts, ends in sorted(stretches):
        if found and starts <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], ends))
        else:
            found.append((starts, ends))
    return found


def stretches(shifts: Iterable[Shift], calendar: WorkCalendar, day: date) -> list[Stretch]:
    """What is worked on a day: its shifts within the city's sessions."""
    start, weekday = midnight(day), weekday_of(day)
    worked = joined(
        (start + shift.starts, start + shift.ends) for shift in shifts if shift.weekday == weekday
    )
    return list(_common(worked, calendar.sessions(day)))


def goes_out(roster: Roster, calendar: WorkCalendar, lane: int, starts: int, ends: int) -> bool:
    """Whether one lane of the crew works through the whole of a visit, which lies within a day."""
    if not roster.active or lane >= roster.lanes:
        return False
    if not any(
        since <= starts and ends <= until
        for since, until in stretches(roster.shifts, calendar, day_of(starts))
    ):
        return False
    return not any(
        each.lane in (None, lane) and each.starts < ends and starts < each.ends
        for each in roster.absences
    )


def _common(some: Iterable[Stretch], others: tuple[Stretch, ...]) -> Iterator[Stretch]:
    for since, until in some:
        for opens, closes in others:
            if (first := max(since, opens)) < (last := min(until, closes)):
                yield first, last
