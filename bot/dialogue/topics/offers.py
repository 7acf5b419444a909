"""What one may go on with: chips below an answer that begin something, and wait for nothing."""

from collections.abc import Iterable

from bot.dialogue import menus
from bot.dialogue.heard import Heard
from bot.dialogue.replies import PageLink
from bot.dialogue.state import Question
from bot.dialogue.talk import Step, Talk
from bot.dialogue.topics.base import Topic
from config.texts.chat import chat

NAME = "offer"
MOST = 3


def offer(talk: Talk, text: str, chips: Iterable[str], links: tuple[PageLink, ...] = ()) -> Talk:
    """Say something with a few things to go on with (names of intents). In the middle of another
    matter only the text is said: that matter's question comes next.
    """
    named = tuple(dict.fromkeys(chips))[:MOST]
    if not named or talk.state.held is not None:
        return talk.say(text, links)
    lines = tuple((menus.START + each, chat(f"chips.{each}")) for each in named)
    return talk.ask(NAME, "next", chat("offer.next"), lines, before=text, links=links)


def _none(talk: Talk, question: Question, heard: Heard) -> Step | None:
    """Chips begin by themselves (``do:…``); whatever else is said is heard as it is."""
    return None


OFFERS = Topic(name=NAME, answers={"next": _none})
