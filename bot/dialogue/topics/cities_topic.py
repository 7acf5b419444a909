"""The city, asked once: whatever was wanted goes on when it is known."""

import re
from dataclasses import fields, replace

from bot.dialogue import cities
from bot.dialogue.filling.shapes import ASKING
from bot.dialogue.heard import Facts, Heard
from bot.dialogue.state import Question, load_said
from bot.dialogue.talk import Step, Talk
from bot.dialogue.topics.base import Topic
from bot.understanding.types import Intent, Slots, Understood

_NOTHING_MORE = re.compile(
    "[^\u4e00-\u9fffA-Za-z0-9]|我们?|咱们?|俺们?|人在|在|是|的|这边|那边|这里|本地|企业|用户|人|市区|市|县城|县|吧|呢|啊|哦|哈|呀|嘞|了"
)
"""What says no more than the city itself."""


def answer(talk: Talk, question: Question, heard: Heard) -> Step | None:
    """The city named; then what was wanted before is begun."""
    code = cities.answered(talk, question, heard)
    if code is None:
        return None
    said = load_said(question.data.get("said"))
    talk = talk.to(city=code, asked=None)
    if said is None:
        said = Understood("", Intent.GREET, 1.0)
    more = heard.understood
    if more is None or only_a_city(more.text, talk.facts):
        return talk.mean(said)
    return talk.mean(_joined(said, more))


def _joined(said: Understood, more: Understood) -> Understood:
    """What was wanted, with all that was told together with the city."""
    told = {f.name: value for f in fields(Slots) if (value := getattr(more.slots, f.name))}
    utilities = tuple(dict.fromkeys((*said.slots.utilities, *more.slots.utilities)))
    slots = replace(said.slots, **{**told, "utilities": utilities})
    text, literal = f"{said.text}，{more.text}", f"{said.typed}，{more.typed}"
    return replace(said, text=text, literal=literal, slots=slots)


def chosen(talk: Talk, said: Understood) -> Talk | None:
    """The talk about the city somebody names and says nothing else; None for anything more."""
    if ASKING.search(said.text) or not only_a_city(said.text, talk.facts):
        return None
    code = cities.named(said.text, talk.facts)
    return talk.to(city=code) if code is not None else None


def only_a_city(text: str, facts: Facts) -> bool:
    """Whether nothing but a city or its towns is named: 我在大冶的, 周口川汇区."""
    every = [facts.city(code) for code in facts.cities.codes()]
    towns = [town.label for city in every for town in city.towns]
    names = [name for city in every for name in (city.name, city.short_name)]
    for name in sorted((*names, *towns), key=len, reverse=True):
        text = text.replace(name, "")
    return not _NOTHING_MORE.sub("", text)


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
