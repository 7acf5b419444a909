"""Whatever is booked, moved, held, cancelled, declined, proposed or offered, in whatever order: on
every lane each visit leaves time to travel to the next, a refusal is right, and holds that have run
out block nobody.
"""

import itertools
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

import numpy as np
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from models import Crew, Organization, Survey, SurveyVisit
from models.crews import LANES
from models.db import pool
from rules.errors import Code, DomainError
from rules.travel import Travel
from tests.workflow.drive import Drive
from tests.workflow.steps import TWO, at
from tests.workflow.surveys.fleet import (
    accepted,
    book,
    cancel,
    comes,
    crew,
    decline,
    hold,
    page,
    take,
    visit_of,
    wait,
)
from tests.workflow.world import MONDAY, World
from workflow.surveys import answering, booking, waiting

PLACES = ((114.65, 33.62), (114.70, 33.62), (114.8653, 33.62), (114.65, 33.60))
TIMES = [
    *(at(3, day, hour, minute) for day in (17, 18) for hour, minute in ((8, 30), (9, 0))),
    *[at(3, 17, 9, 35), at(3, 17, 10), at(3, 17, 11), at(3, 18, 10), at(3, 18, 11)],
]
LENGTH = 60
OPENS, CLOSES = 510, 720
_RESET = (
    "UPDATE survey_visits SET active = false, state = 'ended'",
    "UPDATE survey_waits SET state = 'ended'",
    "UPDATE surveys SET state = 'cancelled', ended_by = 'system', reason = ''",
)

Step = tuple[str, int, int]
KINDS = (
    *("book", "book", "book", "hold", "take", "leave", "cancel", "decline", "propose"),
    *("wait", "worker", "pass"),
)
STEPS = st.lists(
    st.tuples(st.sampled_from(KINDS), st.integers(0, 3), st.integers(0, len(TIMES) - 1)),
    min_size=15,
    max_size=40,
)


@dataclass
class Town:
    """Four sites, three crews on four lanes; what the tables hold is compared with plain sums."""

    world: World
    drives: list[Drive]
    travel: Travel
    lanes: dict[UUID, list[int]] = field(default_factory=dict)
    """Organisation → its lanes."""

    async def active(self) -> list[SurveyVisit]:
        """Visits that keep a lane: none of a hold that has run out."""
        rows = await SurveyVisit.filter(active=True).order_by("lane", "at")
        surveys = {row.id: row for row in await Survey.all()}
        now = self.world.clock.now()
        return [
            row
            for row in rows
            if (until := surveys[row.survey_id].held_until) is None or until > now
        ]

    def apart(self, one: tuple[float, float], other: tuple[float, float]) -> int:
        """Minutes between two sites."""
        lon, lat = np.array([one[0]]), np.array([one[1]])
        return int(self.travel.minutes(lon, lat, other)[0])

    async def check(self) -> None:
        """Travel is kept on every lane, and each visit lies in its crew's hours."""
        visits = await self.active()
        for _, lane in itertools.groupby(visits, key=lambda visit: visit.lane):
            for before, after in itertools.pairwise(lane):
                gap = (after.at - before.ends_at).total_seconds() / 60
                assert gap >= self.apart(place(before), place(after)), (before.at, after.at)
        for visit in visits:
            assert works(visit.at), visit.at
        for _, together in itertools.groupby(
            sorted(visits, key=lambda visit: visit.survey_id), key=lambda visit: visit.survey_id
        ):
            who = [visit.organization_id for visit in together]
            assert len(set(who)) == len(who)

    async def free(self, when: datetime, number: int, without: Iterable[UUID]) -> bool:
        """Whether every organisation has a lane for a case, tried one by one; a crew that has
        declined a time of the case is not asked for that time again.
        """
        busy: dict[int, list[SurveyVisit]] = {}
        gone = set(without)
        for visit in await self.active():
            if visit.survey_id not in gone:
                busy.setdefault(visit.lane, []).append(visit)
        declined = await SurveyVisit.filter(
            state="declined", survey__application_id=self.drives[number].id
        )
        away = {
            visit.lane // LANES
            for visit in declined
            if visit.at < when + timedelta(minutes=LENGTH) and when < visit.ends_at
        }
        return works(when) and all(
            any(
                lane // LANES not in away and self._fits(when, PLACES[number], busy.get(lane, []))
                for lane in lanes
            )
            for lanes in self.lanes.values()
        )

    def _fits(self, when: datetime, site: tuple[float, float], busy: list[SurveyVisit]) -> bool:
        for visit in busy:
            way = self.apart(place(visit), site)
            before = (when - visit.ends_at).total_seconds() / 60
            after = (visit.at - when).total_seconds() / 60 - LENGTH
            if before < way and after < way:
                return False
        return True


def place(visit: SurveyVisit) -> tuple[float, float]:
    """Where it is."""
    assert visit.lon is not None
    assert visit.lat is not None
    return visit.lon, visit.lat


def works(when: datetime) -> bool:
    """Whether the crews, who work mornings only, have the whole visit in their hours."""
    local = when.astimezone(MONDAY.tzinfo)
    minute = local.hour * 60 + local.minute
    return minute >= OPENS and minute + LENGTH <= CLOSES


_town: dict[int, Town] = {}


