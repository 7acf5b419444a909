"""What an utterance means as an answer: clear, doubtful, or none; and when it is aside."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from bot.dialogue.filling import times
from bot.dialogue.filling.chatter import TALK
from bot.dialogue.filling.loose import Loose
from bot.dialogue.filling.shapes import ASKING
from bot.dialogue.hearing import heard
from bot.understanding.types import Intent, Understood
from rules.calendar import WorkCalendar
from rules.errors import Fault
from rules.forms import FormField, Option, parse_answer

ABOUT_FORM = frozenset(
    {
        Intent.APPLY,
        Intent.REGISTER_INTENT,
        Intent.RENAME_TRANSFER,
        Intent.MODIFY_APPLICATION,
        Intent.RESUME_DRAFT,
        Intent.BOOK_SURVEY,
        Intent.RESCHEDULE_SURVEY,
        Intent.AFFIRM,
        Intent.DENY,
        Intent.OUT_OF_SCOPE,
    }
)
"""Intents an answer to a question of the form may look like."""
CHATTER = 0.8
"""From here on what is out of scope is no answer in odd words, but chatter."""


class Fit(Enum):
    """How an utterance fits a question."""

    CLEAR = "clear"
    """It answers it, rightly or wrongly (``faults``)."""
    DOUBT = "doubt"
    """It could be meant so: asked back."""
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Reading:
    """What an utterance means as an answer to one field. ``value``: canonical, or ``SKIPPED``;
    ``options``: several were named where one is asked for; ``moments``: a time that can be read
    in several ways, or is not whole; ``loose``: a figure that is no one number; ``unit``: one
    that is none of the field's; ``unlike``: an answer too short to be one; ``hint``: words on
    what may be told instead.
    """

    fit: Fit
    value: Any = None
    faults: tuple[Fault, ...] = ()
    options: tuple[Option, ...] = ()
    moments: times.Moments | None = None
    loose: Loose | None = None
    unit: str = ""
    unlike: str = ""
    hint: str = ""


NOT_IT = Reading(Fit.NONE)


def aside(said: Understood) -> bool:
    """Whether the utterance plainly wants something that is no answer to a question of a form."""
    return heard(said) and said.intent not in ABOUT_FORM


def wants_else(said: Understood) -> bool:
    """Whether the utterance plainly is something else: a wish of its own, or chatter."""
    if said.intent is Intent.OUT_OF_SCOPE:
        return said.confidence >= CHATTER
    return heard(said)


def talkative(said: Understood) -> bool:
    """Whether an utterance is rather talk: nobody understood a wish, and it is sure to be none or
    has words of talk. What stands in it states nothing.
    """
    if heard(said) and said.intent is not Intent.OUT_OF_SCOPE:
        return False
    talks = TALK.search(said.text) or ASKING.search(said.text)
    return said.confidence >= CHATTER or talks is not None


def answered(field: FormField, text: str, now: datetime, calendar: WorkCalendar | None) -> Reading:
    """What ``parse_answer`` makes of it, taken as an answer."""
    parsed = parse_answer(field, text, now=now, calendar=calendar)
    if parsed.value is None and not parsed.faults:
        return NOT_IT
    return Reading(Fit.CLEAR, parsed.value, parsed.faults)
