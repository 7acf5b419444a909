"""Times kept for the applicant: an earlier one, one that a crew has proposed. 要 or 不要, by a tap.

The offer comes as a message of its own (``workflow.surveys.offering``), so what is tapped names
the kept time itself: ``joint:take:<survey>``.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from bot.dialogue import clock
from bot.dialogue.acts import LeaveTime, TakeTime
from bot.dialogue.filling import times
from bot.dialogue.heard import Done, Refused
from bot.dialogue.state import After
from bot.dialogue.talk import Step, Talk
from bot.dialogue.topics.base import Told
from bot.dialogue.topics.offers import offer
from bot.dialogue.topics.refusing import why
from bot.dialogue.topics.survey_matter import NAME
from config.texts.chat import chat

KEY = "joint:"
TAKE, LEAVE = "take", "leave"


def is_key(key: str) -> bool:
    """Whether a choice is about a kept time."""
    return _parts(key) is not None


def lines(kept: Iterable[Mapping[str, Any]], now: datetime) -> tuple[tuple[str, str], ...]:
    """A kept time as a choice beside others."""
    found = [(each.get("id"), clock.read(each.get("at"))) for each in kept]
    return tuple(
        (f"{KEY}{TAKE}:{ident}", chat("survey.kept_line", at=times.said(at, now)))
        for ident, at in found
        if at is not None and at > now
    )


def begin(talk: Talk, key: str) -> Step:
    """要: it is taken; 不要: it is left, and the appointment stays."""
    parts = _parts(key)
    if parts is None:
        return talk.again(chat("unclear.stale")).end()
    verb, survey = parts
    if verb == TAKE:
        return talk.do(TakeTime(survey), NAME, "taken")
    return talk.do(LeaveTime(survey), NAME, "left")


def taken(talk: Talk, after: After, event: Done | Refused) -> Step:
    """The appointment is then; or it is gone, and why."""
    if isinstance(event, Refused):
        return _not(talk, event)
    at = clock.moment(event.told.get("at"), talk.facts.now)
    return offer(talk, chat("survey.moved", at=at), ("query_status", "reschedule_survey")).end()


def left(talk: Talk, after: After, event: Done | Refused) -> Step:
    """Everything is as it was."""
    if isinstance(event, Refused):
        return _not(talk, event)
    return talk.say(chat("survey.left")).end()


def _not(talk: Talk, event: Refused) -> Step:
    text = chat("survey.failed", why=why(event))
    return offer(talk, text, ("reschedule_survey", "query_status")).end()


def _parts(key: str) -> tuple[str, UUID] | None:
    if not key.startswith(KEY):
        return None
    verb, _, ident = key.removeprefix(KEY).partition(":")
    try:
        return (verb, UUID(ident)) if verb in (TAKE, LEAVE) else None
    except ValueError:
        return None


TOLD: Mapping[str, Told] = {"taken": taken, "left": left}
