"""The city, asked once: whatever was wanted goes on when it is known."""

import re

from bot.dialogue import cities
from bot.dialogue.heard import Heard
from bot.dialogue.state import Question, load_said
from bot.dialogue.talk import Step, Talk
from bot.dialogue.topics.base import Topic
from bot.understanding.types import Intent, Understood


def answer(talk: Talk, question: Question, heard: Heard) -> Step | None:
    """The city named; then what was wanted before is begun."""
    code = cities.answered(talk, question, heard)
    if code is None:
        return None
    said = load_said(question.data.get("said"))
    talk = talk.to(city=code, asked=None)
    if said is None:
        said = Understood("", Intent.GREET, 1.0)
    return talk.mean(said)


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
