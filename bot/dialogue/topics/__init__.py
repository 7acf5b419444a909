"""Subjects of the talk. A new one is a file here and a line in ``TOPICS``."""

from collections.abc import Mapping

from bot.dialogue.filling.topic import FORM
from bot.dialogue.topics.applying import APPLYING
from bot.dialogue.topics.base import Begin, Topic
from bot.dialogue.topics.changing import CHANGING
from bot.dialogue.topics.cities_topic import CITIES
from bot.dialogue.topics.pictures import PICTURES
from bot.dialogue.topics.resuming import RESUMING
from bot.dialogue.topics.talking import TALKING
from bot.dialogue.topics.withdrawing import WITHDRAWING
from bot.understanding.types import Intent

TOPICS: tuple[Topic, ...] = (
    CITIES,
    FORM,
    APPLYING,
    RESUMING,
    CHANGING,
    WITHDRAWING,
    PICTURES,
    TALKING,
)
BY_NAME: Mapping[str, Topic] = {topic.name: topic for topic in TOPICS}
BEGINNINGS: Mapping[Intent, Begin] = {
    intent: begin for topic in TOPICS for intent, begin in topic.begin.items()
}
"""Which topic takes an intent; each has one (tested)."""
