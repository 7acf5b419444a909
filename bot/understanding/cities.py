"""The cities' names for the command line and for training: every city, by its latest policy."""

from datetime import date

from config.cities import CITIES, City, CityBook

_LATEST = date(9999, 12, 31)


def all_cities() -> list[City]:
    """Each city that comes with the product, as its last dated values have it."""
    book = CityBook.load(CITIES)
    return [book.on(code, _LATEST) for code in book.codes()]
