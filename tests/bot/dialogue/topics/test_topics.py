"""Whole conversations about the other topics, both cities; see ``playing``."""

from pathlib import Path

import pytest

from config.cities import CITIES, CityBook
from tests.bot.dialogue.topics.playing import FOLDER, play, stage_of

BOOK = CityBook.load(CITIES)


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.txt")), ids=lambda path: path.stem)
def test_conversation(path: Path) -> None:
    play(path, stage_of(BOOK))
