"""The menu below the chat (自定义菜单), built from the cities that are served.

A tap comes back as the key of its entry, which the dialogue begins a topic by
(``bot.dialogue.topics.KEYS``, ``bot.dialogue.menus.START``).
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from bot.dialogue import menus
from config.cities import City
from config.texts import render, table

TOP, BELOW = 8, 16
"""Half widths of a name: four characters at the top, eight below it."""
MOST_BELOW: Final = 5
MOST_CITIES: Final = 3
"""Cities that have an entry of their own; with more of them the talk asks which."""
HOME: Final = "pages/index/index"

Entry = dict[str, Any]


def menu_of(cities: Sequence[City], *, mini_program: str = "", public_url: str = "") -> Entry:
    """The menu as the platform takes it. ``mini_program``: its app id; empty: no entry for it.

    ValueError for a name that does not fit.
    """
    applying = [*_applying(cities), _click("register", "menu:register")]
    if mini_program:
        applying.append(_app(mini_program, public_url))
    mine = ("status", "survey", "rate", "complain")
    helping = ("guide", "contacts", "person")
    return {
        "button": [
            _column("apply", applying),
            _column("mine", [_click(name, f"menu:{name}") for name in mine]),
            _column("help", [_click(name, f"menu:{name}") for name in helping]),
        ]
    }


def keys_of(menu: Mapping[str, Any]) -> list[str]:
    """Every key a tap may come back with."""
    entries = [entry for column in menu["button"] for entry in column["sub_button"]]
    return [entry["key"] for entry in entries if entry["type"] == "click"]


def _applying(cities: Sequence[City]) -> list[Entry]:
    """One city is named by what can be had in it; of several each has its own entry."""
    if len(cities) == 1:
        shorts = "".join(each.short for each in cities[0].utilities.values())
        name = _name("apply_utilities", utilities=shorts)
        return [_entry(name if _fits(name, BELOW) else _name("apply"), "menu:apply")]
    named = [(city, _name("apply_city", city=city.short_name)) for city in cities]
    if len(cities) > MOST_CITIES or not all(_fits(name, BELOW) for _, name in named):
        return [_click("apply", "menu:apply")]
    return [_entry(name, f"{menus.START}apply:{city.code}") for city, name in named]


def _app(mini_program: str, public_url: str) -> Entry:
    name = _checked(_name("app"), BELOW)
    return {
        "type": "miniprogram",
        "name": name,
        "appid": mini_program,
        "pagepath": HOME,
        "url": public_url,
    }


def _column(name: str, entries: list[Entry]) -> Entry:
    if len(entries) > MOST_BELOW:
        raise ValueError(f"{name}: {len(entries)} entries")
    return {"name": _checked(table("menu")["columns"][name], TOP), "sub_button": entries}


def _click(name: str, key: str) -> Entry:
    return _entry(_name(name), key)


def _entry(name: str, key: str) -> Entry:
    return {"type": "click", "name": _checked(name, BELOW), "key": key}


def _name(code: str, **data: str) -> str:
    return render(table("menu")["entries"][code], data)


def _checked(name: str, most: int) -> str:
    if not _fits(name, most):
        raise ValueError(f"{name} is too long for the menu")
    return name


def _fits(name: str, most: int) -> bool:
    return bool(name) and sum(1 if char.isascii() else 2 for char in name) <= most
