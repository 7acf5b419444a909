"""A city may let the system accept a complete form; what is not complete is left to the window."""

from collections.abc import AsyncIterator
from pathlib import Path
from shutil import copy

import pytest

from config.cities import CITIES, CityBook
from models import Event, OutboxRow, db
from rules.actors import Role
from rules.states import Stage
from tests.conftest import FreshDatabase
from tests.workflow.drive import Drive
from tests.workflow.forms import DAYE, ZHOUKOU
from tests.workflow.world import MONDAY, World, make_world
from workflow.background import outbox
from workflow.background.messages import HANDLERS
from workflow.people import organisations


@pytest.fixture
async def willing(fresh_database: FreshDatabase, tmp_path: Path) -> AsyncIterator[World]:
    """Both cities, each letting the system accept."""
    for file in CITIES.glob("*.toml"):
        copy(file, tmp_path / file.name)
    for name in ("daye", "zhoukou"):
        file = tmp_path / f"{name}.toml"
        file.write_text(
            file.read_text("utf-8").replace("auto_accept = false", "auto_accept = true"), "utf-8"
        )
    await db.connect(await fresh_database())
    book = CityBook.load(tmp_path)
    await organisations.sync(book, MONDAY.date())
    world = await make_world()
    object.__setattr__(world.services, "cities", book)
    yield world
    await db.close()


async def drained(world: World) -> list[str]:
    while await OutboxRow.filter(done_at=None, failed_at=None).exists():
        await outbox.work(world.services, HANDLERS)
    rows = await OutboxRow.filter(topic="accept_complete")
    return [row.outcome for row in rows]


async def test_a_form_without_documents_is_accepted_by_the_system(willing: World) -> None:
    drive = await Drive.drafted(willing, "zhoukou", ZHOUKOU)
    await drive.submit()
    assert await drained(willing) == ["accepted"]
    app = await drive.app()
    assert app.stage is Stage.SURVEYING
    assert (await Event.get(application_id=app.id, name="accept")).role is Role.SYSTEM


async def test_missing_documents_are_left_to_the_window(willing: World) -> None:
    drive = await Drive.drafted(willing, "daye", DAYE)
    await drive.submit()
    assert await drained(willing) == ["left_to_the_window_guard_failed"]
    assert (await drive.app()).stage is Stage.SUBMITTED
