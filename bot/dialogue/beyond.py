"""A number typed at numbered lines that none of them has: told which there are."""

import re

from bot.dialogue import menus
from bot.dialogue.heard import Heard, Kind
from bot.dialogue.state import Question
from bot.dialogue.talk import Step, Talk
from config.texts.chat import chat

_NUMBER = re.compile("(?:第|选|选择)?(?:[0-9]{1,2}|[一二三四五六七八九十]{1,2})(?:个|项|号|条)?")


def told(talk: Talk, question: Question, heard: Heard) -> Step | None:
    """The question again, with how far its numbers go; None for anything but such a number."""
    if heard.kind is not Kind.TEXT or not question.numbered or len(question.choices) < 2:
        return None
    if menus.only_offers(question) or menus.picked(question, heard) is not None:
        return None
    if _NUMBER.fullmatch(menus.bare(heard.text)) is None:
        return None
    again = chat("unclear.no_such_line", count=len(question.choices))
    return talk.to(misses=0).again(again).end()
