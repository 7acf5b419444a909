"""What follows what was spoken of last (那电的呢, 周口呢), and short sayings clear by their words:
催一下, 下一步是什么, 我看看.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, cast
from uuid import UUID

from bot.dialogue import cities
from bot.dialogue.acts import ReadStatus
from bot.dialogue.filling import unchanged
from bot.dialogue.filling.sheets import look
from bot.dialogue.guide.limits import named_steps
from bot.dialogue.hearing import HEARD
from bot.dialogue.lately import lately
from bot.dialogue.menus import only_offers
from bot.dialogue.ready import is_ready
from bot.dialogue.talk import Step, Talk
from bot.dialogue.topics import (
    complaints_told,
    guide,
    linking,
    plan_refusing,
    resuming,
    status,
    survey_questions,
)
from bot.dialogue.topics.cases import Kind
from bot.understanding.types import Intent, Slots, Understood
from config.cities import City
from config.texts import table
from config.texts.chat import chat

_ROUND_A_NUMBER = 4
"""Characters around a number that say no more than the number: 查一下…, …呢."""
_BARE = re.compile(
    "(?P<that>那么?|还有|另外)?(?P<what>[^,，。;；?？!！ ]{1,10}?)"
    "(?:的|那边|这边|这块|那块|方面|部分|这一块)?"
    "(?P<tail>呢|咋样|怎么样|怎样|如何|啥情况|什么情况)?[?？。!！~ ]*"
)


_URGES = re.compile(
    "(?:麻烦|请|帮我|给我|你们?|您|能不能|可以|能|再|快|赶紧|我想|我要|来){0,4}(?:催(?:一?下|一催|催|办|促)?"
    "|(?:快|抓紧)(?:一?点|些)?(?:办|弄|处理)?|(?:办|弄|搞)?快(?:一?点|些))"
    "(?:我的?|申请|办件|进度|他们|单位|专窗|审批|一下|办|吗|吧|呗|啊|呀|行吗|行不行|好吗|可以吗){0,4}"
)
_NEXT = re.compile(
    "(?:那么?|请问|然后|接下来|下一?步|下面|之后|后面|现在|我){1,3}(?:应该|该|是|要|需要|还要|得|怎么){0,3}"
    "(?:什么|啥|干(?:什么|啥|嘛)|做(?:什么|啥)|办(?:什么|啥)?|弄|走|怎么[办弄走做])(?:呢|呀|啊)?"
)
_LOOKS = re.compile(
    "(?:那|好的?|行)?(?:我们?|让我|等我|容我)?(?:先|再|自己|慢慢|回去){0,2}"
    "(?:看看|看一看|看一?下|瞧瞧|了解一?下|随便看看|商量(?:一?下|商量)?|问问(?:老板|领导|家里)?|问一?下(?:老板|领导)?|找找|想想|想一想|考虑(?:一?下|考虑)?)"
    "(?:吧|再说|哈|先|啊)?"
)
_FEE = re.compile(
    "(?:那么?|请问|这个|这|那个|你们?|我们?|办理?|报装?|装|申请|开通|接|弄|一个|一套|一次|这一?套|下来|到底|总共|一共|全部|大概"
    "|大约|要|得|需要|会|还|用|是|[水电气暖网]){0,6}(?:花|交|付|收|掏)?"
    "(?:多少(?:钱|费用?|块钱)|几个钱|几块钱|什么价钱?|啥价|贵不贵|贵吗|(?:要|花|交|收)不(?:要|花|交|收)[钱费]"
    "|(?:要|花|交|收)[钱费](?=吗|么|嘛|不|的吗)|免费)"
    "(?:的|啊|呀|呢|吗|嘛|么|吧|不){0,2}"
)
_LACKS = re.compile(
    "(?:那么?|请问|我们?|现在|到底|具体|这次|你们?|申请|表|还|是|因为|的|有){0,5}"
    "(?:(?:要|需要|得|该|应该)?(?:再)?(?:补正?|补充|补交|补齐)(?:些|一?点)?(?:什么|啥|哪些|哪个)(?:材料|资料|内容|东西|地方)?"
    "|(?:缺|差|少)(?:了|些)?(?:什么|啥|哪些)(?:材料|资料|内容|东西|没填)?"
    "|(?:要|需要|得)?(?:改|修改|更正)(?:些)?(?:什么|啥|哪里|哪儿|哪些|哪几项|哪些地方|什么地方)"
    "|(?:哪里|哪儿|哪些地方|什么地方|哪些|哪几项)(?:要|需要|得)(?:改|补|修改|补正|更正)"
    "|(?:为什么|为啥|怎么|因为什么|因为啥)(?:被|给)?(?:退回?|打回)(?:来|了|补正)?|(?:退回?|打回|补正)的?(?:是)?(?:什么|啥)?(?:原因|理由|内容)(?:是什么|是啥)?)"
    "(?:的|了|来|呢|啊|呀|吗){0,2}"
)
_MINE = re.compile(
    "(?:请|麻烦|帮我|给我|我想|想|要|查|查查|查一?下|看|看看|看一?下|列一?下|列出|问一?下){0,4}(?:我们?|咱们?|俺们?|本人|这个账号)?的?"
    "(?:(?:名下|账号里|账号下|手上|手里)的?(?:现在|目前|一共|总共|都|还|办|在办|正在办)*(?:有|是)?"
    "|(?:现在|目前|一共|总共|都|还|全部|所有){0,3}(?:办|报|申请|登记|提交|报装|有|办理)(?:过|了)?(?:的)?(?:是|有)?)"
    "(?:几|多少|什么|啥|哪些|哪几|些什么)(?:[件个份条样]|办件|申请|业务|单子|表|东西|记录)*"
    "|(?:查|看|看看|查看|查一?下)?(?:我们?|本人)?的?(?:名下|所有|全部)的?(?:办件|申请|业务|单子|件)"
)
_LONGEST = 16
"""Characters of such a saying."""


def beforehand(talk: Talk, said: Understood) -> Step | None:
    """What is clear without knowing what an utterance wants: a code to be joined by, a case's bare
    number, and what follows what was said just before. None for anything else.
    """
    found = linking.typed(talk.aside(), said.text)
    if found is not None:
        return found
    if (found := _saying(talk, said)) is not None:
        return found
    for asked in (complaints_told.asked, plan_refusing.asked, survey_questions.asked):
        if (found := asked(talk, said)) is not None:
            return found
    if _is_number(said):
        return status.begin(talk.to(misses=0).aside(), replace(said, intent=Intent.QUERY_STATUS))
    return follow(talk, said)


def _saying(talk: Talk, said: Understood) -> Step | None:
    """Somebody urges, asks what comes next of its case, or wants time to look."""
    words = re.split("[,，。;；!！]", said.text.strip(" 。.!！~?？"))
    if len(words[0]) > _LONGEST or len(said.text) > 2 * _LONGEST:
        return None
    moved = talk.to(misses=0).aside()
    if _URGES.fullmatch(words[0]):
        return status.urged(moved, said)
    if len(words) > 1:
        return None
    if _NEXT.fullmatch(words[0]) and talk.sheet is None:
        return status.begin(moved, replace(said, intent=Intent.QUERY_STATUS))
    if is_ready(words[0]) and _nothing_waits(talk):
        paused = talk.state.sheet is not None and talk.sheet is None
        return resuming.take_up(moved) if paused else moved.say(chat("common.fine")).end()
    if talk.sheet is None and unchanged.left_alone(words[0]) is not None:
        return talk.to(misses=0).aside(briefly=True).say(chat("common.fine")).end()
    if _LACKS.fullmatch(words[0]) and (found := _to_correct(talk, said)) is not None:
        return found
    if _MINE.fullmatch(words[0].rstrip("的了呢啊呀吗")):
        return status.mine(moved)
    if _FEE.fullmatch(words[0]):
        return guide.begin(moved, replace(said, intent=Intent.ASK_FEE))
    if _LOOKS.fullmatch(words[0]):
        return talk.to(misses=0).aside(briefly=True).say(chat("leave.no_hurry")).end()
    return None


def _to_correct(talk: Talk, said: Understood) -> Step | None:
    """What is to be put right: of the form in hand, else of one's case. None where papers are
    asked about and no case was spoken of.
    """
    sheet = talk.sheet
    if sheet is not None:
        return look(talk.to(misses=0), sheet, "resume" if sheet.returned else "preview")
    if said.intent is Intent.ASK_MATERIALS and not lately(talk, status.NAME):
        return None
    moved = talk.to(misses=0).aside()
    return status.begin(moved, replace(said, intent=Intent.QUERY_STATUS))


def _nothing_waits(talk: Talk) -> bool:
    """Whether nothing is asked for, and nobody tells that a visit is done."""
    asked = talk.state.asked
    return (asked is None or only_offers(asked)) and not talk.facts.crew_cities


def _is_number(said: Understood) -> bool:
    """Whether an utterance is a case's number and hardly anything else."""
    number = said.slots.application_no
    if number is None or len(said.text) - len(number) > _ROUND_A_NUMBER:
        return False
    return said.confidence < HEARD or said.intent in (Intent.OUT_OF_SCOPE, Intent.QUERY_STATUS)


