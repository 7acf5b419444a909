"""A refused act of these topics in words; the form and what was pending stay as they are."""

from bot.dialogue.heard import Refused
from bot.dialogue.talk import Step, Talk
from config.texts import error, fault
from config.texts.chat import chat
from rules.errors import Code

_NOT_FOUND = frozenset({Code.NOT_FOUND, Code.UNAUTHENTICATED, Code.FORBIDDEN})


def why(event: Refused) -> str:
    """The reason: every fault of what was said, else what the code says."""
    if event.faults:
        return "；".join(fault(each.code, each.label, each.data) for each in event.faults) + "。"
    return error(event.code.value, event.data)[1]


def said_why(talk: Talk, event: Refused) -> Step:
    """Say why, and nothing more; a case that is not there is told like none."""
    text = chat("cases.none") if event.code in _NOT_FOUND else why(event)
    return talk.say(text).end()
