"""Question → sentences: the very thing that was asked, then what the guide says of its topic."""

from collections.abc import Callable, Mapping

from bot.dialogue.guide.accounts import ACCOUNT, account_kinds
from bot.dialogue.guide.cited import Asked, Cited, of_guide, unstated
from bot.dialogue.guide.contacts import contacts
from bot.dialogue.guide.limits import time_limits
from bot.dialogue.guide.materials import materials
from bot.dialogue.guide.particular import of_term, particular, term_of
from bot.dialogue.guide.permits import commitment, of_line, permits
from bot.dialogue.guide.whom import eligibility
from config.cities import UNSTATED, City, Topic
from config.texts.chat import chat

_MOST = 7
"""Sentences of one answer."""


def _fees(asked: Asked) -> tuple[Cited, ...]:
    return of_guide(asked.city.guide["fees"])


def _process(asked: Asked) -> tuple[Cited, ...]:
    online = of_guide(asked.city.guide["contacts"][:1])
    return (*of_guide(asked.city.guide["process"]), *online)


_ANSWERS: Mapping[Topic, Callable[[Asked], tuple[Cited, ...]]] = {
    "materials": materials,
    "process": _process,
    "time_limits": time_limits,
    "fees": _fees,
    "eligibility": eligibility,
    "commitment": commitment,
    "permits": permits,
    "contacts": contacts,
}


def answer(topic: Topic, asked: Asked) -> tuple[Cited, ...]:
    """Sentences with their sources, in order, none twice; never empty."""
    lines = not_here(asked) or particular(asked) or _of_topic(topic, asked)
    lines = tuple(dict.fromkeys(lines)) or unstated(asked.city)
    if topic != "contacts" and any(UNSTATED in each.text for each in lines):
        lines = (*lines, *unstated(asked.city)[1:])
    return tuple(dict.fromkeys(lines))[:_MOST]


def _of_topic(topic: Topic, asked: Asked) -> tuple[Cited, ...]:
    """The topic's own answer; of the procedure, what a term in it means."""
    if topic != "process" or (term := term_of(asked)) is None:
        return _ANSWERS[topic](asked)
    return of_term(asked) or unstated(asked.city, chat("guide.question", words=term))


def alone(asked: Asked) -> tuple[Cited, ...]:
    """What answers a question that was not understood as one of a topic: about one particular
    thing, or a term. Empty where nothing does.
    """
    lines = not_here(asked) or particular(asked) or of_term(asked) or of_line(asked)
    return tuple(dict.fromkeys(lines))[:_MOST]


def not_here(asked: Asked) -> tuple[Cited, ...]:
    """Where the city's policy does not know the utility or the kind that was asked about."""
    city, slots = asked.city, asked.slots
    missing = [each for each in slots.utilities if each not in city.utilities]
    if missing and len(missing) == len(slots.utilities):
        return _outside(city, chat("guide.no_utility", city=city.name, uses=_uses(city)))
    if slots.kind in ACCOUNT and not account_kinds(city):
        return _outside(city, chat("guide.no_account_change", city=city.name))
    return ()


def _outside(city: City, text: str) -> tuple[Cited, ...]:
    return (Cited(text), *unstated(city)[1:])


def _uses(city: City) -> str:
    return "、".join(each.use for each in city.utilities.values())
