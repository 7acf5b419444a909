"""Booking, moving and cancelling the joint survey by talking.

Before a case is accepted the time on its form counts: a draft's is changed there, a submitted
one's is confirmed at acceptance. Nothing is booked, moved or cancelled without a plain yes.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from bot.dialogue import clock, links
from bot.dialogue.acts import ReadCases, ReadStatus
from bot.dialogue.heard import Done, Heard, Refused
from bot.dialogue.lately import case_of_late
from bot.dialogue.state import After, Question
from bot.dialogue.talk import Step, Talk
from bot.dialogue.topics import (
    cases,
    linking,
    survey_asking,
    survey_cancelling,
    survey_form,
    survey_kept,
    survey_questions,
    survey_saying,
)
from bot.dialogue.topics.base import Topic
from bot.dialogue.topics.cases import Own
from bot.dialogue.topics.offers import offer
from bot.dialogue.topics.progress_words import head, steps_of
from bot.dialogue.topics.refusing import said_why
from bot.dialogue.topics.survey_matter import BOOK, CANCEL, DRAFT, LATE, MOVE, NAME, Matter
from bot.understanding.types import Intent, Slots, Understood
from config.texts import error
from config.texts.chat import chat
from rules.states import LIVE_STAGES

_WANTS = {
    Intent.BOOK_SURVEY: BOOK,
    Intent.RESCHEDULE_SURVEY: MOVE,
    Intent.CANCEL_SURVEY: CANCEL,
}
_EDITABLE = ("draft", "returned")
_LIVE = frozenset(stage.value for stage in LIVE_STAGES)
_OVER = frozenset({"closed", "withdrawn", "rejected", "converted", "connected"})


def begin(talk: Talk, said: Understood) -> Step:
    """Which case first; what was said goes along."""
    return begin_for(talk, said, _WANTS[said.intent])


def begin_for(talk: Talk, said: Understood, wants: str) -> Step:
    """Something wanted of a survey."""
    talk = talk.anew(NAME)
    if said.slots.application_no:
        return talk.do(ReadCases("all"), NAME, "found", said=said, wants=wants)
    return talk.do(ReadStatus(), NAME, "found", said=said, wants=wants)


def found(talk: Talk, after: After, event: Done | Refused) -> Step:
    """The case, or the list it is to be chosen from."""
    if isinstance(event, Refused):
        return said_why(talk, event)
    if "items" not in event.told:
        return _of_case(talk, after, event.told)
    said: Understood | None = after.data.get("said")
    slots = said.slots if said else Slots()
    own = [e for e in cases.own_of(event.told) if e.kind == "application" and e.state not in _OVER]
    if slots.application_no and not cases.numbered(own, slots.application_no):
        text = cases.unknown(slots.application_no)
        return offer(talk, text, ("query_status", "human_agent")).end()
    live = [each for each in own if each.state != "draft"] or own
    meant = cases.meant(live, slots, talk.facts.city, said.text if said else "")
    if len(meant) > 1:
        meant = tuple(each for each in meant if each.id == case_of_late(talk)) or meant
    if len(meant) == 1:
        return _read(talk, meant[0], after.data)
    if not meant:
        return _none(talk, said)
    wants = after.data["wants"]
    words = (
        (said.text if wants in survey_saying.ACTS else said.slots.datetime or "") if said else ""
    )
    return cases.choose(talk, NAME, "which", meant, wants=wants, words=words).end()


def _none(talk: Talk, said: Understood | None) -> Step:
    """No case: a question is answered for everybody, a wish is told what is missing."""
    if said is not None and survey_questions.asks_rule(said):
        return survey_questions.rule(talk, said)
    text = chat("survey.no_case")
    if not talk.facts.linked:
        return linking.offer_link(talk, text)
    return offer(talk, text, ("apply", "ask_process")).end()


def which(talk: Talk, question: Question, heard: Heard) -> Step | None:
    """The case chosen."""
    own = cases.picked(talk, question, heard)
    if own is None or isinstance(own, Step):
        return own
    said = Understood(question.data.get("words") or "", Intent.BOOK_SURVEY, 1.0)
    return _read(talk.to(asked=None), own, {"wants": question.data["wants"], "said": said})


def _read(talk: Talk, own: Own, data: Mapping[str, Any]) -> Step:
    act = ReadStatus(own.id, own.kind)
    return talk.do(act, NAME, "found", said=data.get("said"), wants=data["wants"])


def _of_case(talk: Talk, after: After, body: Mapping[str, Any]) -> Step:
    """What can be done with this case's survey now."""
    if body.get("kind") == "registration":
        return offer(talk, chat("survey.registration"), ("query_status", "apply")).end()
    try:
        case, city = UUID(str(body.get("id"))), talk.city(str(body.get("city")))
    except (ValueError, LookupError):
        return talk.say(chat("cases.unreadable")).end()
    talk = cases.about(talk, city.code)
    booked, wants = clock.read(body.get("survey_at")), str(after.data["wants"])
    matter = Matter(case, city.code, head(body), wants, booked)
    stage, said = body.get("stage"), after.data.get("said")
    if stage in _EDITABLE:
        if wants == CANCEL or wants in survey_saying.ACTS:
            return _in_form(talk, matter)
        return survey_asking.take(talk, matter.to(how=DRAFT), said)
    if stage == "submitted":
        return _submitted(talk, matter)
    waits = {"survey", "book_survey"} & set(steps_of(body))
    if stage not in _LIVE or not waits:
        text = "\n".join((matter.head, _guard("survey_open")))
        return offer(talk, text, ("query_status",), links.case(talk.facts, case)).end()
    if wants == CANCEL:
        return survey_cancelling.cancel(talk, matter)
    if wants in survey_saying.ACTS:
        return survey_saying.of_case(talk, matter, said)
    return survey_asking.take(talk, matter, said)


