"""When a joint visit can be: for a draft, a case or a registration; what comes near a time that
cannot be had.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Annotated, Any, Final
from uuid import UUID

from pydantic import Field

from config.texts import words
from rules.errors import Code, DomainError, Fault
from rules.worktime import day_of, floor_minute
from workflow import directory
from workflow.cases.case import Case
from workflow.encoding import shown
from workflow.inputs import Day, Input
from workflow.reading.wording import moment
from workflow.registrations.case import RegistrationCase
from workflow.surveys import planning
from workflow.surveys.matter import Matter
from workflow.surveys.planning import Planned, Site
from workflow.unit import Answer, Unit

BEST: Final = 5
"""Next best times told with a refusal."""

Json = dict[str, Any]


class Asked(Input):
    """Which times are wanted."""

    from_day: Day | None = None
    days: Annotated[int, Field(ge=1, le=120)] = 30
    most: Annotated[int, Field(ge=1, le=200)] = 40


async def for_application(unit: Unit, application_id: UUID, asked: Asked) -> Answer:
    """Joint times of an application, also of a draft. ``NOT_FOUND`` without a part in it."""
    return await _told(await Matter.of(await Case.peek(unit, application_id)), asked)


async def for_registration(unit: Unit, registration_id: UUID, asked: Asked) -> Answer:
    """Joint times of a registration."""
    return await _told(await Matter.of(await RegistrationCase.load(unit, registration_id)), asked)


async def next_best(site: Site, near: datetime | None = None, most: int = BEST) -> list[Planned]:
    """The earliest times from one on; where there are too few, the earliest of all beside them."""
    first, last = _span(site)
    crews = await planning.load(site, first, last)
    times = planning.times(site, first, last)
    after = times[times >= floor_minute(near)] if near is not None else times
    found = planning.search(site, crews, after, most)
    if len(found) < most and len(after) < len(times):
        before = times[: len(times) - len(after)]
        found += planning.search(site, crews, before, most - len(found))
    return sorted(found, key=lambda planned: planned.at)


async def slot_taken(site: Site, at: datetime) -> DomainError:
    """The refusal of a time that cannot be had, with the next best ones."""
    best = await next_best(site, at)
    return DomainError(Code.SLOT_TAKEN, **await choices(site, best))


async def wish_refused(site: Site, at: datetime) -> DomainError:
    """The same of the time wished for on form B."""
    told = await choices(site, await next_best(site, at))
    fault = Fault("survey.time", "slot_taken", "踏勘时间", {"choices": told["choices"]})
    return DomainError(Code.INVALID, faults=(fault,), **told)


async def choices(site: Site, planned: Sequence[Planned]) -> Json:
    """Times as a refusal's data: for clients, and in words."""
    return {
        "times": await shown_times(site, planned),
        "choices": [moment(shown(each.at)) for each in planned] or [words.message("no_times")],
    }


async def shown_times(site: Site, planned: Sequence[Planned]) -> list[Json]:
    """Times as clients get them, with who would come."""
    names = await directory.names(site.organizations)
    utilities = await directory.utilities(site.organizations)
    return [
        {
            "at": shown(each.at),
            "ends_at": shown(each.ends_at),
            "travel_minutes": each.travel_minutes,
            "coming": [
                {
                    "organization": names[part.organization],
                    "utility": utilities[part.organization],
                    "travel_minutes": part.travel_minutes,
                }
                for part in each.parts
            ],
        }
        for each in planned
    ]


async def _told(matter: Matter, asked: Asked) -> Answer:
    site = await matter.site(await matter.own())
    names = await directory.names(site.organizations)
    today, until = _span(site)
    first = max(asked.from_day or today, today)
    last = min(first + timedelta(days=asked.days - 1), until)
    body: Json = {"slot_minutes": site.city.survey_rules.slot_minutes, "until": until.isoformat()}
    if not site.needed:
        return Answer({**body, "needed": False, "times": [], "own_arrangement": []})
    crews = await planning.load(site, first, last)
    found = planning.search(site, crews, planning.times(site, first, last), asked.most)
    return Answer(
        {
            **body,
            "needed": True,
            "times": await shown_times(site, found),
            "own_arrangement": [
                names[each] for each in site.organizations if not crews.covers(each)
            ],
        }
    )


def _span(site: Site) -> tuple[date, date]:
    today = day_of(floor_minute(site.now))
    return today, today + timedelta(days=site.city.survey_rules.book_ahead_days)
