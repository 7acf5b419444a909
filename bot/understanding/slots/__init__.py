"""What an utterance states: by itself, or as the answer to a question."""

from bot.understanding.slots.answers import answers_of
from bot.understanding.slots.stated import slots_of

__all__ = ["answers_of", "slots_of"]
