"""Told of one's own survey in a few words: 有更早的时间告诉我, 不等更早的了, 我要晚到20分钟."""

import re
from collections.abc import Mapping

from bot.dialogue import clock, menus
from bot.dialogue.acts import TellLate, WaitEarlier
from bot.dialogue.heard import Done, Heard, Kind, Refused
from bot.dialogue.state import After, Question
from bot.dialogue.talk import Step, Talk
from bot.dialogue.topics.base import Answer, Told
from bot.dialogue.topics.offers import offer
from bot.dialogue.topics.refusing import why
from bot.dialogue.topics.survey_matter import LATE, NAME, STOP_WAITING, WAIT, Matter
from bot.understanding.quantities.units import NUMERAL, number
from bot.understanding.types import Understood
from config.texts.chat import chat
from rules.calendar import SHANGHAI

ACTS = (WAIT, STOP_WAITING, LATE)
OFFERED = (10, 20, 30, 60)
_LONGEST = 40
_MOST = 240
_TELL = "(?:告诉|告知|通知|提醒|叫|联系|喊|跟我?说|说一声|换给|约给|给)"
_EARLIER = (
    "(?:更早|早[一些点]{1,2}|提前|靠前|前面|早)的?(?:踏勘)?(?:的)?"
    "(?:时间|空[档闲位]?|名额|号|档期|日子)?"
)
_WAITS = re.compile(
    f"(?:有|空出|腾出|要是有|如果有)[^,，。]{{0,4}}{_EARLIER}[^。]{{0,6}}{_TELL}|(?:踏勘)?(?:候补|排队等(?:更早|早))"
    f"|等(?:更早|早[一些点]{{1,2}})的"
)
_WAITS_NO_MORE = re.compile(
    "(?:不|别|取消|退出|停止)[^,，。]{0,3}(?:候补|等(?:更早|早[一些点]{0,2})(?:的)?(?:时间)?|等早)"
)
_MINUTES = re.compile(
    f"(?P<half>半个?(?:小时|钟头))|(?P<quarters>{NUMERAL}) ?刻钟"
    f"|(?P<hours>{NUMERAL}) ?个?(?:半)?(?:小时|钟头)"
    f"|(?P<minutes>{NUMERAL}) ?分钟?"
)
_LATE = re.compile(
    "(?:晚到|迟到|晚[一些会儿点]{1,3}[^,，。]{0,2}到|晚[^,，。]{1,8}(?:到|分钟?|小时|刻钟)|会晚|要晚"
    "|到晚|堵[车在])"
)
_ASKS = re.compile(
    "[?？]|[吗么嘛]$|怎么|什么|师傅|你们|他们|多久|为什么|次|来晚|才到|能不能|交费|缴|材料|天"
)


def wanted(text: str) -> str | None:
    """What is told of a survey by these words alone; None for anything else."""
    if len(text) > _LONGEST:
        return None
    if _WAITS_NO_MORE.search(text):
        return STOP_WAITING
    if _WAITS.search(text):
        return WAIT
    return LATE if late(text) else None


def late(text: str) -> bool:
    """Whether somebody says that it is running late itself."""
    return _LATE.search(text) is not None and _ASKS.search(text) is None


def minutes_of(text: str) -> int | None:
    """How much later: 20分钟, 半小时, 一刻钟, 一个半小时; None where that is not said."""
    found = _MINUTES.search(text)
    if found is None:
        return None
    if found["half"]:
        return 30
    for name, of_one in (("quarters", 15), ("hours", 60), ("minutes", 1)):
        value = number(found[name]) if found[name] else None
        if value is not None:
            more = 30 if name == "hours" and "半" in found[0] else 0
            total = int(value) * of_one + more
            return total if 0 < total <= _MOST else None
    return None


def of_case(talk: Talk, matter: Matter, said: Understood | None) -> Step:
    """Do it of the case that is meant."""
    if matter.booked is None:
        return offer(talk, chat("survey.none_yet"), ("book_survey", "query_status")).end()
    if matter.wants == LATE:
        return _late(talk, matter, said.text if said else "")
    return wait(talk, matter, matter.wants == WAIT)


def wait(talk: Talk, matter: Matter, wait_: bool = True) -> Step:
    """Join those who wait for an earlier time, or leave them."""
    act = WaitEarlier(matter.case, wait_)
    return talk.do(act, NAME, "waits" if wait_ else "waits_no_more", **matter.kept())


def waits(talk: Talk, after: After, event: Done | Refused) -> Step:
    """It waits."""
    if isinstance(event, Refused):
        return _failed(talk, event)
    at = clock.moment(Matter.of(after.data).booked, talk.facts.now)
    return talk.say(chat("survey.waits", at=at)).end()


def waits_no_more(talk: Talk, after: After, event: Done | Refused) -> Step:
    """It waits no more."""
    if isinstance(event, Refused):
        return _failed(talk, event)
    at = clock.moment(Matter.of(after.data).booked, talk.facts.now)
    return talk.say(chat("survey.waits_no_more", at=at)).end()


def _late(talk: Talk, matter: Matter, text: str) -> Step:
    booked, now = matter.booked, talk.facts.now
    if booked is not None and booked.astimezone(SHANGHAI).date() != talk.today:
        told = chat("survey.late_not_today", at=clock.moment(booked, now))
        return offer(talk, told, ("reschedule_survey", "query_status")).end()
    minutes = minutes_of(text)
    if minutes is None:
        lines = tuple((str(each), chat("survey.minutes", minutes=each)) for each in OFFERED)
        text = chat("survey.how_late")
        return talk.ask(NAME, "how_late", text, lines, numbered=False, **matter.kept()).end()
    return talk.do(TellLate(matter.case, minutes), NAME, "late_told", **matter.kept())


def how_late(talk: Talk, question: Question, heard: Heard) -> Step | None:
    """The minutes."""
    picked = menus.picked(question, heard)
    text = f"{picked}分钟" if picked else heard.text if heard.kind is Kind.TEXT else ""
    if text.strip().isdecimal():
        text = f"{text}分钟"
    if minutes_of(text) is None:
        return None
    return _late(talk.to(asked=None), Matter.of(question.data), text)


def late_told(talk: Talk, after: After, event: Done | Refused) -> Step:
    """Everybody who comes has been told."""
    if isinstance(event, Refused):
        return _failed(talk, event)
    return talk.say(chat("survey.late_told", minutes=event.told.get("minutes"))).end()


def _failed(talk: Talk, event: Refused) -> Step:
    text = chat("survey.failed", why=why(event))
    return offer(talk, text, ("query_status", "human_agent")).end()


ANSWERS: Mapping[str, Answer] = {"how_late": how_late}
TOLD: Mapping[str, Told] = {
    "waits": waits,
    "waits_no_more": waits_no_more,
    "late_told": late_told,
}
