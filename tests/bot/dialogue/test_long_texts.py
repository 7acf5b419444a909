"""No text holds the talk up, whatever is asked at the moment."""

from functools import partial

import pytest

from bot.dialogue.heard import Facts, Heard, Kind
from bot.dialogue.turn import State, step
from bot.understanding.understander import Understander
from config.cities import CityBook
from tests.bot.dialogue.stage import NOW, Stage
from tests.bot.dialogue.test_really_understood import DAYE, ZHOUKOU
from tests.bot.hard_texts import allowed, is_quick, mixed, patterns, repeated

COMPLAINT = ("我要投诉",)
RATING = ("我要评价",)


@pytest.fixture(scope="module")
def mind(book: CityBook) -> Understander:
    return Understander.load([book.on(code, NOW.date()) for code in book.codes()])


@pytest.fixture(scope="module")
def asked(book: CityBook, mind: Understander) -> list[tuple[State, Facts]]:
    """A state for each question that some conversations come to."""
    found: dict[object, tuple[State, Facts]] = {}
    for texts in (DAYE, ZHOUKOU, COMPLAINT, RATING):
        stage = Stage.of(book, mind=mind)
        for text in ("", *texts):
            if text:
                stage.say(text)
            question = stage.state.asked
            name = (question.topic, question.name, question.data.get("key")) if question else None
            found.setdefault(name, (stage.state, stage.facts))
    assert len(found) > 15
    return list(found.values())


@pytest.fixture(scope="module")
def hard(mind: Understander) -> list[Heard]:
    found = patterns("bot.dialogue")
    texts = repeated(found) + mixed(found, 60)
    return [Heard(Kind.TEXT, mind.understand(text)) for text in texts]


def test_a_turn(asked: list[tuple[State, Facts]], hard: list[Heard]) -> None:
    limit, slow = allowed(), []
    for at, heard in enumerate(hard):
        for state, facts in asked[at % 4 :: 4]:
            if not is_quick(partial(step, state, heard, facts), limit):
                slow.append((state.asked, heard.text[:40]))
    assert not slow
