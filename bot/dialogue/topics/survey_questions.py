"""Questions about the joint survey that book nothing: who comes, on which days it is, where the
people are that were to come.
"""

import re
from typing import Any
from uuid import UUID

from bot.dialogue import cities, clock, links, menus
from bot.dialogue.acts import ReadStatus, ReadTimes, TellAbsent
from bot.dialogue.filling.shapes import ASKING
from bot.dialogue.guide.cited import Cited
from bot.dialogue.guide.limits import limit_of
from bot.dialogue.heard import Done, Heard, Refused
from bot.dialogue.lately import remember
from bot.dialogue.state import After, Question
from bot.dialogue.talk import Step, Talk
from bot.dialogue.topics import status, survey_asking
from bot.dialogue.topics.offers import offer
from bot.dialogue.topics.progress_words import head, steps_of
from bot.dialogue.topics.refusing import why
from bot.dialogue.topics.survey_joint import Joint
from bot.dialogue.topics.survey_matter import BOOK, NAME, Matter
from bot.understanding.types import Intent, Understood
from config.city.words import hours_words
from config.texts.chat import chat

_LONGEST = 24
_SURVEY = "(?:踏勘|勘察|勘查|勘验|看现场|现场查看)"
_WHO = (
    "(?:谁|啥人|什么人|几个人|多少人|哪[些几]?[个家位]?(?:单位|公司|部门|人员?)|哪[几些]?[个家位])"
)
_WHO_COMES = re.compile(
    f"{_WHO}[^,，。;；]{{0,6}}{_SURVEY}|{_SURVEY}[^,，。;；]{{0,8}}{_WHO}(?!.*(?:申请|约|联系))"
)
_PEOPLE = (
    "(?:师傅|工作人员|工程师|(?:踏勘|勘察|勘查|看现场|施工|装表|安装|上门)[^,，。;；]{0,3}人员?"
    "|(?:水|电|气|网|暖|热|供电|燃气|移动|电信|联通|单位|公司|你们|他们)[^,，。;；]{0,4}的人|人)"
)
_ON_THE_WAY = re.compile(
    f"{_PEOPLE}[^,，。;；]{{0,6}}(?:怎么|咋|为什么|为啥)?[^,，。;；]{{0,3}}"
    "(?:还没|还不|没有?|不|什么时候|啥时候|啥时|几点|哪天|多久|多会儿?)[^,，。;；]{0,3}(?:来|到|上门|出发|影)"
    f"|{_PEOPLE}[^,，。;；]{{0,4}}(?:来|到|出发)(?:了|过)?(?:没有?|吗|么|不)"
    "|(?:怎么|咋|为什么|为啥)[^,，。;；]{0,4}(?:没|还没有?|不见)[^,，。;；]{0,2}人(?:来|到|影)?"
)
_OF_NO_VISIT = re.compile(
    "客户|业主|投诉|举报|(?:产权|联系|经办|负责|代办|投资|申请|法|户)人|我们?(?:的)?人|接电话|回复|回我|缴费|户号"
)
_USUALLY = re.compile(
    "一般|通常|平时|都是|(?:周|星期|礼拜)[六日天]|周末|双休|节假日|放假|晚上|夜里|中午|下班"
    "|几点|什么时间|什么时候|哪几天|哪天|提前"
)


def asked(talk: Talk, said: Understood) -> Step | None:
    """An answer to such a question; None for anything else."""
    text = said.text.strip()
    if len(text) > _LONGEST or _OF_NO_VISIT.search(text) or said.intent is Intent.CONFIRM_VISIT:
        return None
    moved = talk.to(misses=0).aside()
    if _WHO_COMES.search(text):
        return who(moved, said)
    if _ON_THE_WAY.search(text):
        return moved.do(ReadStatus(), NAME, "awaited", said=said)
    return None


def who(talk: Talk, said: Understood) -> Step:
    """Who comes along, as the city's policy has it."""
    talk = cities.settle(talk, said)
    if talk.state.city is None:
        return cities.ask(talk, said)
    city = talk.city()
    uses = "、".join(each.use for each in city.utilities.values())
    text = chat("survey.who", window=city.window.name, uses=uses)
    return offer(talk, text, ("query_status", "human_agent")).end()


