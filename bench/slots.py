"""``slots`` and ``slots_request``: joint times of five utilities with twenty crews each."""

import asyncio
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from statistics import median
from typing import Any
from uuid import UUID

from bench import crew_days, data, slots_plain
from bench.ground import Broken, Ground
from bench.load import Shots, fire, request
from bench.report import Row, against, at_most
from bench.turns import in_turn
from rules.slots import find
from workflow.people.identity import SessionKind
from workflow.surveys.columns import centre

GOAL_MS = 5.0
GOAL = 0.5
ROUNDS = 7
SECONDS = 1.5
CITY = "zhoukou"
PARTIES = 5
MOST = 200
"""As many as may be asked for: the search goes on to the last days."""
ASKED = 40
"""As many as are told unless more are asked for."""
_CALLS = 20
_CASE = """
SELECT a.id, a.owner_id, a.town, array_agg(r.organization_id ORDER BY r.utility) AS organizations
FROM applications a JOIN requests r ON r.application_id = a.id
WHERE a.city = $1 AND a.stage IN ('accepted', 'surveying') AND r.state = 'pending'
GROUP BY a.id HAVING count(*) = $2 ORDER BY a.id LIMIT 1
"""


def measure(_: Ground) -> list[Row]:
    """Processor time of one search over thirty days, from columns; in turn with plain Python."""
    world = crew_days.world()
    lanes, times = slots_plain.lanes_of(world), world.times.tolist()
    found = find(world.parties, world.visit, world.times, most=MOST)
    if slots_plain.find(lanes, world.visit, times, most=MOST) != found:
        raise Broken("the two searches do not find the same")
    rounds = in_turn(
        ROUNDS,
        columns=lambda: _cpu_ms(
            lambda: find(world.parties, world.visit, world.times, most=MOST), _CALLS
        ),
        asked=lambda: _cpu_ms(
            lambda: find(world.parties, world.visit, world.times, most=ASKED), _CALLS
        ),
        plain=lambda: _cpu_ms(lambda: slots_plain.find(lanes, world.visit, times, most=MOST), 1),
    )
    mine, floor = rounds["columns"], rounds["plain"]
    ratio = median(its / one for one, its in zip(mine.values, floor.values, strict=True))
    booked = sum(len(party.lane) for party in world.parties)
    note = (
        f"{len(found)} of {len(times)} times found among {booked:,} visits;"
        f" the first {ASKED} alone {rounds['asked'].middle:.2f} ms"
    )
    spread = max(mine.spread, floor.spread)
    return [
        at_most("slots", mine, "ms", GOAL_MS, note),
        Row("slots_plain", mine.middle, "ms", floor.middle, ratio, spread=spread),
    ]


def request_(ground: Ground) -> list[Row]:
    """The joint times of one case over HTTP, with such a calendar in the database."""
    database = data.copy(ground, data.built(ground, data.SMALL), "work")
    case = asyncio.run(chosen(ground, database))
    token, visits = asyncio.run(given(ground, database, case))
    asked = request("GET", wanted(case.id), token=token)
    by_hand = request("GET", f"/times/{case.id}")
    with ground.product(database) as product, ground.floor("slots", database) as floor:
        mine, its = (
            told(running.port, each) for running, each in ((product, asked), (floor, by_hand))
        )
        if not mine or mine != its:
            raise Broken(f"not the same times: {mine[:3]} and {its[:3]}")
        rounds = in_turn(
            ROUNDS,
            subject=lambda: fire(Shots(product.port, (asked,), SECONDS)).rate,
            floor=lambda: fire(Shots(floor.port, (by_hand,), SECONDS)).rate,
        )
    note = f"{len(mine)} times told, {visits:,} visits in the calendar"
    return [against("slots_request", rounds["subject"], rounds["floor"], "req/s", GOAL, note)]


@dataclass(frozen=True, slots=True)
class Case:
    """Whose times are asked for."""

    id: UUID
    owner: UUID
    city: str
    organizations: tuple[UUID, ...]
    place: crew_days.Place
    """The site: where the crews have their other visits, too."""


async def chosen(ground: Ground, database: str) -> Case:
    """A case that nobody has surveyed yet."""
    connection = await ground.connect(database)
    try:
        row = await connection.fetchrow(_CASE, CITY, PARTIES)
    finally:
        await connection.close()
    if row is None:
        raise Broken(f"no case of {PARTIES} utilities")
    return case_of(ground, database, CITY, row)


def case_of(ground: Ground, database: str, city: str, row: Mapping[str, Any]) -> Case:
    """A case by its row."""
    rules = ground.wiring(database).cities.on(city, datetime.now(UTC).date())
    place = centre(rules, row["town"])
    return Case(row["id"], row["owner_id"], city, tuple(row["organizations"]), place)


async def given(
    ground: Ground, database: str, case: Case, each: int = crew_days.CREWS
) -> tuple[str, int]:
    """The owner's token, and how many visits the crews of all that must come have to make."""
    crews = await crew_days.enter(ground, database, case.city, case.organizations, case.place, each)
    visits = await crew_days.book(ground, database, case.city, crews, case.place)
    tokens = await data.sign_in(ground, database, [case.owner], SessionKind.MINIPROGRAM)
    return tokens[0], visits


def wanted(case: UUID) -> str:
    """The address of its joint times."""
    return f"/api/v1/applications/{case}/survey/times?days={crew_days.DAYS}"


def told(port: int, asked: bytes) -> list[str]:
    """The times of an answer."""
    volley = fire(Shots(port, (asked,), connections=1))
    if set(volley.statuses) != {"200"}:
        raise Broken(f"answers {volley.statuses}: {volley.sample}")
    return [each["at"] for each in json.loads(volley.sample.partition("\r\n\r\n")[2])["times"]]


def _cpu_ms(call: Callable[[], object], calls: int) -> float:
    began = time.process_time()
    for _ in range(calls):
        call()
    return (time.process_time() - began) / calls * 1000
