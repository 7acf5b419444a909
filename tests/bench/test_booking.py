"""The bench of bookings: the floor writes what a booking writes, and only one outcome is right."""

import asyncio
import json
from collections import Counter
from pathlib import Path

import pytest

from bench import booking
from bench.ground import Broken
from tests.bench.given import migrated, written
from tests.conftest import FreshDatabase
from tests.servers import Addresses


def answer(status: str, **body: object) -> str:
    """An answer as it comes over the line."""
    return f"HTTP/1.1 {status} So\r\ncontent-length: 9\r\n\r\n{json.dumps(body)}"


def test_a_refusal_counts_as_right_only_with_other_times() -> None:
    assert booking.kind_of(answer("200", id="x")) == "booked"
    assert booking.kind_of(answer("409", code="slot_taken", times=[])) == "slot_taken"
    assert booking.kind_of(answer("409", code="slot_taken")) == "409 slot_taken"
    assert booking.kind_of(answer("503", code="busy")) == "503 busy"
    assert booking.kind_of("HTTP/1.1 500 So\r\n\r\n<html>") == "500"


async def test_the_same_rows_are_written(
    template: Addresses, fresh_database: FreshDatabase, tmp_path: Path
) -> None:
    ground, database = await migrated(template, fresh_database, tmp_path)
    cases = await booking.accepted(ground, database, 4)
    await booking.fleet(ground, database)
    first, second, *_ = booking.slots(ground, database)
    with ground.product(database) as product, ground.floor("booking", database) as floor:
        shots = [booking.shot(ident, token, first) for ident, token in cases[:2]]
        real = await written(ground, database, product, tuple(shots))
        shots = [booking.hand(ident, second, crew) for crew, (ident, _) in enumerate(cases[2:])]
        by_hand = await written(ground, database, floor, tuple(shots))
    assert real == by_hand
    assert real["survey_visits"] == 8


async def test_exactly_the_capacity_is_booked(
    template: Addresses, fresh_database: FreshDatabase, tmp_path: Path
) -> None:
    ground, database = await migrated(template, fresh_database, tmp_path)
    many, kinds = booking.CAPACITY + 10, Counter[str]()
    cases = await booking.accepted(ground, database, many + booking.CAPACITY)
    await booking.fleet(ground, database)
    times = booking.slots(ground, database)
    assert len(set(times)) == booking.SLOTS
    round_ = (ground, database)
    with ground.product(database) as product, ground.floor("booking", database) as floor:
        mine = await asyncio.to_thread(booking.booked, *round_, product, cases[:many], times, kinds)
        its = await asyncio.to_thread(booking.by_hand, *round_, floor, cases[many:], times)
        assert min(mine, its) > 0
        with pytest.raises(Broken, match="slot_taken"):  # nobody can be booked a second time
            await asyncio.to_thread(booking.booked, *round_, product, cases[:2], times, kinds)
    assert kinds == {"booked": booking.CAPACITY, "slot_taken": 10}
