"""Danger and faults: numbers to ring come first and at once, whatever the talk is about.

National numbers always, a city's own where its file states them; nothing is made up.
"""

import re

from bot.dialogue import danger
from bot.dialogue.danger import Danger
from bot.dialogue.heard import Facts, Heard
from bot.dialogue.hearing import HEARD
from bot.dialogue.replies import Say
from bot.dialogue.uses import use_of
from bot.understanding.types import Intent, Pending, Understood
from config.cities import Hotline
from config.texts.chat import chat

_CODES = {Danger.GAS: "emergency.gas", Danger.SPARK: "emergency.spark"}
_OF_PLANNING = re.compile(
    "等级|怎么[定选配]|多[大深粗]|够不够|管径|(?:要|需要|用)[^,，。]{0,4}(?:报(?![修警障])|申请|审批|备案)[^,，。]{0,3}[吗么?？]"
    "|(?:生产|加工|制造|经营|销售|卖)(?!线|车间|用)(?:(?![停坏断没漏跳爆烧]).){1,16}$"
)
"""What is asked of works to come, or told of an enterprise's trade, is no fault."""
_BESIDE = re.compile("[,，、。.!！ 和跟与及还有用是的吧了选要就都我们]+")


def of(heard: Heard, facts: Facts, city: str | None, pending: Pending | None = None) -> Say | None:
    """What is said at once to danger or a fault; None when it is neither. ``pending``: the question
    that waits: its own words are an answer and no fault.
    """
    said = heard.understood
    if said is None:
        return None
    threat = danger.of(said)
    if threat is not None:
        return Say(_words(_CODES[threat], said, facts, city))
    reported = said.intent is Intent.REPORT_FAULT and said.confidence >= HEARD
    reported = reported and _OF_PLANNING.search(said.text) is None
    reported = reported and not (pending is not None and _answers(pending, said.text))
    return fault(said, facts, city) if reported else None


def _answers(pending: Pending, text: str) -> bool:
    """Whether a text is nothing but words that answer the question."""
    words = [word for word in pending.words if word in text]
    for word in sorted(words, key=len, reverse=True):
        text = text.replace(word, "")
    return bool(words) and not _BESIDE.sub("", text)


def fault(said: Understood, facts: Facts, city: str | None) -> Say:
    """Numbers for whoever says that something is broken, without telling what."""
    return Say(_words("emergency.fault", said, facts, city))


def _words(code: str, said: Understood, facts: Facts, city: str | None) -> str:
    lines = "\n".join(_lines(said, facts, city))
    return chat(code, lines=lines)


def _lines(said: Understood, facts: Facts, city: str | None) -> list[str]:
    """Numbers for the utilities named (for all when none is), then the general ones."""
    known = facts.city(city) if city in facts.cities.codes() else None
    hotlines = known.hotlines if known else _everywhere(facts)
    named = said.slots.utilities
    own = [h for h in hotlines if h.utility and (not named or h.utility in named)]
    rest = [h for h in hotlines if h.utility is None and not h.emergency]
    lines = [chat("emergency.line", label=h.label, number=h.number) for h in (*own, *rest)]
    silent = [u for u in named if all(h.utility != u for h in own)]
    if known and silent:
        uses = "、".join(use_of(utility, facts, known) for utility in silent)
        lines.append(chat("emergency.unstated", uses=uses))
    return lines


def _everywhere(facts: Facts) -> tuple[Hotline, ...]:
    """Numbers every city states: national ones, for whoever has not named a city."""
    cities = [facts.city(code) for code in facts.cities.codes()]
    first = cities[0].hotlines if cities else ()
    return tuple(
        h
        for h in first
        if all(any(o.number == h.number for o in each.hotlines) for each in cities[1:])
    )