def follow(talk: Talk, said: Understood) -> Step | None:
    """A question of a word or two, asked of what was spoken of last."""
    match = _BARE.fullmatch(said.text.strip())
    if match is None or not (match["that"] or match["tail"]):
        return None
    about_case, about_guide = lately(talk, status.NAME), lately(talk, guide.NAME)
    what, moved = match["what"], talk.to(misses=0).aside()
    if about_case and (not about_guide or about_case["at"] >= about_guide["at"]):
        return _of_case(moved, about_case, what)
    return _of_guide(moved, about_guide, what) if about_guide else None


def _of_case(talk: Talk, noted: Mapping[str, Any], what: str) -> Step | None:
    """One utility of the case spoken of last."""
    every = (talk.facts.city(code) for code in talk.facts.cities.codes())
    named = tuple(dict.fromkeys(each for city in every for each in utilities_in(city, what)))
    if not named or not _only(what):
        return None
    try:
        case = UUID(str(noted.get("case")))
    except ValueError:
        return None
    kind: Kind = "registration" if noted.get("kind") == "registration" else "application"
    wants = "deadline" if noted.get("wants") == "deadline" else "status"
    data = {"wants": wants, "utilities": list(named), "before": "", "hoped": False}
    return talk.do(ReadStatus(case, kind), status.NAME, "read", said=None, **data)


