"""A complaint: what happened, about which case, read back, and recorded after a plain yes.

It is heard in the middle of a form too; the form waits.
"""

import re
from dataclasses import replace
from typing import Any
from uuid import UUID

from bot.dialogue import cities, clock, menus
from bot.dialogue.acts import Complain, ReadCases
from bot.dialogue.commands import Command, command_of
from bot.dialogue.heard import Done, Heard, Kind, Refused
from bot.dialogue.punctuation import full_width
from bot.dialogue.state import After, Question
from bot.dialogue.talk import Step, Talk
from bot.dialogue.topics import cases, complaints_told
from bot.dialogue.topics.base import Topic
from bot.dialogue.topics.cases import Own
from bot.dialogue.topics.offers import offer
from bot.dialogue.topics.own_words import tells
from bot.dialogue.topics.refusing import why
from bot.dialogue.yes_no import agreed
from bot.understanding.types import Intent, Pending, Understood
from config.cities import City, limit_words
from config.texts.chat import chat

NAME = "complaint"
LONGEST = 500
SHORTEST = 4
"""Characters that tell something."""
STEP = "complaint"
SEND, AGAIN, ALONE, STOP = "send", "again", "alone", "stop"
_EMPTY = re.compile(
    "我要|我想|我|要|想|进行|投诉|举报|反映|提意见|意见|一下|你们|恁|俺|咨询|怎么|哪里|在哪|渠道|请问|问题|情况"
    r"|[\s,.。，、；;！!？?~…啊呀吧了呢的]"
)
_STOPS = frozenset({"算了", "不投诉了", "不投诉", "取消", "没事了", "不用了", "先不投诉"})


def begin(talk: Talk, said: Understood) -> Step:
    """With nothing told yet, ask what happened; else see which case it is about."""
    talk = cities.settle(talk.anew(NAME), said)
    if len(_EMPTY.sub("", said.text)) < SHORTEST:
        offered = ((STOP, chat("complaint.stop")),)
        return talk.ask(NAME, "what", chat("complaint.what"), offered, numbered=False).end()
    return talk.do(ReadCases("all"), NAME, "listed", said=said)


def what(talk: Talk, question: Question, heard: Heard) -> Step | None:
    """What happened, in the person's own words: nearly everything is an answer here."""
    if menus.picked(question, heard) == STOP or menus.bare(heard.text) in _STOPS:
        return _stopped(talk)
    said = heard.understood
    if heard.kind is not Kind.TEXT or said is None or not _tells(said):
        return None
    told = replace(said, intent=Intent.COMPLAIN, confidence=1.0)
    return begin(talk.to(asked=None), told)


def _tells(said: Understood) -> bool:
    return len(_EMPTY.sub("", said.text)) >= SHORTEST and tells(said, own=Intent.COMPLAIN)


def listed(talk: Talk, after: After, event: Done | Refused) -> Step:
    """The case it is about: the one named, the only one, chosen; or none."""
    said: Understood = after.data["said"]
    own = cases.own_of(event.told) if isinstance(event, Done) else ()
    own = tuple(each for each in own if each.state not in ("draft", "withdrawn"))
    text = full_width(said.typed)[:LONGEST]
    found = cases.meant(own, said.slots, talk.facts.city, said.text)
    if len(found) > 1:
        other = chat("complaint.none")
        return cases.choose(talk, NAME, "which", found, other=other, story=text).end()
    if len(found) == 1:
        return _read_back(talk, text, found[0].kept())
    if talk.state.city is None:
        return cities.ask(talk, said)
    return _read_back(talk, text, None)


