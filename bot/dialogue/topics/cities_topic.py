"""The city, asked once: whatever was wanted goes on when it is known."""

import re
from dataclasses import fields, replace

from bot.dialogue import cities
from bot.dialogue.filling.shapes import ASKING
from bot.dialogue.heard import Heard
from bot.dialogue.state import Question, load_said
from bot.dialogue.talk import Step, Talk
from bot.dialogue.topics.base import Topic
from bot.understanding.types import Intent, Slots, Understood

CITY_ONLY = 6
"""Characters in which a city is named and nothing else said."""


def answer(talk: Talk, question: Question, heard: Heard) -> Step | None:
    """The city named; then what was wanted before is begun."""
    code = cities.answered(talk, question, heard)
    if code is None:
        return None
    said = load_said(question.data.get("said"))
    talk = talk.to(city=code, asked=None)
    if said is None:
        said = Understood("", Intent.GREET, 1.0)
    return talk.mean(_joined(said, heard.understood) if heard.understood else said)


def _joined(said: Understood, more: Understood) -> Understood:
    """What was wanted, with all that was told together with the city."""
    told = {f.name: value for f in fields(Slots) if (value := getattr(more.slots, f.name))}
    if not told and len(more.text) <= CITY_ONLY:
        return said
    utilities = tuple(dict.fromkeys((*said.slots.utilities, *more.slots.utilities)))
    slots = replace(said.slots, **{**told, "utilities": utilities})
    text, literal = f"{said.text}，{more.text}", f"{said.typed}，{more.typed}"
    return replace(said, text=text, literal=literal, slots=slots)


def chosen(talk: Talk, said: Understood) -> Talk | None:
    """The talk about the city somebody names and says nothing else; None for anything more."""
    if len(said.text) > CITY_ONLY or ASKING.search(said.text):
        return None
    code = cities.named(said.text, talk.facts)
    return talk.to(city=code) if code is not None else None


def scene(talk: Talk, key: str) -> Talk:
    """The city of a QR code's scene that names it or one of its towns: ``qrscene_daye_hall``,
    ``qrscene_taikang``.
    """
    parts = set(re.split("[^a-z]+", key.lower()))
    codes = talk.facts.cities.codes()
    found = [code for code in codes if code in parts]
    found = found or [code for code in codes if talk.facts.city(code).town_codes & parts]
    return talk.to(city=found[0]) if len(found) == 1 else talk


CITIES = Topic(name=cities.TOPIC, answers={"which": answer})
