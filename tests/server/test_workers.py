"""What the worker process runs, and calendars that every process follows."""

import os
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from config.settings import Settings
from models import AuditEntry, CalendarDay
from server.calendars import CityCalendars
from server.following import CalendarFollower
from server.wiring import Wiring
from server.workers import loops
from storage.intake import PREFIX
from tests.conftest import FreshDatabase

SATURDAY = date(2026, 3, 21)


@pytest.fixture
async def wiring(
    tmp_path: Path, fresh_database: FreshDatabase, redis_url: str
) -> AsyncIterator[Wiring]:
    """An open wiring of a database of its own."""
    settings = Settings.for_demo(tmp_path, database_url=await fresh_database(), redis_url=redis_url)
    wiring = Wiring.make(settings)
    await wiring.open()
    yield wiring
    await wiring.close()


async def run(wiring: Wiring, name: str) -> bool:
    """One act of a loop."""
    (loop,) = (loop for loop in loops(wiring) if loop.name == name)
    return await loop.act()


async def test_every_loop_runs_on_an_empty_database(wiring: Wiring) -> None:
    for loop in loops(wiring):
        assert await loop.act() is False, loop.name
        assert loop.interval_s > 0


async def test_the_trail_is_chained_within_a_second(wiring: Wiring) -> None:
    (audit,) = (loop for loop in loops(wiring) if loop.name == "audit")
    assert audit.interval_s * 1.1 < 1
    now = wiring.clock.now()
    await AuditEntry.create(
        city="daye", at=now, role="auditor", action="x", object_kind="y", object_id="z"
    )
    await audit.act()
    assert (await AuditEntry.get()).sequence == 1


async def test_leftovers_of_killed_uploads_go_by_their_real_age(wiring: Wiring) -> None:
    spool = wiring.settings.spool_dir
    spool.mkdir(mode=0o700)
    old, fresh, foreign = (spool / name for name in (f"{PREFIX}old", f"{PREFIX}new", "other"))
    for path in (old, fresh, foreign):
        path.write_bytes(b"x")
    two_hours_ago = (datetime.now(UTC) - timedelta(hours=2)).timestamp()
    os.utime(old, (two_hours_ago, two_hours_ago))
    await run(wiring, "spool")
    assert sorted(spool.iterdir()) == sorted((fresh, foreign))


def works(calendars: CityCalendars, wiring: Wiring) -> bool:
    """Whether 大冶 works on the Saturday."""
    calendar = calendars.of(wiring.cities.on("daye", SATURDAY))
    return calendar.is_workday(SATURDAY)


async def test_a_process_follows_the_days_another_one_has_set(wiring: Wiring) -> None:
    calendars = CityCalendars()
    assert not works(calendars, wiring)
    await CalendarDay.create(city="daye", day=SATURDAY, working=True)
    follower = CalendarFollower(calendars, wiring.cities.codes())
    await follower.start()
    assert works(calendars, wiring)
    kept = calendars.of(wiring.cities.on("daye", SATURDAY))
    await follower.stop()
    await follower.start()
    assert calendars.of(wiring.cities.on("daye", SATURDAY)) is kept  # nothing new: nothing made
    await follower.stop()
    await CalendarDay.all().delete()
    await follower.start()
    assert not works(calendars, wiring)
    await follower.stop()


async def test_a_wiring_opens_without_a_database_and_reads_its_days_later(
    tmp_path: Path, redis_url: str
) -> None:
    nowhere = "postgres://nobody@127.0.0.1:9/nowhere"
    wiring = Wiring.make(Settings.for_demo(tmp_path, database_url=nowhere, redis_url=redis_url))
    await wiring.open()
    assert not (await wiring.readiness()).ok
    await wiring.close()
