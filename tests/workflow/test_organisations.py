"""The table of organisations follows the city files."""

from collections.abc import AsyncIterator
from datetime import date

import pytest

from config.cities import CITIES, CityBook
from models import Organization, db
from rules.actors import OrgKind
from tests.conftest import FreshDatabase
from workflow import directory
from workflow.people import organisations

DAY = date(2026, 3, 2)


@pytest.fixture
async def book(fresh_database: FreshDatabase) -> AsyncIterator[CityBook]:
    await db.connect(await fresh_database())
    yield CityBook.load(CITIES)
    await db.close()


async def test_every_code_of_the_files_is_found(book: CityBook) -> None:
    assert await organisations.sync(book, DAY) > 0
    for code in book.codes():
        city = book.on(code, DAY)
        assert (await directory.window(code)).name == city.window.name
        assert (await directory.lead(code)).name == city.lead.label
        for department in city.departments:
            assert (await directory.department(code, department, None)).code == department
        for utility in city.utilities.values():
            carriers = [carrier.code for carrier in utility.carriers]
            assert await directory.providers(code, utility.code, carriers)


async def test_a_town_answers_for_itself(book: CityBook) -> None:
    await organisations.sync(book, DAY)
    own = await directory.department("daye", "town", "jinhu")
    assert (own.town, own.code) == ("jinhu", "town-jinhu")
    assert (await directory.department("daye", "chengguan", "jinhu")).code == "chengguan"


async def test_all_providers_names_carriers_instead_of_their_utility(book: CityBook) -> None:
    await organisations.sync(book, DAY)
    found = {one.code for one in await directory.all_providers("daye")}
    assert found == {"water", "electricity", "gas", "telecom", "mobile", "unicom", "broadnet"}


async def test_again_changes_nothing_and_keeps_ids(book: CityBook) -> None:
    await organisations.sync(book, DAY)
    before = await Organization.all().order_by("id").values_list("id", "name")
    assert await organisations.sync(book, DAY) == 0
    assert await Organization.all().order_by("id").values_list("id", "name") == before


async def test_gone_ones_become_inactive_and_return(book: CityBook) -> None:
    await organisations.sync(book, DAY)
    await Organization.create(city="daye", kind=OrgKind.CARRIER, code="old", name="旧网络公司")
    await Organization.filter(city="daye", code="water").update(active=False, name="旧名")
    assert await organisations.sync(book, DAY) == 2
    assert not (await Organization.get(city="daye", code="old")).active
    water = await directory.one("daye", OrgKind.UTILITY, "water")
    assert water.name == book.on("daye", DAY).utilities["water"].provider


async def test_other_cities_stay_as_they_are(book: CityBook) -> None:
    await organisations.sync(book, DAY)
    await Organization.filter(city="zhoukou", code="window").update(name="别的名字")
    assert await organisations.sync(book.only(("daye",)), DAY) == 0
    assert (await directory.window("zhoukou")).name == "别的名字"