def asks_rule(said: Understood) -> bool:
    """Whether somebody asks when a survey can be at all, rather than for one."""
    return bool(_USUALLY.search(said.text)) and ASKING.search(said.text) is not None


def rule(talk: Talk, said: Understood) -> Step:
    """Within which time and at which hours surveys are."""
    talk = cities.settle(talk, said)
    if talk.state.city is None:
        return cities.ask(talk, said)
    city = talk.city()
    lines = [Cited(chat("survey.rule", hours=hours_words(city.hours)), ours=True).shown]
    if limit := city.deadlines.get("survey"):
        lines.insert(0, limit_of("survey", limit).shown)
    lines.append(chat("survey.with_application"))
    return offer(talk, "\n".join(lines), ("apply", "query_status", "ask_process")).end()


def awaited(talk: Talk, after: After, event: Done | Refused) -> Step:
    """People that are waited for: the booked survey, else where the case stands."""
    said: Understood = after.data["said"]
    body = event.told if isinstance(event, Done) else {}
    booked = clock.read(body.get("survey_at"))
    if booked is None or not {"survey", "book_survey"} & set(steps_of(body)):
        data = status.asked_of(said)
        again = After(status.NAME, "read", {**data, "said": said}, talk.replies)
        return status.read(talk, again, event)
    return _of_survey(talk, body, booked)


def _of_survey(talk: Talk, body: Any, booked: Any) -> Step:
    case, now = UUID(str(body["id"])), talk.facts.now
    talk = remember(talk, case, "application")
    if booked <= now:
        matter = Matter(case, str(body.get("city")), head(body), BOOK, booked)
        return talk.do(ReadTimes(case), NAME, "missing", **matter.kept())
    text = chat("survey.ahead", head=head(body), at=clock.moment(booked, now))
    return offer(talk, text, ("reschedule_survey",), links.case(talk.facts, case)).end()


def missing(talk: Talk, after: After, event: Done | Refused) -> Step:
    """The time is over: who has not come can be put on record, where crews are known."""
    matter, now = Matter.of(after.data), talk.facts.now
    joint = Joint.of(event.told if isinstance(event, Done) else {})
    text = chat("survey.past", head=matter.head, at=clock.moment(matter.booked, now))
    lines = [
        (str(each["organization_id"]), str(each["organization"]))
        for each in (joint.page or {}).get("visits") or ()
        if each.get("state") in ("planned", "confirmed")
    ]
    if not lines:
        late = ("human_agent", "complain", "reschedule_survey")
        return offer(talk, text, late, links.case(talk.facts, matter.case)).end()
    lines = [*lines, (_WAITS, chat("survey.wait_on"))]
    ask = chat("survey.who_missing", head=matter.head, at=clock.moment(matter.booked, now))
    return talk.ask(NAME, "missing", ask, tuple(lines), passing=True, **matter.kept()).end()


def missing_named(talk: Talk, question: Question, heard: Heard) -> Step | None:
    """Who has not come."""
    picked = menus.picked(question, heard)
    if picked == _WAITS:
        return talk.to(asked=None).say(chat("survey.waiting_on")).end()
    try:
        absent = UUID(picked or "")
    except ValueError:
        return None
    matter = Matter.of(question.data)
    act = TellAbsent(matter.case, absent)
    return talk.to(asked=None).do(act, NAME, "absent_told", **matter.kept())


def absent_told(talk: Talk, after: After, event: Done | Refused) -> Step:
    """It is on record; the next best times are offered in the same answer."""
    matter = Matter.of(after.data)
    if isinstance(event, Refused):
        text = chat("survey.failed", why=why(event))
        return offer(talk, text, ("human_agent", "complain", "reschedule_survey")).end()
    joint = Joint.of({**event.told, "joint": True})
    free = matter.to(booked=None)
    return survey_asking.offered(talk, free, joint, before=chat("survey.absent_told"))


_WAITS = "wait"
ANSWERS = {"missing": missing_named}
TOLD = {"awaited": awaited, "missing": missing, "absent_told": absent_told}
