"""A day that is no longer worked: the surveys agreed on it are listed with the next times that suit
everybody, or, when that is accepted, given up and their applicants told.
"""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from config.texts import words
from models import Survey
from models.queries import crews as query
from models.queries.crews import Row
from rules.actors import SYSTEM
from rules.calendar import WorkCalendar
from rules.errors import Code, DomainError
from rules.lifecycle import Tell
from rules.states import Ender, SurveyState
from rules.worktime import instant, midnight
from workflow.directory import names
from workflow.encoding import shown
from workflow.surveys import waiting_list
from workflow.surveys.availability import next_best, shown_times
from workflow.surveys.breaking import told_visit
from workflow.surveys.finishing import finish
from workflow.surveys.matter import Matter
from workflow.surveys.planning import Planned
from workflow.surveys.replacing import give_up
from workflow.unit import Unit

REASON: Final = "day_off"

Json = dict[str, Any]


async def take_off(
    unit: Unit, city: str, day: date, working: bool | None, *, accept: bool
) -> list[Json]:
    """What becomes of the surveys on a day as it is to be (None: as published); nothing where it
    is worked. Raises ``VISITS_BROKEN`` with them unless that is accepted.
    """
    book = unit.services.cities.on(city, day)
    calendar = unit.services.calendars.of(book).with_day(day, working)
    if calendar.is_workday(day):
        return []
    since = instant(midnight(day))
    until = since + timedelta(days=1)
    found = await query.on_day(city, since, until, unit.now)
    await query.hold_cases(_ids(found, "application_id"), _ids(found, "registration_id"))
    rows = await query.on_day(city, since, until, unit.now)
    if {row["id"] for row in rows} - {row["id"] for row in found}:
        raise DomainError(Code.CONFLICT)
    who = await names([party for row in rows for party in row["parties"]])
    listed = []
    for row in rows:
        times = await _end(unit, row, calendar)
        told = {"outcome": "declined", "crew_name": None} if accept else {}
        listed.append({**told_visit(unit, row, who), **told, "times": times})
    if listed and not accept:
        raise DomainError(Code.VISITS_BROKEN, visits=listed)
    return listed


async def _end(unit: Unit, row: Row, calendar: WorkCalendar) -> list[Json]:
    """Give one survey up; the times told instead. Who has not accepted has it all taken back."""
    system = replace(unit, actor=SYSTEM)
    if row["application_id"] is not None:
        matter = await Matter.application(system, row["application_id"], expect=None)
    else:
        matter = await Matter.registration(system, row["registration_id"], expect=None)
    best, times = await _best(matter, row, calendar)
    survey = await Survey.get(id=row["id"])
    if survey.state not in (SurveyState.OFFERED, SurveyState.HELD, SurveyState.CONFIRMED):
        return times  # ended with the appointment beside which it was kept
    data = {
        "at": shown(row["at"]),
        "organization": words.message("everybody"),
        "reason": words.message(REASON),
        "times": [shown(each.at) for each in best],
    }
    await matter.move("lose_visit", data, by_system=True)
    await matter.notify("lose_visit", (Tell.COMING,), data)
    if matter.survey is not None and matter.survey.id == survey.id:
        await matter.end(SurveyState.CANCELLED, Ender.SYSTEM, REASON)
        await waiting_list.end(matter)
    else:
        await give_up(survey)
        await waiting_list.resume(matter)
    await finish(matter)
    return times


async def _best(
    matter: Matter, row: Row, calendar: WorkCalendar
) -> tuple[list[Planned], list[Json]]:
    site = replace(await matter.site(await matter.own()), calendar=calendar)
    best = await next_best(site, row["at"])
    return best, await shown_times(site, best)


def _ids(rows: list[Row], name: str) -> list[UUID]:
    return list({row[name] for row in rows if row[name] is not None})
