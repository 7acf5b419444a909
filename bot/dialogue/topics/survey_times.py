"""Times for a survey: proposals out of the working calendar, and a time as it was said."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from bot.dialogue import clock
from bot.dialogue.filling import times
from bot.dialogue.filling.times import Moments
from bot.understanding.quantities.units import NUMERAL, number
from bot.understanding.types import Understood
from config.cities import City, FieldType
from config.texts import fault
from rules.calendar import SHANGHAI, WorkCalendar
from rules.forms import FormField, form_of

PROPOSED = 4
_SHIFT = re.compile(
    "(?:(?P<earlier>提前|往前|提早|早)|往后|推迟|延后|推后|延迟|顺延|晚|后)(?:挪|推|延|移|改|个){0,3}"
    f"(?P<days>{NUMERAL}) ?天"
)
_LOOK_AHEAD = 30
"""Days in which proposals are looked for."""


@dataclass(frozen=True, slots=True)
class Said:
    """What was said of a time: ``at`` when it is right, else ``why`` it is not (with what was
    meant, ``near``), or what remains open (``moments``).
    """

    at: datetime | None = None
    why: str = ""
    near: datetime | None = None
    moments: Moments | None = None


def field_of(city: City) -> FormField | None:
    """The field of form B that holds the time of the survey; None where the city asks none."""
    fields = form_of(city, "B").fields
    return next((f for f in fields if f.type is FieldType.DATETIME and f.working), None)


def read(city: City, text: str, *, now: datetime, calendar: WorkCalendar | None) -> Said | None:
    """The time a text tells; None when it tells none."""
    field = field_of(city)
    moments = times.read(field, text, now=now, calendar=calendar) if field and text else None
    if field is None or moments is None:
        return None
    if moments.value is None:
        return Said(moments=moments)
    return judged(field, moments.value, now=now, calendar=calendar)


def judged(field: FormField, value: str, *, now: datetime, calendar: WorkCalendar | None) -> Said:
    """One time by the rules of the form: in the future, within working time."""
    answer = times.judged(field, value, now=now, calendar=calendar)
    if answer.faults:
        why = "；".join(fault(f.code, f.label, f.data) for f in answer.faults) + "。"
        meant = clock.read(value)
        return Said(why=why, near=meant if meant is not None and meant > now else None)
    at = datetime.fromisoformat(str(answer.value))
    return Said(at=at.astimezone(UTC))


def shifted(booked: datetime, text: str) -> datetime | None:
    """So many days later or earlier than what is booked: 往后挪两天; None for anything else."""
    found = _SHIFT.search(text)
    days = number(found["days"]) if found else None
    if found is None or days is None or not 0 < days <= _LOOK_AHEAD:
        return None
    return booked + timedelta(days=int(days)) * (-1 if found["earlier"] else 1)


def words_of(said: Understood) -> str:
    """The part of an utterance that tells the time: what was found as such, else all of it."""
    return said.slots.datetime or said.text


def proposals(
    city: City, calendar: WorkCalendar | None, now: datetime, near: datetime | None = None
) -> tuple[datetime, ...]:
    """Full hours in the sessions of the next working days (of ``near``'s first), far enough ahead
    to be moved still.
    """
    earliest = now + timedelta(hours=max(city.survey_rules.move_until_hours, 1))
    found = [at for at in _hours(city, calendar, near or earliest) if at >= earliest]
    return tuple(sorted(found[:PROPOSED]))


def _hours(city: City, calendar: WorkCalendar | None, start: datetime) -> Iterator[datetime]:
    """The first full hour of each session, day by day."""
    first = start.astimezone(SHANGHAI).date()
    for ahead in range(_LOOK_AHEAD):
        day = first + timedelta(days=ahead)
        if calendar is not None and not calendar.is_workday(day):
            continue
        for opening, closing in city.hours.sessions(day):
            hour = opening.hour + (1 if opening.minute else 0)
            if hour < 24 and time(hour) < closing:
                yield datetime.combine(day, time(hour), SHANGHAI).astimezone(UTC)