def _of_guide(talk: Talk, noted: Mapping[str, Any], what: str) -> Step | None:
    """The same question for another city, utility or step."""
    try:
        intent = Intent(str(noted.get("intent")))
    except ValueError:
        return None
    if intent not in guide.OF_INTENT:
        return None
    if cities.named(what, talk.facts) is not None:
        return guide.begin(talk, Understood(what, intent, 1.0))
    city = talk.city() if talk.state.city else None
    named = utilities_in(city, what) if city is not None and _only(what) else ()
    if named:
        return guide.begin(talk, Understood(what, intent, 1.0, Slots(utilities=named)))
    if intent is Intent.ASK_TIME_LIMIT and named_steps(what):
        return guide.begin(talk, Understood(what, intent, 1.0))
    return None


def utilities_in(city: City, text: str) -> tuple[str, ...]:
    """Utilities of a city a few words name."""
    called = cast(Mapping[str, list[str]], table("chat_topics")["utilities"])
    return tuple(
        code
        for code, each in city.utilities.items()
        if any(word in text for word in (each.short, each.use, *called.get(code, ())))
    )


def _only(what: str) -> bool:
    """Whether nothing but utilities is named."""
    called = cast(Mapping[str, list[str]], table("chat_topics")["utilities"])
    words = sorted((w for each in called.values() for w in each), key=len, reverse=True)
    for word in (*words, "用"):
        what = what.replace(word, "")
    return not what.strip("和跟、的")
