"""The cities every conversation is about."""

import pytest

from config.cities import CITIES, CityBook


@pytest.fixture(scope="session")
def book() -> CityBook:
    """大冶 and 周口 as they are shipped."""
    return CityBook.load(CITIES)
