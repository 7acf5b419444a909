"""The bench of joint times: plain Python and the floor find what the product finds."""

import asyncio
import random
from pathlib import Path

from bench import booking, crew_days, slots, slots_plain
from bench.load import request
from rules.slots import find
from tests.bench.given import migrated
from tests.conftest import FreshDatabase
from tests.servers import Addresses

_CHOSEN = """
SELECT a.id, a.owner_id, a.town, array_agg(r.organization_id) AS organizations
FROM applications a JOIN requests r ON r.application_id = a.id WHERE a.id = $1 GROUP BY a.id
"""


def test_plain_python_finds_the_same() -> None:
    for seed in range(5):
        world = crew_days.world(seed=seed)
        lanes, times = slots_plain.lanes_of(world), world.times.tolist()
        found = find(world.parties, world.visit, world.times, most=slots.MOST)
        assert slots_plain.find(lanes, world.visit, times, most=slots.MOST) == found
        assert 0 < len(found) < len(times)


def test_the_world_is_as_large_and_as_full_as_it_says() -> None:
    world = crew_days.world()
    assert len(world.parties) == 5
    assert {len(party.lane_crew) for party in world.parties} == {20}
    assert {at // 1440 for at in world.times.tolist()} == set(range(30))
    booked = sum(len(party.lane) for party in world.parties)
    full = 5 * 20 * 30 * len(crew_days.SESSIONS) * 2
    assert 0.88 < booked / full < 0.92


def test_no_lane_is_booked_twice_at_a_time() -> None:
    made = list(crew_days.parts(crew_days.SESSIONS, 5, random.Random(1)))
    taken = [(part.party, part.crew, at) for part in made for at in range(part.starts, part.ends)]
    assert len(taken) == len(set(taken)) > 0


async def test_the_floor_tells_the_same_times(
    template: Addresses, fresh_database: FreshDatabase, tmp_path: Path
) -> None:
    ground, database = await migrated(template, fresh_database, tmp_path)
    (case, _), *others = await booking.accepted(ground, database, 1000)
    connection = await ground.connect(database)
    try:
        await connection.execute(
            "UPDATE applications SET stage = 'closed' WHERE id = ANY($1)",
            [ident for ident, _ in others],
        )
        row = await connection.fetchrow(_CHOSEN, case)
    finally:
        await connection.close()
    chosen = slots.case_of(ground, database, booking.CITY, row)
    token, visits = await slots.given(ground, database, chosen, each=10)
    path = slots.wanted(case)
    with ground.product(database) as product, ground.floor("slots", database) as floor:
        mine = await asyncio.to_thread(slots.told, product.port, request("GET", path, token=token))
        by_hand = await asyncio.to_thread(slots.told, floor.port, request("GET", f"/times/{case}"))
    assert visits > 500
    assert mine == by_hand != []
