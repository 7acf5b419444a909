"""候补: who has a time and would take an earlier one gets it offered when one frees up.

A worker looks: of each city those who wait longest first. What it offers is kept for the city's
minutes; taking it moves the appointment and counts as no move.
"""

from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from models import SurveyWait
from models.db import pool
from models.queries import lanes
from rules.actors import SYSTEM
from rules.errors import Code, DomainError
from rules.states import KeptFor, SurveyState, WaitState
from rules.worktime import day_of, floor_minute
from workflow.encoding import shown
from workflow.inputs import Day, Input
from workflow.ports import Services
from workflow.surveys import offering, planning, waiting_list
from workflow.surveys.each import each_apart
from workflow.surveys.finishing import finish
from workflow.surveys.matter import Matter
from workflow.surveys.planning import Planned, plan_at
from workflow.unit import Answer, Unit, perform

TRIES = 3
"""Times looked at under lock before somebody waits on."""


class Waiting(Input):
    """From which day on an earlier time is welcome; empty: any."""

    not_before: Day | None = None


async def wait_earlier(
    unit: Unit, application_id: UUID, body: Waiting, *, expect: int | None
) -> Answer:
    """Wait for an earlier time than the one booked, or change from which day on."""
    matter = await Matter.application(unit, application_id, expect=expect)
    matter.check("wait_earlier")
    await matter.move("wait_earlier")
    await waiting_list.join(matter, body.not_before)
    return await finish(matter)


async def stop_waiting(unit: Unit, application_id: UUID, *, expect: int | None) -> Answer:
    """Wait no more; the appointment stays. ``GUARD_FAILED`` for who does not wait."""
    matter = await Matter.application(unit, application_id, expect=expect)
    matter.check("stop_waiting")
    row = await waiting_list.of(matter)
    if row is None:
        raise DomainError(
            Code.GUARD_FAILED,
            event="stop_waiting",
            guard="not_waiting",
            allowed=matter.allowed(),
        )
    await matter.move("stop_waiting")
    if row.offer_id is not None:
        keep = [each for each in await matter.own() if each != row.offer_id]
        await matter.release(*keep)
    await waiting_list.end(matter)
    return await finish(matter)


async def offer_earlier(services: Services) -> bool:
    """End what has run out, then offer what has freed up to everybody who waits, the longest first;
    whether more may wait: never, the next look is soon.
    """
    now = services.clock.now()
    await lanes.sweep(now)
    await pool().execute(_RESUME, now)
    rows = await pool().fetch(_WAITING, now)
    await each_apart(
        [partial(_offer, services, row["application_id"]) for row in rows], "survey_wait"
    )
    return False


_RESUME = """
UPDATE survey_waits SET state = 'waiting', offer_id = NULL, updated_at = $1, version = version + 1
WHERE id IN (
    SELECT w.id FROM survey_waits w JOIN surveys s ON s.id = w.offer_id
    WHERE w.state = 'offered' AND s.state <> 'offered' FOR UPDATE OF w SKIP LOCKED)
"""
"""Whoever let an offer run out waits on."""
_WAITING = """
SELECT w.application_id FROM survey_waits w
JOIN surveys s ON s.application_id = w.application_id AND s.state = 'confirmed' AND s.at > $1
WHERE w.state = 'waiting' ORDER BY w.created_at, w.id
"""


async def _offer(services: Services, application_id: UUID) -> None:
    """The earliest time that suits everybody and is earlier than what is booked, if any."""

    async def act(unit: Unit) -> Answer:
        matter = await Matter.application(unit, application_id, expect=None)
        row = await waiting_list.of(matter)
        if row is None or row.state is not WaitState.WAITING or matter.survey is None:
            return Answer({})
        planned = await _earlier(matter, row)
        if planned is None:
            return Answer({})
        minutes = timedelta(minutes=matter.city.survey_rules.wait_offer_minutes)
        until = min(unit.now + minutes, planned.at)
        await matter.move(
            "offer_earlier", {"at": shown(planned.at), "due_at": shown(until)}, by_system=True
        )
        site = await matter.site()
        offer = await matter.enter(
            site, planned, SurveyState.OFFERED, held_until=until, reason=KeptFor.EARLIER
        )
        await row.change(state=WaitState.OFFERED, offer_id=offer.id, updated_at=unit.now)
        await offering.tell_in_chats(matter, offer, "earlier_kept")
        return await finish(matter)

    await perform(services, SYSTEM, act)


async def _earlier(matter: Matter, row: SurveyWait) -> Planned | None:
    """The earliest time before the one booked that suits everybody, planned under lock.

    A look without locks comes first: mostly there is none.
    """
    survey, now = matter.survey, matter.unit.now
    if survey is None:
        return None
    site = await matter.site()
    today = day_of(floor_minute(now))
    first = max(today, row.not_before or today)
    last = day_of(floor_minute(survey.at))
    if first > last:
        return None
    crews = await planning.load(site, first, last)
    if not crews.parties:
        return None
    notice = now + timedelta(hours=matter.city.survey_rules.move_until_hours)
    times = planning.times(site, first, last)
    times = times[(times < floor_minute(survey.at)) & (times > floor_minute(notice))]
    refused = await _refused(matter)
    found = planning.search(site, crews, times, TRIES + len(refused))
    for each in [each for each in found if each.at not in refused][:TRIES]:
        planned = await plan_at(site, each.at)
        if planned is not None:
            return planned
    return None


async def _refused(matter: Matter) -> frozenset[datetime]:
    """Times offered before and not taken: nobody is asked twice."""
    rows = await pool().fetch(_REFUSED, matter.ids["application_id"])
    return frozenset(row["at"] for row in rows)


_REFUSED = (
    "SELECT DISTINCT at FROM surveys WHERE application_id = $1 AND state = 'cancelled'"
    " AND reason = 'earlier'"
)
