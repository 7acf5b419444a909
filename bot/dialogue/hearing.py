"""From when on an utterance is gone by."""

from bot.understanding.types import Understood

HEARD = 0.4
"""From this confidence on an intent counts as heard."""


def heard(said: Understood) -> bool:
    """Whether the utterance's intent is sure enough to go by."""
    return said.confidence >= HEARD
