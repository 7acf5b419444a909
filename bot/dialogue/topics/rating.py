"""好差评: one level for a connected case, with a reason for the two lowest, after a plain yes."""

from typing import Any
from uuid import UUID

from bot.dialogue import links, menus
from bot.dialogue.acts import Rate, ReadCases
from bot.dialogue.heard import Done, Heard, Kind, Refused
from bot.dialogue.punctuation import full_width
from bot.dialogue.state import After, Question
from bot.dialogue.talk import Step, Talk
from bot.dialogue.topics import cases, linking
from bot.dialogue.topics.base import Topic
from bot.dialogue.topics.cases import Own
from bot.dialogue.topics.offers import offer
from bot.dialogue.topics.own_words import tells
from bot.dialogue.topics.rating_levels import LEVELS, level_of, names_no_level
from bot.dialogue.topics.rating_remarks import remark_in, remarks
from bot.dialogue.topics.refusing import said_why, why
from bot.dialogue.yes_no import agreed, yes_or_no
from bot.understanding.types import Intent, Pending, Understood
from config.texts import words
from config.texts.chat import chat
from rules.errors import Code

NAME = "rating"
LOW = 2
"""The two lowest of five levels ask for a reason."""
LONGEST = 200
OTHER, STOP = "other", "stop"
_STOPS = frozenset({"算了", "不评了", "先不评", "不评价", "以后再评", "不用了"})


def begin(talk: Talk, said: Understood) -> Step:
    """Which case can be rated; what was said of the level goes along."""
    return talk.anew(NAME).do(ReadCases("all"), NAME, "listed", said=said)


def listed(talk: Talk, after: After, event: Done | Refused) -> Step:
    """Connected ones whose rating is open; the only one, or chosen."""
    if isinstance(event, Refused):
        return said_why(talk, event)
    said: Understood = after.data["said"]
    level = level_of(said.text)
    every = [each for each in cases.own_of(event.told) if each.kind == "application"]
    connected = [each for each in every if each.state == "connected"]
    own = connected or [each for each in every if each.state == "closed"]
    if not own:
        return _not_yet(talk, level, every)
    found, remark = cases.meant(own, said.slots, talk.facts.city, said.text), remark_in(said)
    if len(found) == 1:
        return _level(talk, found[0], level, remark)
    return cases.choose(talk, NAME, "which", found, level=level, remark=remark).end()


def _not_yet(talk: Talk, level: int | None, own: list[Own]) -> Step:
    """Nothing is connected yet: praise is thanked for, blame pointed to where it is dealt with."""
    live = [each for each in own if each.state not in ("draft", "withdrawn", "rejected")]
    if level is not None and level <= LOW:
        return offer(talk, chat("rating.blame"), ("complain", "human_agent")).end()
    code = "rating.praise" if level is not None else "rating.not_yet"
    if not live and not talk.facts.linked and talk.state.held is None:
        return linking.offer_link(talk, chat(code))
    return offer(talk, chat(code), ("query_status",) if live else ("apply",)).end()


def which(talk: Talk, question: Question, heard: Heard) -> Step | None:
    """The case chosen."""
    own = cases.picked(talk, question, heard)
    if own is None or isinstance(own, Step):
        return own
    data = question.data
    return _level(talk.to(asked=None), own, data.get("level"), str(data.get("remark") or ""))


def _level(talk: Talk, own: Own, level: int | None, remark: str = "") -> Step:
    """Ask for the level where none was told; ``remark``: what was told besides."""
    talk = cases.about(talk, own.city)
    if level is None:
        lines = tuple((str(each), label(each)) for each in LEVELS)
        kept = chat("rating.remark_kept", remark=remark) if remark else ""
        data: dict[str, Any] = {"case": own.kept(), "remark": remark}
        text = chat("rating.level", case=own.line)
        return talk.ask(NAME, "level", text, lines, numbered=False, before=kept, **data).end()
    if level <= LOW and not remark:
        return _ask_reason(talk, own.kept(), level)
    return _sure(talk, own.kept(), level, remark)


def label(level: int) -> str:
    """非常满意 …"""
    return words.state("rating", str(level))


def level(talk: Talk, question: Question, heard: Heard) -> Step | None:
    """One of five, tapped or said."""
    picked = menus.picked(question, heard)
    if menus.bare(heard.text) in _STOPS:
        return _stopped(talk)
    bare = heard.text.strip()
    told = int(picked) if picked else int(bare) if bare in "12345" and bare else level_of(bare)
    own, said = Own.of(question.data["case"]), heard.understood
    more = remarks(said) if said is not None and heard.kind is Kind.TEXT and not picked else ""
    if own is None or (told is None and not more):
        return None if own is None else _which_level(talk, question, heard)
    remark = more or str(question.data.get("remark") or "")
    return _level(talk.to(asked=None), own, told, remark)


