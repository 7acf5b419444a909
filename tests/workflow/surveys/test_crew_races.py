"""Bookings and changes of crews at once: whatever wins, every visit is one its crew can keep."""

import asyncio
from collections.abc import Awaitable
from random import Random
from typing import Any
from uuid import UUID

import pytest

from models import Crew, SurveyVisit
from models.crews import LANES
from rules.actors import Actor
from rules.errors import Code, DomainError
from rules.rosters import goes_out
from rules.worktime import ceil_minute, floor_minute
from tests.workflow.drive import Drive
from tests.workflow.steps import TWO, at
from tests.workflow.surveys import fleet
from tests.workflow.surveys.roster import keeper
from tests.workflow.world import World
from workflow.surveys import absences, crews
from workflow.surveys.breaking import roster_of

WATER = TWO | {"utilities": ["water"]}
TIMES = (at(3, 18, 9), at(3, 18, 10, 30), at(3, 18, 15))
MEETING = {Code.SLOT_TAKEN, Code.VISITS_BROKEN, Code.VERSION_STALE, Code.CONFLICT}
"""How one of two who meet may be refused; anything else is a fault of ours."""


async def outcome(act: Awaitable[Any]) -> str:
    try:
        await act
    except DomainError as refusal:
        if refusal.code not in MEETING:
            raise
        return refusal.code.value
    return "done"


async def change(world: World, actor: Actor, crew: Crew, **values: Any) -> None:
    body = crews.CrewChange(accept=True, **values)
    await world.act(actor, lambda unit: crews.change(unit, crew.id, body, expect=None))


async def away(world: World, actor: Actor, crew: Crew, *, accept: bool) -> None:
    body = absences.AbsenceInput(
        starts_at=at(3, 18, 10), ends_at=at(3, 18, 12), reason="检修", accept=accept
    )
    await world.act(actor, lambda unit: absences.add(unit, crew.id, body, expect=None))


async def kept(world: World) -> int:
    """How many visits stand; each within the shifts, the lanes and no absence of its crew."""
    city = world.services.cities.on(fleet.CITY, TIMES[0].date())
    calendar = world.services.calendars.of(city)
    rosters = {crew.id: (crew, await roster_of(crew)) for crew in await Crew.all()}
    standing = await SurveyVisit.filter(active=True)
    for visit in standing:
        crew, roster = rosters[visit.crew_id]
        number, lane = divmod(visit.lane, LANES)
        assert number == crew.number
        starts, ends = floor_minute(visit.at), ceil_minute(visit.ends_at)
        assert goes_out(roster, calendar, lane, starts, ends), (crew.name, visit.at, lane)
    return len(standing)


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_whatever_wins_every_visit_can_be_kept(world: World, seed: int) -> None:
    drives: list[Drive] = [await fleet.accepted(world, values=WATER) for _ in range(8)]
    first, second = await fleet.fleet("water", each=2, lanes=2)
    clerk, organiser = await keeper(world, "water"), await world.organiser(fleet.CITY)
    acts: list[Awaitable[Any]] = [
        fleet.book(drive, TIMES[number % 3], organiser, "当面约定")
        for number, drive in enumerate(drives)
    ]
    acts += [
        change(world, clerk, first, lanes=1),
        away(world, clerk, second, accept=True),
        away(world, clerk, first, accept=False),
        change(world, clerk, second, active=False),
        change(world, clerk, second, active=True),
    ]
    Random(seed).shuffle(acts)
    found = await asyncio.gather(*(outcome(act) for act in acts))
    assert found.count("done") >= 6
    assert await kept(world)
    again = [outcome(fleet.book(drive, TIMES[2], organiser, "改约")) for drive in drives]
    await asyncio.gather(*again, outcome(change(world, clerk, first, active=False)))
    await kept(world)
    lanes = await SurveyVisit.filter(active=True).values_list("lane", "at")
    assert len(set(lanes)) == len(lanes)
    assert UUID(str(first.id)) not in await SurveyVisit.filter(active=True).values_list(
        "crew_id", flat=True
    )
