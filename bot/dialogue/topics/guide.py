"""Questions about the procedure, answered from the city's file, for everyone."""

from collections.abc import Mapping
from dataclasses import replace

from bot.dialogue import cities, menus
from bot.dialogue.guide import Asked, answer
from bot.dialogue.heard import Heard
from bot.dialogue.state import Question
from bot.dialogue.talk import Step, Talk
from bot.dialogue.topics.base import Topic
from bot.dialogue.topics.offers import offer
from bot.understanding.types import Intent, Understood
from config.cities import Topic as GuideTopic
from config.texts import words
from config.texts.chat import chat

NAME = "guide"
OF_INTENT: Mapping[Intent, GuideTopic] = {
    Intent.ASK_MATERIALS: "materials",
    Intent.ASK_PROCESS: "process",
    Intent.ASK_TIME_LIMIT: "time_limits",
    Intent.ASK_FEE: "fees",
    Intent.ASK_ELIGIBILITY: "eligibility",
    Intent.ASK_COMMITMENT: "commitment",
    Intent.ASK_PERMIT: "permits",
    Intent.ASK_CONTACT: "contacts",
}
_NEXT: Mapping[Intent, tuple[str, ...]] = {
    Intent.ASK_MATERIALS: ("apply", "ask_process", "ask_time_limit"),
    Intent.ASK_PROCESS: ("apply", "ask_materials", "ask_time_limit"),
    Intent.ASK_TIME_LIMIT: ("apply", "ask_process", "query_deadline"),
    Intent.ASK_FEE: ("apply", "ask_process", "ask_materials"),
    Intent.ASK_ELIGIBILITY: ("apply", "ask_materials", "ask_process"),
    Intent.ASK_COMMITMENT: ("ask_permit", "ask_time_limit", "apply"),
    Intent.ASK_PERMIT: ("ask_commitment", "ask_time_limit", "ask_fee"),
    Intent.ASK_CONTACT: ("ask_process", "ask_materials", "human_agent"),
}
"""What people go on with after each answer."""


def begin(talk: Talk, said: Understood) -> Step:
    """The answer of the city that is named or known; it is asked for where it is not."""
    talk = cities.settle(talk, said)
    if talk.state.city is None:
        return cities.ask(talk, said)
    city, topic = talk.city(), OF_INTENT[said.intent]
    asked = Asked(city, said.text, said.slots, talk.facts.now, talk.calendar(city.code))
    lines = [chat("guide.head", city=city.name, topic=words.topic(topic))]
    lines += [each.shown for each in answer(topic, asked)]
    talk = remember(talk, said.intent)
    return offer(talk, "\n".join(lines), _NEXT[said.intent]).end()


def topics(talk: Talk, said: Understood) -> Step:
    """The topics, to choose from: the city first."""
    talk = cities.settle(talk, said)
    lines = tuple(
        (f"{menus.START}{intent.value}", words.topic(topic)) for intent, topic in OF_INTENT.items()
    )
    return talk.ask(NAME, "topics", chat("guide.which"), lines).end()


def _none(talk: Talk, question: Question, heard: Heard) -> Step | None:
    """Topics begin by themselves (``do:…``)."""
    return None


def remember(talk: Talk, intent: Intent) -> Talk:
    """What was asked last, so that 那周口呢 is understood."""
    told = {"intent": intent.value, "at": talk.facts.now.isoformat()}
    return talk.to(memo={**talk.state.memo, NAME: told})


def contacts(talk: Talk, said: Understood) -> Step:
    """By the custom menu."""
    return begin(talk, replace(said, intent=Intent.ASK_CONTACT))


GUIDE = Topic(
    name=NAME,
    begin=dict.fromkeys(OF_INTENT, begin),
    keys={"menu:guide": topics, "menu:contacts": contacts},
    answers={"topics": _none},
)
