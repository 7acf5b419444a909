"""Working days as a city's system administrator sets them, and years declared published."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Final

from pydantic import Field

from models import CalendarDay, CalendarYear
from rules.actors import Role
from rules.errors import Code, DomainError, Fault
from workflow.cases.draft import today
from workflow.inputs import CodeName, Input, Remark
from workflow.people.office import require
from workflow.ports import Services
from workflow.surveys.day_off import take_off
from workflow.unit import Answer, Unit

TOPIC: Final = "calendar_changed"
"""Told to the workers: the calendar is read anew, provisional deadlines are computed again."""

Year = Annotated[int, Field(ge=2004, le=2100)]


class SetDay(Input):
    """One day worked or off, whatever the official calendar says."""

    city: CodeName
    day: date
    working: bool
    note: Annotated[Remark, Field(max_length=120)] = ""
    accept: bool = False
    """Surveys on a day that is no longer worked are given up, and their applicants told."""


class Day(Input):
    """One day of a city. ``accept``: as in ``SetDay``."""

    city: CodeName
    day: date
    accept: bool = False


class YearOf(Input):
    """One year of a city."""

    city: CodeName
    year: Year


@dataclass(frozen=True, slots=True)
class CityDays:
    """What a city has set: day → worked, and the years entered whole."""

    days: Mapping[date, bool]
    years: frozenset[int]


async def load(city: str) -> CityDays:
    """Everything set for a city, as ``server.calendars.CityCalendars.set_days`` takes it."""
    days = await CalendarDay.filter(city=city)
    years = await CalendarYear.filter(city=city)
    return CityDays({row.day: row.working for row in days}, frozenset(row.year for row in years))


async def set_day(unit: Unit, body: SetDay) -> Answer:
    """Set a day from today on; a day before has been worked or not, and clocks have counted it.

    Raises ``VISITS_BROKEN`` when surveys are agreed on a day that is no longer worked.
    """
    require(unit.actor, Role.SYSTEM_ADMIN, body.city)
    _refuse_past(unit, body.day)
    visits = await take_off(unit, body.city, body.day, body.working, accept=body.accept)
    await CalendarDay.update_or_create(
        {"working": body.working, "note": body.note}, city=body.city, day=body.day
    )
    _tell(unit, body.city, body.day.year, "set_day", body.day.isoformat(), working=body.working)
    return Answer(
        {
            "city": body.city,
            "day": body.day.isoformat(),
            "working": body.working,
            "visits": visits,
        }
    )


async def clear_day(unit: Unit, body: Day) -> Answer:
    """Follow the official calendar again. Raises ``VISITS_BROKEN`` as ``set_day``."""
    require(unit.actor, Role.SYSTEM_ADMIN, body.city)
    _refuse_past(unit, body.day)
    if not await CalendarDay.filter(city=body.city, day=body.day).delete():
        raise DomainError(Code.NOT_FOUND)
    visits = await take_off(unit, body.city, body.day, None, accept=body.accept)
    _tell(unit, body.city, body.day.year, "clear_day", body.day.isoformat())
    return Answer({"city": body.city, "day": body.day.isoformat(), "visits": visits})


async def declare_year(unit: Unit, body: YearOf) -> Answer:
    """Say that a year is entered whole: its deadlines are no longer provisional.

    Refused (``CALENDAR_INCOMPLETE``) while no weekday of it is off: its holidays are missing.
    """
    require(unit.actor, Role.SYSTEM_ADMIN, body.city)
    if body.year < today(unit.now).year:
        raise DomainError(Code.INVALID, faults=(Fault("year", "value_wrong"),))
    off = await CalendarDay.filter(
        city=body.city,
        working=False,
        day__gte=date(body.year, 1, 1),
        day__lte=date(body.year, 12, 31),
    )
    if not any(row.day.isoweekday() <= 5 for row in off):
        raise DomainError(Code.CALENDAR_INCOMPLETE)
    await CalendarYear.get_or_create(city=body.city, year=body.year)
    _tell(unit, body.city, body.year, "declare_year", str(body.year))
    return Answer({"city": body.city, "year": body.year, "published": True})


async def withdraw_year(unit: Unit, body: YearOf) -> Answer:
    """Take a declaration back: later deadlines of that year are provisional again."""
    require(unit.actor, Role.SYSTEM_ADMIN, body.city)
    if not await CalendarYear.filter(city=body.city, year=body.year).delete():
        raise DomainError(Code.NOT_FOUND)
    _tell(unit, body.city, body.year, "withdraw_year", str(body.year))
    return Answer({"city": body.city, "year": body.year, "published": False})


async def days_of_year(services: Services, query: YearOf) -> dict[str, Any]:
    """What a city has set in a year, in order, and whether the year is declared published.

    Raises ``NOT_FOUND`` for a city we do not serve.
    """
    if query.city not in services.cities.codes():
        raise DomainError(Code.NOT_FOUND)
    rows = await CalendarDay.filter(
        city=query.city, day__gte=date(query.year, 1, 1), day__lte=date(query.year, 12, 31)
    ).order_by("day")
    return {
        "city": query.city,
        "year": query.year,
        "published": await CalendarYear.filter(city=query.city, year=query.year).exists(),
        "items": [
            {"day": row.day.isoformat(), "working": row.working, "note": row.note} for row in rows
        ],
    }


def _refuse_past(unit: Unit, day: date) -> None:
    if day < today(unit.now):
        raise DomainError(Code.INVALID, faults=(Fault("day", "date_past"),))


def _tell(unit: Unit, city: str, year: int, action: str, what: str, **detail: Any) -> None:
    unit.audit(city, Role.SYSTEM_ADMIN, action, "calendar", what, **detail)
    unit.send(TOPIC, {"city": city, "year": year})
