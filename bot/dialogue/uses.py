"""Utilities in a city's own words; those it does not offer in the words of one that does."""

from bot.dialogue.heard import Facts
from config.cities import City
from config.texts.chat import chat


def use_of(utility: str, facts: Facts, city: City | None = None) -> str:
    """用暖 for ``heat``, in a city that knows no heat too; never the bare code."""
    cities = [facts.city(code) for code in facts.cities.codes()]
    for each in [city, *cities] if city is not None else cities:
        if (found := each.utilities.get(utility)) is not None:
            return found.use
    return chat("cases.other")
