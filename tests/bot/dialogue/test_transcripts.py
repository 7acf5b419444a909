"""Every conversation in ``transcripts`` goes as written: heard as it says, and really understood
where it does not say how.
"""

from pathlib import Path

import pytest

from bot.understanding.understander import Understander
from config.cities import CityBook
from tests.bot.dialogue.stage import NOW, Stage
from tests.bot.dialogue.transcript import FOLDER, play

FILES = sorted(FOLDER.glob("*.txt"))


@pytest.fixture(scope="module")
def mind(book: CityBook) -> Understander:
    return Understander.load([book.on(code, NOW.date()) for code in book.codes()])


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_transcript(path: Path, book: CityBook) -> None:
    play(path, Stage.of(book))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_really_understood(path: Path, book: CityBook, mind: Understander) -> None:
    play(path, Stage.of(book, mind=mind))
