"""A survey cancelled, after a plain yes, with the reason in the same tap."""

import re
from collections.abc import Mapping

from bot.dialogue import clock, links, menus
from bot.dialogue.acts import CancelSurvey
from bot.dialogue.heard import Done, Heard, Kind, Refused
from bot.dialogue.punctuation import full_width
from bot.dialogue.state import After, Question
from bot.dialogue.talk import Step, Talk
from bot.dialogue.topics.base import Answer, Told
from bot.dialogue.topics.offers import offer
from bot.dialogue.topics.survey_asking import OTHER, ask, not_done
from bot.dialogue.topics.survey_matter import MOVE, NAME, Matter
from bot.dialogue.yes_no import yes_or_no
from config.texts.chat import chat

REASONS = ("not_ready", "nobody_there", "no_reason")
LONGEST = 100
_KEEPS = frozenset({"照旧", "算了", "不用取消", "还是来", "还是来吧", "留着"})
_GIVEN = re.compile("没|有事|下雨|下雪|出差|不在|冲突|停产|检修|来不及|不方便|走不开|改天")
"""Words of a reason in one's own words."""


def cancel(talk: Talk, matter: Matter) -> Step:
    """Ask for the plain yes, with the reason in the same tap."""
    at = clock.moment(matter.booked, talk.facts.now)
    if not at:
        return offer(talk, chat("survey.none_booked"), ("book_survey", "query_status")).end()
    reasons = tuple((each, chat(f"survey.reason_{each}")) for each in REASONS)
    lines = (*reasons, (OTHER, chat("survey.rather_move")), ("no", chat("survey.keep")))
    text = chat("survey.sure_cancel", head=matter.head, at=at)
    return talk.ask(NAME, "cancel", text, lines, **matter.kept()).end()


def cancel_sure(talk: Talk, question: Question, heard: Heard) -> Step | None:
    """A reason or a yes cancels; moving it instead asks for the time."""
    matter, picked = Matter.of(question.data), menus.picked(question, heard)
    if picked == OTHER:
        return ask(talk.to(asked=None), matter.to(wants=MOVE))
    if "不取消" in heard.text or menus.bare(heard.text) in _KEEPS:
        return talk.to(asked=None).say(chat("survey.kept")).end()
    reason = _reason(picked, heard)
    told = True if reason else yes_or_no(question, heard)
    if told is None:
        return None
    if not told:
        return talk.to(asked=None).say(chat("survey.kept")).end()
    act = CancelSurvey(matter.case, reason or chat(f"survey.reason_{REASONS[-1]}"))
    return talk.to(asked=None).do(act, NAME, "cancelled", **matter.kept())


def cancelled(talk: Talk, after: After, event: Done | Refused) -> Step:
    """It is off; the application goes on."""
    if isinstance(event, Refused):
        return not_done(talk, event)
    page = links.case(talk.facts, Matter.of(after.data).case)
    return offer(talk, chat("survey.cancelled"), ("book_survey", "query_status"), page).end()


def _reason(picked: str | None, heard: Heard) -> str:
    """The reason tapped, or told in one's own words; empty for none."""
    if picked in REASONS:
        return chat(f"survey.reason_{picked}")
    told = heard.kind is Kind.TEXT and _GIVEN.search(heard.text)
    return full_width(heard.typed.strip())[:LONGEST] if told else ""


ANSWERS: Mapping[str, Answer] = {"cancel": cancel_sure}
TOLD: Mapping[str, Told] = {"cancelled": cancelled}
