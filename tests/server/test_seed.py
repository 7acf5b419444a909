"""The seed: complete, safe to run again, and after a crash in the middle."""

from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from typing import Any, cast

import pytest

from config.cities import CITIES, CityBook
from config.settings import Settings
from models import (
    Application,
    Crew,
    CrewMember,
    CrewShift,
    Event,
    InboxMessage,
    Membership,
    Person,
    Registration,
    UtilityRequest,
)
from rules.actors import ADMIN_ROLES
from rules.calendar import SHANGHAI
from rules.states import RegistrationState, Stage
from server import seed
from server.seed import steps, stories
from server.seed.cast import Player
from server.seed.forms import Enterprise
from server.seed.play import Play
from server.wiring import Wiring
from tests.conftest import FreshDatabase
from tests.server.test_settings import PRODUCTION
from tests.workflow.world import HandClock

STAGES = {
    ("daye", "大冶样例铸造有限公司"): Stage.CONNECTED,
    ("daye", "大冶样例食品有限公司"): Stage.PERMITTING,
    ("daye", "大冶样例物流有限公司"): Stage.RETURNED,
    ("daye", "大冶样例电子有限公司"): Stage.DRAFT,
    ("zhoukou", "周口样例纺织有限公司"): Stage.CONNECTED,
    ("zhoukou", "周口样例医药有限公司"): Stage.PERMITTING,
    ("zhoukou", "周口样例机械有限公司"): Stage.RETURNED,
    ("zhoukou", "周口样例商贸有限公司"): Stage.DRAFT,
}


@pytest.fixture
async def wiring(
    tmp_path: Path, fresh_database: FreshDatabase, redis_url: str
) -> AsyncIterator[Wiring]:
    """An open demo on an empty database."""
    url = await fresh_database()
    made = Wiring.make(Settings.for_demo(tmp_path, database_url=url, redis_url=redis_url))
    await made.open()
    try:
        yield made
    finally:
        await made.close()


async def counted() -> dict[str, int]:
    """Rows that a second run must not add to."""
    tables = (Application, Crew, InboxMessage, Membership, Person, Registration, UtilityRequest)
    return {table.__name__: await table.all().count() for table in tables}


async def stages() -> dict[tuple[str, str | None], Stage]:
    """Where every application stands."""
    return {(app.city, app.enterprise_name): app.stage for app in await Application.all()}


@pytest.mark.parametrize(
    "now",
    [
        datetime(2026, 10, 8, 8, 0, tzinfo=SHANGHAI),  # the holidays have just ended
        datetime(2026, 2, 24, 8, 0, tzinfo=SHANGHAI),
        datetime(2027, 1, 4, 23, 0, tzinfo=SHANGHAI),  # a new year, its calendar not published
    ],
)
async def test_no_story_lies_ahead(
    now: datetime, tmp_path: Path, fresh_database: FreshDatabase, redis_url: str
) -> None:
    settings = Settings.for_demo(tmp_path, database_url=await fresh_database(), redis_url=redis_url)
    made = Wiring(settings, CityBook.load(CITIES), cast(Any, HandClock(now)))
    await made.open()
    try:
        await seed.load(made)
        assert await stages() == STAGES
        assert not await Event.filter(entered_at__gt=now)
        assert not await Event.filter(happened_at__gt=now)
    finally:
        await made.close()


async def test_a_demo_has_people_and_cases_in_every_stage(wiring: Wiring) -> None:
    await seed.load(wiring)
    assert await stages() == STAGES
    parked = await Registration.all()
    assert [row.state for row in parked] == [RegistrationState.PARKED] * 2
    now = wiring.clock.now()
    assert not [app for app in await Application.all() if app.updated_at > now]
    once = await counted()
    assert once["Person"] == len(seed.players())
    await seed.load(wiring)
    assert await counted() == once
    for role in ADMIN_ROLES:
        assert await Membership.filter(role=role).count() == 2


async def test_every_party_of_a_survey_has_crews_that_work(wiring: Wiring) -> None:
    await seed.load(wiring, ())
    day = wiring.clock.now().astimezone(SHANGHAI).date()
    for code in wiring.cities.codes():
        city = wiring.cities.on(code, day)
        parties = set(city.survey_rules.departments)
        for utility, each in city.utilities.items():
            parties |= {carrier.code for carrier in each.carriers} or {utility}
        found = await Crew.filter(city=code).prefetch_related("organization")
        assert {crew.organization.code for crew in found} == parties
        for party in parties:
            assert 2 <= sum(crew.organization.code == party for crew in found) <= 3
        for crew in found:
            assert await CrewMember.filter(crew_id=crew.id).exists()
            assert await CrewShift.filter(crew_id=crew.id).count() >= 5


class Killed(BaseException):
    """As if the process had been killed."""


async def cut_off(play: Play, owner: Player, enterprise: Enterprise) -> None:
    """Submitted, and not a step further."""
    await steps.submit(play, owner, enterprise, ("water", "gas"))
    raise Killed


async def test_a_seed_cut_off_goes_on_where_it_stopped(wiring: Wiring) -> None:
    tales = [
        (name, ago, who, cut_off if name == "returned" else story)
        for name, ago, who, story in stories.STORIES
    ]
    with pytest.raises(Killed):
        await seed.load(wiring, tales)
    half = await stages()
    assert half["daye", "大冶样例物流有限公司"] is Stage.SUBMITTED
    assert half != STAGES
    await seed.load(wiring)
    assert await stages() == STAGES


async def test_the_seed_is_for_demos_only(
    tmp_path: Path, database_url: str, redis_url: str
) -> None:
    given = {
        "DATA_DIR": str(tmp_path),
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "STORAGE_URL": (tmp_path / "uploads").as_uri(),
    }
    production = Wiring.make(Settings.load({**PRODUCTION, **given}))
    with pytest.raises(RuntimeError, match="demos"):
        await seed.load(production)
