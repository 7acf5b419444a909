"""更名、过户: kinds of business about the name of an account, where a city offers them."""

from config.cities import City

ACCOUNT = frozenset({"rename", "transfer"})
"""Kinds of business about the name of an account, as they are understood in any city."""


def account_kinds(city: City) -> dict[str, str]:
    """Kinds that change an account's holder or name: code → label. Empty where not offered."""
    return {
        kind.code: kind.label
        for utility in city.utilities.values()
        for kind in utility.kinds.values()
        if kind.account_change
    }