async def town(world: World) -> Town:
    """Made once for the test's database; every example begins with nothing booked."""
    if id(world) not in _town:
        for code, lanes in (("water", 2), ("water", 1), ("electricity", 1), ("electricity", 1)):
            number = 1 + await Crew.all().count()
            await crew(code, number, lanes=lanes, hours=((OPENS, CLOSES),))
        drives = [
            await accepted(
                world,
                "27T08:30",
                TWO | {"site.point": {"lng": lng, "lat": lat, "system": "gcj02"}},
            )
            if number < 2
            else await _later(world, lng, lat)
            for number, (lng, lat) in enumerate(PLACES)
        ]
        rules = world.services.cities.on("zhoukou", MONDAY.date()).survey_rules
        made = Town(world, drives, Travel(float(rules.travel_kmh), rules.travel_least_minutes))
        for row in await Crew.all():
            mine = made.lanes.setdefault(row.organization_id, [])
            mine += [row.number * LANES + lane for lane in range(row.lanes)]
        _town[id(world)] = made
    for statement in _RESET:
        await pool().execute(statement)
    world.clock.set(MONDAY)
    return _town[id(world)]


async def _later(world: World, lng: float, lat: float) -> Drive:
    point = {"site.point": {"lng": lng, "lat": lat, "system": "gcj02"}}
    return await accepted(world, "26T08:30", TWO | point)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=STEPS)
async def test_travel_is_kept_whatever_happens(world: World, steps: list[Step]) -> None:
    place_ = await town(world)
    for kind, number, when in steps:
        await _ACTS[kind](place_, place_.drives[number], TIMES[when], number)
        await place_.check()


async def _book(town_: Town, drive: Drive, when: datetime, number: int) -> None:
    own = [
        UUID(str(row))
        for row in await Survey.filter(
            application_id=drive.id, state__in=["confirmed", "offered"]
        ).values_list("id", flat=True)
    ]
    free = await town_.free(when, number, own)
    refusal = await _tried(book(drive, when))
    assert refusal in (None, Code.SLOT_TAKEN, Code.GUARD_FAILED)
    assert free if refusal is None else refusal is Code.GUARD_FAILED or not free


async def _hold(town_: Town, drive: Drive, when: datetime, number: int) -> None:
    before = [
        UUID(str(row))
        for row in await Survey.filter(
            application_id=drive.id, state="offered", reason="hold"
        ).values_list("id", flat=True)
    ]
    free = await town_.free(when, number, before)
    refusal = await _tried(hold(drive, when))
    assert free if refusal is None else refusal is Code.GUARD_FAILED or not free


async def _kept(drive: Drive) -> list[UUID]:
    return [UUID(each["id"]) for each in (await page(drive))["kept"]]


async def _take(town_: Town, drive: Drive, when: datetime, number: int) -> None:
    for kept in (await _kept(drive))[:1]:
        refusal = await _tried(take(drive, kept))
        assert refusal in (None, Code.GUARD_FAILED)  # what is kept can be had


async def _leave(town_: Town, drive: Drive, when: datetime, number: int) -> None:
    for kept in (await _kept(drive))[:1]:
        body = booking.Kept(survey=kept)
        await drive.world.act(
            drive.owner,
            lambda unit, body=body: booking.leave_time(unit, drive.id, body, expect=None),  # type: ignore[misc]
        )


async def _tried(act: Awaitable[object]) -> Code | None:
    """Why it was refused; None when it was not."""
    try:
        await act
    except DomainError as refusal:
        event(f"refused {refusal.code.value} {refusal.data.get('guard', '')}")
        return refusal.code
    event("done")
    return None


async def _cancel(town_: Town, drive: Drive, when: datetime, number: int) -> None:
    await _tried(cancel(drive))


async def _decline(town_: Town, drive: Drive, when: datetime, number: int) -> None:
    code = ("water", "electricity")[when.minute // 30 % 2]
    org = await Organization.get(city="zhoukou", code=code, kind="utility")
    if await SurveyVisit.filter(
        survey__application_id=drive.id,
        survey__state="confirmed",
        organization_id=org.id,
        active=True,
    ).exists():
        event("declined")
        await decline(drive, code)


async def _propose(town_: Town, drive: Drive, when: datetime, number: int) -> None:
    if await SurveyVisit.filter(
        survey__application_id=drive.id, survey__state="confirmed", active=True
    ).exists():
        org = await Organization.get(city="zhoukou", code="water", kind="utility")
        rows = await SurveyVisit.filter(
            survey__application_id=drive.id, organization_id=org.id, active=True
        ).count()
        if rows == 0:
            return
        visit = await visit_of(drive, "water")
        body = answering.Proposal(at=when, reason="样例")
        actor = await comes(drive, "water")
        await _tried(
            drive.world.act(
                actor, lambda unit: answering.propose_time(unit, visit.survey_id, visit.id, body)
            )
        )


async def _wait(town_: Town, drive: Drive, when: datetime, number: int) -> None:
    await _tried(wait(drive))


async def _worker(town_: Town, drive: Drive, when: datetime, number: int) -> None:
    await waiting.offer_earlier(drive.world.services)


async def _pass(town_: Town, drive: Drive, when: datetime, number: int) -> None:
    drive.world.clock.forward(minutes=10 + number * 5)


_ACTS: dict[str, Callable[[Town, Drive, datetime, int], Awaitable[None]]] = {
    "book": _book,
    "hold": _hold,
    "take": _take,
    "leave": _leave,
    "cancel": _cancel,
    "decline": _decline,
    "propose": _propose,
    "wait": _wait,
    "worker": _worker,
    "pass": _pass,
}
