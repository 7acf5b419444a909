"""Yes or no to a question of ours."""

from functools import cache

from bot.dialogue import menus
from bot.dialogue.commands import Command, command_of
from bot.dialogue.heard import Heard, Kind
from bot.dialogue.hearing import HEARD
from bot.dialogue.state import Question
from bot.understanding.types import Intent
from config.texts import table


@cache
def words(name: str) -> frozenset[str]:
    """Whole messages that mean ``yes``, ``no``, ``enough`` …"""
    return frozenset(table("heard")["answers"][name])


def yes_or_no(question: Question, heard: Heard) -> bool | None:
    """True, False, or None when it is neither. Choices are keyed ``yes`` and ``no``."""
    picked = menus.picked(question, heard)
    if picked is not None:
        return {"yes": True, "no": False}.get(picked)
    said = heard.understood
    if heard.kind is not Kind.TEXT or said is None:
        return None
    word = menus.bare(said.text)
    if word in words("yes") or word in words("no"):
        return word in words("yes")
    if command_of(said.text) is not None:
        return None  # 提交, 继续 … steer; they say neither
    if said.confidence >= HEARD and said.intent in (Intent.AFFIRM, Intent.DENY):
        return said.intent is Intent.AFFIRM
    return None


def agreed(question: Question, heard: Heard) -> bool | None:
    """Yes or no to something that would be sent off, where 提交 is a yes too."""
    if heard.kind is Kind.TEXT and command_of(heard.text) is Command.SUBMIT:
        return True
    return yes_or_no(question, heard)
