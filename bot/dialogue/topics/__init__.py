"""Subjects of the talk. A new one is a file here and a line in ``TOPICS``."""

from collections.abc import Mapping

from bot.dialogue.filling.topic import FORM
from bot.dialogue.topics.applying import APPLYING
from bot.dialogue.topics.base import Begin, Topic
from bot.dialogue.topics.bills import BILLS
from bot.dialogue.topics.changing import CHANGING
from bot.dialogue.topics.cities_topic import CITIES
from bot.dialogue.topics.complaint import COMPLAINT
from bot.dialogue.topics.crew import CREW
from bot.dialogue.topics.guide import GUIDE
from bot.dialogue.topics.linking import LINKING
from bot.dialogue.topics.offers import OFFERS
from bot.dialogue.topics.outside import OUTSIDE
from bot.dialogue.topics.papers import PAPERS
from bot.dialogue.topics.parting import PARTING
from bot.dialogue.topics.pictures import PICTURES
from bot.dialogue.topics.rating import RATING
from bot.dialogue.topics.registering import REGISTERING
from bot.dialogue.topics.resuming import RESUMING
from bot.dialogue.topics.status import STATUS
from bot.dialogue.topics.survey import SURVEY
from bot.dialogue.topics.talking import TALKING
from bot.dialogue.topics.withdrawing import WITHDRAWING
from bot.understanding.types import Intent

TOPICS: tuple[Topic, ...] = (
    CITIES,
    FORM,
    APPLYING,
    REGISTERING,
    RESUMING,
    CHANGING,
    WITHDRAWING,
    PICTURES,
    TALKING,
    STATUS,
    LINKING,
    PARTING,
    GUIDE,
    PAPERS,
    BILLS,
    SURVEY,
    CREW,
    COMPLAINT,
    RATING,
    OUTSIDE,
    OFFERS,
)
BY_NAME: Mapping[str, Topic] = {topic.name: topic for topic in TOPICS}
BEGINNINGS: Mapping[Intent, Begin] = {
    intent: begin for topic in TOPICS for intent, begin in topic.begin.items()
}
"""Which topic takes an intent; each has one (tested)."""
KEYS: Mapping[str, Begin] = {key: begin for topic in TOPICS for key, begin in topic.keys.items()}
"""Keys of the custom menu (``bot.menu``)."""
