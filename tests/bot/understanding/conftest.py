"""The words of both cities, loaded once, and a city's working calendar."""

from datetime import date

import pytest

from bot.understanding.lexicon import Lexicon
from config.cities import CITIES, City, CityBook
from rules.calendar import WorkCalendar

DAY = date(2026, 3, 4)


@pytest.fixture(scope="session")
def cities() -> list[City]:
    book = CityBook.load(CITIES)
    return [book.on(code, DAY) for code in book.codes()]


@pytest.fixture(scope="session")
def lexicon(cities: list[City]) -> Lexicon:
    return Lexicon.of(cities)


@pytest.fixture(scope="session")
def calendar(cities: list[City]) -> WorkCalendar:
    city = next(city for city in cities if city.code == "daye")
    return WorkCalendar(city.hours, city.same_day_cutoff)
