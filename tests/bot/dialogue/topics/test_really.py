"""Conversations about cases and questions as they are really understood, word for word."""

from pathlib import Path

import pytest

from bot.understanding.understander import Understander
from config.cities import CITIES, CityBook
from tests.bot.dialogue.stage import NOW
from tests.bot.dialogue.topics.playing import play, stage_of

BOOK = CityBook.load(CITIES)
FILES = sorted((Path(__file__).parent / "real").glob("*.txt"))


@pytest.fixture(scope="module")
def mind() -> Understander:
    return Understander.load([BOOK.on(code, NOW.date()) for code in BOOK.codes()])


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_conversation(path: Path, mind: Understander) -> None:
    stage = stage_of(BOOK)
    stage.mind = mind
    play(path, stage)