def _which_level(talk: Talk, question: Question, heard: Heard) -> Step | None:
    """A mere yes names no level, nor does a number beyond them."""
    if names_no_level(heard.text):
        return talk.to(asked=question).again(chat("rating.no_such_level")).end()
    if yes_or_no(question, heard) is not True:
        return None
    return talk.to(asked=question).again(chat("rating.pick")).end()


def _ask_reason(talk: Talk, case: dict[str, Any], level: int, before: str = "") -> Step:
    offered = ((STOP, chat("rating.stop")),)
    text = chat("rating.reason", level=label(level))
    return talk.ask(
        NAME, "reason", text, offered, numbered=False, before=before, case=case, level=level
    ).end()


def reason(talk: Talk, question: Question, heard: Heard) -> Step | None:
    """Why it was not good, in the person's own words."""
    if menus.picked(question, heard) == STOP or menus.bare(heard.text) in _STOPS:
        return _stopped(talk)
    if heard.kind is not Kind.TEXT or heard.understood is None or len(heard.text.strip()) < 2:
        return None
    if not tells(heard.understood, own=Intent.EVALUATE):
        return None
    data = question.data
    told = full_width(heard.typed.strip())[:LONGEST]
    return _sure(talk.to(asked=None), data["case"], int(data["level"]), told)


def _sure(talk: Talk, case: dict[str, Any], level: int, reason: str) -> Step:
    """It can be given once: shown, then asked."""
    own = Own.of(case)
    said_why = "rating.sure_why" if level <= LOW else "rating.sure_remark"
    code = said_why if reason else "rating.sure"
    line = own.line if own else ""
    text = chat(code, case=line, level=label(level), reason=reason)
    lines = (
        ("yes", chat("rating.yes")),
        (OTHER, chat("rating.other")),
        ("no", chat("rating.stop")),
    )
    return talk.ask(NAME, "sure", text, lines, case=case, level=level, reason=reason).end()


def sure(talk: Talk, question: Question, heard: Heard) -> Step | None:
    """Only a yes rates."""
    data, own = question.data, Own.of(question.data["case"])
    if own is None:
        return None
    if menus.picked(question, heard) == OTHER:
        return _level(talk.to(asked=None), own, None)
    told = False if menus.bare(heard.text) in _STOPS else agreed(question, heard)
    if told is None:
        return _other(talk.to(asked=None), question, heard, own)
    if not told:
        return _stopped(talk)
    act = Rate(UUID(str(own.id)), int(data["level"]), str(data["reason"]))
    return talk.to(asked=None).do(act, NAME, "rated", **data)


def _other(talk: Talk, question: Question, heard: Heard, own: Own) -> Step | None:
    """Another level, or a remark, told instead of a yes."""
    said = heard.understood
    if heard.kind is not Kind.TEXT or said is None:
        return None
    level_, remark = level_of(heard.text), remarks(said)
    if level_ is None and names_no_level(heard.text) and heard.text.strip()[-1] in "星分":
        return talk.to(asked=question).again(chat("rating.no_such_level")).end()
    if level_ is None and not remark:
        return None
    held = str(question.data.get("reason") or "")
    return _level(talk, own, level_ or int(question.data["level"]), remark or held)


def rated(talk: Talk, after: After, event: Done | Refused) -> Step:
    """Thanks; a low rating is followed up."""
    data = after.data
    if isinstance(event, Refused):
        if event.code is Code.INVALID:
            return _ask_reason(talk, data["case"], int(data["level"]), why(event))
        return offer(talk, why(event), ("query_status", "complain")).end()
    low = int(data["level"]) <= LOW
    own = Own.of(data["case"])
    page = links.case(talk.facts, own.id if own else None)
    text = chat("rating.thanks_low" if low else "rating.thanks", level=label(int(data["level"])))
    return offer(talk, text, ("complain", "human_agent") if low else (), page).end()


def _stopped(talk: Talk) -> Step:
    return talk.to(asked=None).say(chat("rating.stopped")).end()


def expects(talk: Talk, question: Question) -> Pending | None:
    """Free words for the reason, a level for the level."""
    if question.name == "reason":
        return Pending("long_text")
    if question.name == "level":
        return Pending("enum", tuple(label(each) for each in LEVELS))
    return None


RATING = Topic(
    name=NAME,
    begin={Intent.EVALUATE: begin},
    keys={"menu:rate": begin},
    answers={"which": which, "level": level, "reason": reason, "sure": sure},
    told={"listed": listed, "rated": rated},
    expects=expects,
)
