"""The joint survey by talking: what can be had and what stands, kept times, a crew's day."""

from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

import numpy as np

from models import Survey
from rules.actors import Role
from rules.errors import Code, DomainError
from rules.worktime import day_of, floor_minute, instant
from workflow import directory
from workflow.cases.case import Case
from workflow.surveys import answering, booking, missing, planning, view, waiting
from workflow.surveys import day as days
from workflow.surveys.availability import next_best, shown_times
from workflow.surveys.matter import Matter
from workflow.surveys.planning import Site
from workflow.unit import Answer, Unit

MOST: Final = 4
Json = dict[str, Any]


async def times(unit: Unit, application_id: UUID, at: datetime | None) -> Json:
    """``page``: the survey as it stands; ``joint``: whether somebody with crews must come;
    ``times``: the next joint times, those from ``at`` on first; ``free``: whether ``at`` is one;
    ``coming``: names of all who come.
    """
    matter = await Matter.of(await Case.peek(unit, application_id))
    site = await matter.site(await matter.own())
    names = await directory.names(site.organizations)
    best = await next_best(site, at, MOST) if site.needed else []
    joint = any(each.parts for each in best) or await _has_crews(site)
    return {
        "id": str(application_id),
        "page": await view.page(matter),
        "joint": joint,
        "times": await shown_times(site, best) if joint else [],
        "free": not joint or at is None or await _free(site, at),
        "coming": [names[each] for each in site.organizations],
    }


async def _has_crews(site: Site) -> bool:
    """Where no time is left it still matters whether there are crews at all."""
    if not site.needed:
        return False
    today = day_of(floor_minute(site.now))
    return bool((await planning.load(site, today, today)).parties)


async def _free(site: Site, at: datetime) -> bool:
    """Whether a time can be had as things are now; booking it looks again, under lock."""
    minute = floor_minute(at)
    if instant(minute) != at or at <= site.now:
        return False
    crews = await planning.load(site, day_of(minute), day_of(minute))
    return bool(planning.search(site, crews, np.array([minute], np.int64), 1))


async def wait(unit: Unit, application_id: UUID) -> Answer:
    """Wait for an earlier time."""
    return await waiting.wait_earlier(unit, application_id, waiting.Waiting(), expect=None)


async def stop_waiting(unit: Unit, application_id: UUID) -> Answer:
    """Wait no more."""
    return await waiting.stop_waiting(unit, application_id, expect=None)


async def take(unit: Unit, survey: UUID) -> Json:
    """Take a kept time; ``at``."""
    row = await _kept(survey)
    assert row.application_id is not None  # noqa: S101 - looked at in _kept
    body = booking.Kept(survey=survey)
    told = await booking.take_time(unit, row.application_id, body, expect=None)
    return {**told.body, "at": row.at.isoformat()}


async def leave(unit: Unit, survey: UUID) -> Json:
    """Let a kept time go."""
    row = await _kept(survey)
    assert row.application_id is not None  # noqa: S101 - looked at in _kept
    body = booking.Kept(survey=survey)
    return dict((await booking.leave_time(unit, row.application_id, body, expect=None)).body)


async def _kept(survey: UUID) -> Survey:
    row = await Survey.filter(id=survey).first()
    if row is None or row.application_id is None:
        raise DomainError(Code.NOT_FOUND)
    return row


async def late(unit: Unit, application_id: UUID, minutes: int) -> Json:
    """Somebody comes later than agreed; ``minutes``."""
    body = missing.Late(minutes=minutes)
    told = await missing.tell_late(unit, application_id, body, expect=None)
    return {**told.body, "minutes": minutes}


async def absent(unit: Unit, application_id: UUID, who: UUID | None) -> Json:
    """Somebody was not there; the next best times in the answer."""
    body = missing.Absence(absent=who)
    return dict((await missing.report_absence(unit, application_id, body, expect=None)).body)


async def day(unit: Unit, wanted: date | None) -> Json:
    """A crew's joint visits of a day, by time. FORBIDDEN for who goes out with no crew."""
    if not any(unit.actor.holds(role) for role in days.WHO):
        raise DomainError(Code.FORBIDDEN)
    return dict((await days.day(unit, days.DayQuery(date=wanted))).body)


async def answer(unit: Unit, survey: UUID, visit: UUID, reason: str | None) -> Json:
    """A crew comes, or with a reason does not."""
    if not any(unit.actor.holds(role) for role in (Role.CREW, Role.APPROVER)):
        raise DomainError(Code.FORBIDDEN)
    if reason is None:
        return dict((await answering.confirm_visit(unit, survey, visit)).body)
    declined = answering.Decline(reason=reason)
    return dict((await answering.decline_visit(unit, survey, visit, declined)).body)
