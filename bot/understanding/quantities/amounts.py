"""The amounts asked for: targets only, with the utility and unit that were said or are meant."""

import re
from collections.abc import Iterator
from itertools import islice

from bot.understanding.names import Names
from bot.understanding.quantities.bare import Said, bare_numbers
from bot.understanding.quantities.rates import LONG
from bot.understanding.quantities.units import GAS, LINES, LOAD, POWER, SPEED, WATER, Quantity
from bot.understanding.segment import Prepared
from bot.understanding.types import Amount, Intent

OF_UNIT = {
    WATER: "water",
    POWER: "electricity",
    LOAD: "electricity",
    GAS: "gas",
    SPEED: "network",
    LINES: "network",
}
_FROM = re.compile(
    "(?:从|由|原有?|原来|原先|之前|以前|现在(?:只|才|是|的|用)?|现有|目前|本来|先前|不是|不要"
    "|别|写[成的]|填[成的]|报[成的]|当初|老的|旧的)"
    "[^,。;!?0-9]{0,8}$"
)
_NOT = re.compile(
    "(?:不是|不要|别|不用|没有|用不着|用不了)[^,。;!? 0-9一二两三四五六七八九十百千]{0,4}$"
)
_ONE_OF = re.compile("一台[^,。;!? ]{0,9}$")
_EACH = re.compile("(?:[每单]台[^,。;!? ]{0,9}|每个|[块元钱]|多少|超过|压力)$")
_BETWEEN = re.compile("的?(?:改|换|变|提|升|增|加|扩|降|减)(?:容)?[成到为至]?")
_MISSAID = re.compile("(?:记|写|填|输|录|打|报)成[^,。;!?]{0,2}$")
_TOTAL = re.compile("(?:合计|一共|总共|加起来|一起算|总计)[^,。;!?0-9]{0,3}$")
_OF_FILES = re.compile("材料|文件|照片|图片|上传|传不|压缩")
_TO = re.compile(
    "(?:改|换|变|增|扩|加|升|提|调|降|减|增容|扩容|换个|要|应该|其实|实际|到|至|成|为"
    "|是)[^,。;!?0-9]{0,6}$"
)
_WRONG = re.compile(
    "^(?:个)?(?:吨|千伏安|千瓦|兆)?[水电气网]?(?:不对|不够|太|错了|多了|少了|偏|就不够)"
)
_MOST = 16
"""Amounts of an utterance, with and without unit, that are looked at."""
_NONE = frozenset({Intent.BILL_PAYMENT, Intent.REPORT_FAULT, Intent.COMPLAIN})
"""Where figures measure what was used or what is broken."""
_FILLING = frozenset(
    {
        Intent.APPLY,
        Intent.REGISTER_INTENT,
        Intent.MODIFY_APPLICATION,
        Intent.RESUME_DRAFT,
        Intent.AFFIRM,
        Intent.DENY,
    }
)
"""Where a number without unit may be an amount."""


def amounts_of(
    prepared: Prepared, intent: Intent, told: tuple[str, ...], names: Names
) -> tuple[Amount, ...]:
    """Every amount asked for, in the order said. ``told``: the utilities the utterance is about."""
    if intent in _NONE:
        return ()
    text = prepared.repaired
    spoken = (each for each in _said(prepared, intent, told) if not names.covers(each.start))
    said = list(islice(spoken, _MOST))
    if intent in _FILLING:
        bare = bare_numbers(prepared, said, told)
        said += islice((each for each in bare if not names.covers(each.start)), _MOST)
    said.sort(key=lambda each: each.start)
    kept = [each for each in said if not _replaced(text, each, said)]
    whole = [each for each in kept if _TOTAL.search(text[max(each.start - 6, 0) : each.start])]
    if whole:
        unit = whole[-1].amount.unit
        kept = [each for each in kept if each.amount.unit != unit or each is whole[-1]]
    return tuple(dict.fromkeys(each.amount for each in kept))


def _said(prepared: Prepared, intent: Intent, told: tuple[str, ...]) -> Iterator[Said]:
    for span in prepared.spans:
        if span.kind == "amount":
            amount = _meant(prepared.repaired, span.start, span.value, intent, told)
            if amount is not None:
                yield Said(span.start, span.end, amount)


def _meant(
    text: str, start: int, quantity: Quantity, intent: Intent, told: tuple[str, ...]
) -> Amount | None:
    """A quantity with its utility; None where it measures something else."""
    unit, value = quantity.unit, quantity.value
    if value == 1 and intent is Intent.ASK_FEE:
        return None
    if _EACH.search(text[max(start - 11, 0) : start]):
        return None
    if unit == SPEED and _OF_FILES.search(text) and "network" not in told:
        return None
    if quantity.per in LONG:  # 每月900吨 is no 吨 a day
        return None
    near = text[max(start - 12, 0) : start + 12]
    if unit == "m3" and value < 6:  # 三方: three parties
        return None
    if unit == "m3":
        gas = "气" in near or ("gas" in told and "water" not in told)
        if not gas and "水" not in near and "water" not in told:
            return None
        unit = GAS if gas else WATER
    if unit == WATER:
        if quantity.per == "hour" or (not quantity.per and "water" not in told):
            return None
        if quantity.per == "day" and "气" in near and "水" not in near:
            return None
    if unit == LOAD and "heat" in told and "electricity" not in told:
        return Amount("heat", value, unit)
    return Amount(OF_UNIT[unit], value, unit)


def _replaced(text: str, one: Said, said: list[Said]) -> bool:
    """Whether an amount is the old or the wrong one of two."""
    others = [
        each
        for each in said
        if each.amount.utility == one.amount.utility and each.start != one.start
    ]
    before = text[max(one.start - 14, 0) : one.start]
    if _NOT.search(before) or (not one.bare and _EACH.search(before)):
        return True
    if not others:
        return False
    if not one.bare and _ONE_OF.search(before):
        return True
    if _MISSAID.search(before):
        return True
    following = min((each.start for each in others if each.start >= one.end), default=None)
    if following is not None and _BETWEEN.fullmatch(text, one.end, following):
        return True
    if _WRONG.match(text[one.end : one.end + 8]):
        return True
    if not _FROM.search(before):
        return False
    return any(
        each.start > one.start and _TO.search(text[max(each.start - 10, 0) : each.start])
        for each in others
    )