def _in_form(talk: Talk, matter: Matter) -> Step:
    """Nothing is booked yet: the time stands on a form that is still open."""
    page = links.draft(talk.facts, matter.case)
    return offer(talk, chat("survey.only_form"), ("resume_draft",), page).end()


def _submitted(talk: Talk, matter: Matter) -> Step:
    """Between submission and acceptance the time on the form is kept for the case."""
    at = clock.moment(matter.booked, talk.facts.now)
    code = "survey.submitted" if at else "survey.submitted_open"
    text = "\n".join((matter.head, chat(code, at=at)))
    return offer(talk, text, ("query_status",), links.case(talk.facts, matter.case)).end()


def _guard(name: str) -> str:
    return error("guard_failed", {"guard": name})[1]


def overheard(talk: Talk, said: Understood) -> Step | None:
    """Waiting for an earlier time, or running late, told in words of their own; else None."""
    wants = survey_saying.wanted(said.text)
    if wants is None or (talk.sheet is not None and wants == LATE):
        return None
    return begin_for(talk.to(misses=0).aside(), said, wants)


def by_key(talk: Talk, said: Understood) -> Step:
    """By the custom menu: booking, or moving what is booked."""
    return begin(talk, replace(said, intent=Intent.BOOK_SURVEY))


SURVEY = Topic(
    name=NAME,
    begin=dict.fromkeys(_WANTS, begin),
    keys={"menu:survey": by_key},
    answers={
        "which": which,
        **survey_asking.ANSWERS,
        **survey_cancelling.ANSWERS,
        **survey_saying.ANSWERS,
        **survey_questions.ANSWERS,
    },
    told={
        "found": found,
        **survey_asking.TOLD,
        **survey_cancelling.TOLD,
        **survey_form.TOLD,
        **survey_kept.TOLD,
        **survey_questions.TOLD,
        **survey_saying.TOLD,
    },
)
