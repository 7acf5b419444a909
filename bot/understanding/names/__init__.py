"""Companies, people and places, as literal stretches of an utterance."""

from bot.understanding.names.found import Names, names_of

__all__ = ["Names", "names_of"]
