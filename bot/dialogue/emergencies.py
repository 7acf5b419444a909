"""Danger and faults: numbers to ring come first and at once, whatever the talk is about.

National numbers always, a city's own where its file states them; nothing is made up.
"""

import re

from bot.dialogue.heard import Facts, Heard
from bot.dialogue.hearing import HEARD
from bot.dialogue.replies import Say
from bot.understanding.types import Intent, Understood
from config.cities import City, Hotline
from config.texts.chat import chat

_GAS = r"(?:煤气|燃气|天然气|液化气|瓦斯|燃气管|气管)"
_LEAK = re.compile(
    rf"{_GAS}[^,，。；;!！?？]{{0,6}}(?:泄漏|泄露|漏|跑气|味)"
    rf"|(?:泄漏|泄露|漏|闻到|闻着|一股|有股)[^,，。；;!！?？]{{0,6}}{_GAS}"
    r"|臭鸡蛋[^,，。]{0,2}味|漏气|跑气了"
)
_SPARK = re.compile(
    r"触电|电死|电着人|漏电|冒火花|打火花|电火花|着火|起火|失火|冒烟|爆炸"
    r"|(?:电线|电缆|高压线)[^,，。]{0,6}(?:断|掉|垂|落)|电(?:线)?杆[^,，。]{0,6}(?:倒|断|歪)|变压器[^,，。]{0,4}(?:炸|烧)"
)
_NOT_NOW = re.compile(
    r"报警器|探测器|预防|防止|防漏|演练|演习|试验|检测|检查|如果|万一|会不会|假如|要是|之前|去年|上次"
    r"|改造|怎么办理|报装|安装"
)
_GAS_WORD = re.compile(rf"{_GAS}|气味|臭")


def of(heard: Heard, facts: Facts, city: str | None) -> Say | None:
    """What is said at once to danger or a fault; None when it is neither."""
    said = heard.understood
    if said is None:
        return None
    reported = said.intent is Intent.REPORT_FAULT and said.confidence >= HEARD
    supposed = _NOT_NOW.search(said.text) is not None
    if (reported or not supposed) and (_LEAK.search(said.text) or _smells(said, reported)):
        return Say(_words("emergency.gas", said, facts, city))
    if (reported or not supposed) and _SPARK.search(said.text):
        return Say(_words("emergency.spark", said, facts, city))
    return fault(said, facts, city) if reported else None


def fault(said: Understood, facts: Facts, city: str | None) -> Say:
    """Numbers for whoever says that something is broken, without telling what."""
    return Say(_words("emergency.fault", said, facts, city))


def _smells(said: Understood, reported: bool) -> bool:
    """A reported fault about gas by its smell: nobody is asked to be exact here."""
    about_gas = "gas" in said.slots.utilities or _GAS_WORD.search(said.text) is not None
    return reported and about_gas and re.search("味|臭|漏|泄", said.text) is not None


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
        uses = "、".join(_use(known, utility) for utility in silent)
        lines.append(chat("emergency.unstated", uses=uses))
    return lines


def _use(city: City, utility: str) -> str:
    found = city.utilities.get(utility)
    return found.use if found else utility


def _everywhere(facts: Facts) -> tuple[Hotline, ...]:
    """Numbers every city states: national ones, for whoever has not named a city."""
    cities = [facts.city(code) for code in facts.cities.codes()]
    first = cities[0].hotlines if cities else ()
    return tuple(
        h
        for h in first
        if all(any(o.number == h.number for o in each.hotlines) for each in cities[1:])
    )
