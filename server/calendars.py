"""Working time of every city: one calendar for each set of hours and days an administrator set."""

from collections.abc import Mapping
from datetime import date

from config.cities import City
from rules.calendar import WorkCalendar
from rules.workdays import library_years


class CityCalendars:
    """``of(city)`` is the calendar of a city's hours, with that city's own days laid over it."""

    def __init__(self) -> None:
        self._days: dict[str, Mapping[date, bool]] = {}
        self._published: dict[str, frozenset[int]] = {}
        self._made: dict[str, tuple[City, WorkCalendar]] = {}

    def of(self, city: City) -> WorkCalendar:
        """The calendar of one snapshot of a city; made once and kept while it is asked for."""
        made = self._made.get(city.code)
        if made is None or made[0] is not city:
            made = (city, self._make(city))
            self._made[city.code] = made
        return made[1]

    def set_days(
        self, code: str, days: Mapping[date, bool], years: frozenset[int] = frozenset()
    ) -> None:
        """Lay ``days`` (worked or off) over a city's calendar.

        ``years`` are those an administrator entered whole: no longer provisional.
        """
        published = library_years() | years
        if self._days.get(code, {}) == days and self._published.get(code) == published:
            return
        self._days[code] = dict(days)
        self._published[code] = published
        self._made.pop(code, None)

    def _make(self, city: City) -> WorkCalendar:
        return WorkCalendar(
            city.hours,
            city.same_day_cutoff,
            self._days.get(city.code, {}),
            self._published.get(city.code),
        )
