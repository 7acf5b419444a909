"""Which city is spoken of: named, by one of its towns, remembered, or asked once."""

from functools import lru_cache

from bot.dialogue import menus
from bot.dialogue.heard import Facts, Heard
from bot.dialogue.state import Question, dump_said
from bot.dialogue.talk import Step, Talk
from bot.understanding.types import Understood
from config.cities import City
from config.texts.chat import chat

TOPIC = "city"
_ENDINGS = ("街道", "镇", "乡", "区", "县", "市")


def named(text: str, facts: Facts, address: str = "") -> str | None:
    """The one city a text names itself, or by a town; None where it names none or several.

    ``address``: the part known to be a place, where a town may go without its ending.
    """
    cities = [facts.city(code) for code in facts.cities.codes()]
    by_name = [c.code for c in cities if c.name in text or c.short_name in text]
    if len(by_name) == 1:
        return by_name[0]
    by_town = [c.code for c in cities if towns_in(c, text, address)]
    return by_town[0] if len(by_town) == 1 and not by_name else None


def towns_in(city: City, text: str, address: str = "") -> list[str]:
    """Codes of the city's towns in a text: by their whole name, or its stem of three characters
    (shorter stems are everyday words: 保安, 金湖) unless it stands in an address.
    """
    return [
        code
        for code, label, stem in _towns(city.towns)
        if label in text
        or label in address
        or (stem and (stem in address or (len(stem) > 2 and stem in text)))
    ]


@lru_cache(maxsize=64)
def _towns(towns: tuple[object, ...]) -> tuple[tuple[str, str, str], ...]:
    return tuple((t.code, t.label, _stem(t.label)) for t in towns)  # type: ignore[attr-defined]


def _stem(label: str) -> str:
    for ending in _ENDINGS:
        if label.endswith(ending) and len(label) - len(ending) >= 2:
            return label.removesuffix(ending)
    return ""


def settle(talk: Talk, said: Understood) -> Talk:
    """The talk with the city it is about as far as one can tell: named now, remembered, or the
    only one there is.
    """
    code = named(said.text, talk.facts, said.slots.address or "")
    if code is None and talk.state.city in talk.facts.cities.codes():
        return talk
    codes = tuple(talk.facts.cities.codes())
    code = code or (codes[0] if len(codes) == 1 else None)
    return talk.to(city=code) if code != talk.state.city else talk


def ask(talk: Talk, said: Understood, before: str = "") -> Step:
    """Ask for the city, once; then what was said is gone on with."""
    offered = tuple((code, talk.facts.city(code).name) for code in talk.facts.cities.codes())
    text, what = chat("city.which"), dump_said(said)
    asked = talk.ask(TOPIC, "which", text, offered, before=before, said=what, passing=True)
    return asked.end()


def answered(talk: Talk, question: Question, heard: Heard) -> str | None:
    """The city chosen: tapped, typed by number, or named."""
    codes = talk.facts.cities.codes()
    key = menus.picked(question, heard)
    if key in codes:
        return key
    slots = heard.understood.slots if heard.understood else None
    return named(heard.text, talk.facts, (slots.address if slots else None) or heard.text)
