"""Danger in what somebody writes, known by its words, whatever else the utterance may want.

Too many warnings cost a moment, one too few may cost a life: what is said to be there now is always
danger. What is only feared, asked about, over or denied is none.
"""

import re
from enum import StrEnum

from bot.dialogue import danger_words as words
from bot.dialogue.hearing import HEARD
from bot.understanding.types import Intent, Understood


class Danger(StrEnum):
    """What threatens."""

    GAS = "gas"
    SPARK = "spark"
    """Current, fire, or somebody who calls for help."""


UNSURE = 0.25
"""From here on a fault of gas is warned of, though it may have been something else."""
_CLAUSES = 12
"""Clauses looked at one by one: danger is told in the first words."""


def of(said: Understood) -> Danger | None:
    """The danger that is told of; None where there is none now."""
    text = words.WRITTEN_AMISS.sub(r"\1气", said.text.lower())
    if said.slots.company:
        text = text.replace(said.slots.company.lower(), "")
    for part in _beginnings(text):
        if (threat := _threat(part)) is not None:
            return threat
    threat = _threat(text)
    if threat is None and _fault_of_gas(said, text):
        return Danger.GAS
    return threat


def _beginnings(text: str) -> list[str]:
    """The text up to each clause that tells what has come about: what is asked or feared after
    that takes nothing back.
    """
    ends = [found.start() for found in words.CLAUSES.finditer(text)]
    return [text[:end] for end in ends[:_CLAUSES] if words.TOLD.search(text[:end])]


def _threat(text: str) -> Danger | None:
    """What is there now, by its words alone."""
    if words.LEAK.search(text) or words.SMELT.search(text):
        return Danger.GAS if _now(text) else None
    help_ = words.HELP.search(text) is not None and words.OF_PAPERS.search(text) is None
    if help_ or words.SPARKS.search(text):
        threat = Danger.GAS if re.search(words.GAS, text) else Danger.SPARK
        return threat if _now(text) else None
    return None


def _now(text: str) -> bool:
    """Whether it is said to be there now, or is asked what to do when it is."""
    if words.NOT_HERE.search(text):
        asked = words.WHAT_TO_DO.search(text) is not None and not words.OF_WORKS.search(text)
        return asked or words.URGENT.search(text) is not None
    return not words.OF_WORKS.search(text) or words.RIGHT_NOW.search(text) is not None


def _fault_of_gas(said: Understood, text: str) -> bool:
    """A fault that has to do with gas, however unsure: nobody is asked to be exact here."""
    if said.intent is not Intent.REPORT_FAULT or words.NO_SUPPLY.search(text):
        return False
    about = "gas" in said.slots.utilities or re.search(words.GAS, text) is not None
    if not about or words.NOT_HERE.search(text) or words.ASKS.search(text):
        return False
    if words.OF_WORKS.search(text) and not words.RIGHT_NOW.search(text):
        return False
    smells = re.search("味|臭|漏|泄|响|炸|断(?!开)|破", text) is not None
    return smells or UNSURE <= said.confidence < HEARD