def which(talk: Talk, question: Question, heard: Heard) -> Step | None:
    """The case chosen, or none of them."""
    text = str(question.data["story"])
    if menus.picked(question, heard) == cases.OTHER:
        talk = talk.to(asked=None)
        if talk.state.city is None:
            return cities.ask(talk, Understood(text, Intent.COMPLAIN, 1.0))
        return _read_back(talk, text, None)
    if command_of(heard.text) is Command.SUBMIT:
        return talk.again(chat("complaint.first")).end()
    own = cases.picked(talk, question, heard)
    if own is None or isinstance(own, Step):
        return own
    return _read_back(talk.to(asked=None), text, own.kept())


def _read_back(talk: Talk, text: str, case: dict[str, Any] | None) -> Step:
    """What would be recorded, where it goes, and when it is answered."""
    own = Own.of(case) if case else None
    city = talk.city(own.city if own else None)
    about = own.line if own else chat("complaint.no_case", city=city.name)
    told = chat(
        "complaint.sure",
        text=text,
        about=about,
        window=city.window.name,
        lead=city.lead.label,
        limit=_limit(city),
    )
    lines = [(SEND, chat("complaint.send")), (AGAIN, chat("complaint.again"))]
    if own is not None:
        lines.append((ALONE, chat("complaint.alone")))
    lines.append((STOP, chat("complaint.stop")))
    asked = talk.ask(NAME, "sure", told, tuple(lines), story=text, case=case, city=city.code)
    return asked.end()


def _limit(city: City) -> str:
    """By when it is answered, where the city says."""
    rule = next((rule for step, rule in city.deadlines.items() if step == STEP), None)
    return chat("complaint.limit", limit=limit_words(rule.limit)) if rule else ""


def sure(talk: Talk, question: Question, heard: Heard) -> Step | None:
    """Only a yes records it; more words of complaint are added to it."""
    data, picked = question.data, menus.picked(question, heard)
    text, case = str(data["story"]), data.get("case")
    if picked == STOP or menus.bare(heard.text) in _STOPS:
        return _stopped(talk)
    if picked == AGAIN:
        offered = ((STOP, chat("complaint.stop")),)
        asked = talk.ask(NAME, "what", chat("complaint.what"), offered, numbered=False)
        return asked.end()
    if picked == ALONE:
        return _read_back(talk.to(asked=None, city=str(data["city"])), text, None)
    said, told = heard.understood, True if picked == SEND else agreed(question, heard)
    if told is False:
        return _stopped(talk)
    if told is True or menus.bare(heard.text) in ("投诉", "确认投诉", "提交投诉"):
        ident = UUID(str(case["id"])) if case and case["kind"] == "application" else None
        act = Complain(str(data["city"]), text, ident)
        return talk.to(asked=None).do(act, NAME, "recorded")
    if said is not None and said.intent is Intent.COMPLAIN and heard.kind is Kind.TEXT:
        more = f"{text}\n{full_width(said.typed)}"[:LONGEST]
        return _read_back(talk.to(asked=None, city=str(data["city"])), more, case)
    return None


def recorded(talk: Talk, after: After, event: Done | Refused) -> Step:
    """Reference and due time."""
    if isinstance(event, Refused):
        text = chat("complaint.failed", why=why(event))
        return offer(talk, text, ("human_agent",)).end()
    number, due = (
        event.told.get("number") or "",
        clock.moment(event.told.get("due_at"), talk.facts.now),
    )
    text = chat("complaint.recorded" if due else "complaint.recorded_open", number=number, due=due)
    return offer(talk, text, ("query_status", "human_agent")).end()


def _stopped(talk: Talk) -> Step:
    return talk.to(asked=None).say(chat("complaint.stopped")).end()


def expects(talk: Talk, question: Question) -> Pending | None:
    """Free words, while it is asked what happened."""
    return Pending("long_text") if question.name == "what" else None


COMPLAINT = Topic(
    name=NAME,
    begin={Intent.COMPLAIN: begin},
    keys={"menu:complain": begin},
    answers={"what": what, "which": which, "sure": sure},
    told={"listed": listed, "recorded": recorded, **complaints_told.TOLD},
    expects=expects,
)
