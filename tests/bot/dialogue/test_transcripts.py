"""Every conversation in ``transcripts`` goes as written."""

from pathlib import Path

import pytest

from config.cities import CityBook
from tests.bot.dialogue.stage import Stage
from tests.bot.dialogue.transcript import FOLDER, play

FILES = sorted(FOLDER.glob("*.txt"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_transcript(path: Path, book: CityBook) -> None:
    play(path, Stage.of(book))
