"""A whole message that is one value by its shape: a code, a number to ring, a company, an amount.

Such a message wants nothing but to be filled in, whatever it may sound like: 大冶市样品机械有限公司
is no wish to rename anything.
"""

import re
from dataclasses import replace
from typing import Any

from bot.dialogue.filling.chatter import TALK
from bot.dialogue.filling.kinds import unnamed
from bot.dialogue.filling.shapes import ASKING, FILLER, role_by_shape, without_at
from bot.understanding.identifiers import identifiers
from bot.understanding.quantities.rates import LONG
from bot.understanding.quantities.units import WATER, Quantity, quantities
from bot.understanding.spans import Span
from bot.understanding.types import Amount, Intent, Understood

_CODE = re.compile("[0-9A-Z]{18}")
_NUMBER = re.compile(
    "[零一二两三四五六七八九十百千万]{2,}|-?[0-9][0-9,. ]{0,20}"
    "|(?=[A-Z -]*[0-9])[0-9A-Z][0-9A-Z -]{2,30}"
)
_SLOTS = {"phone": "phone", "code": "credit_code"}
_UTILITY = {"t/d": "water", "kVA": "electricity", "kW": "electricity", "m3/h": "gas"}
_UTILITY |= {"Mbps": "network", "lines": "network"}
_NAMED = re.compile(
    "联系电话|联系方式|电话号码|手机号码?|电话|手机|号码|统一社会|信用代码|信用码|税号|投资|项目代码|代码|联系人|公司|单位"
)
"""Names of codes and numbers that may stand beside them."""
_WORDY = ("company", "address")
_LONGEST = 60
_BESIDE = 2
UNHEARD = 0.0
"""How sure such an utterance is to want anything."""


def plain(said: Understood) -> Understood:
    """An utterance that is nothing but a value, with the slot it is and no wish; any other as it
    is.
    """
    text = said.text.strip(" .。,，")
    if not text or len(text) > _LONGEST or ASKING.search(text):
        return said
    found = _slots(text)
    if found is None:
        return said
    typed = {name: said.as_typed(value) for name, value in found.items() if name in _WORDY}
    slots = replace(said.slots, **{**found, **typed})
    return replace(unasking(said), slots=slots)


def unasking(said: Understood) -> Understood:
    """The utterance as one that wants nothing."""
    return replace(said, intent=Intent.AFFIRM, confidence=UNHEARD)


def is_named(said: Understood) -> bool:
    """Whether an utterance is a company or a place with hardly a word beside it."""
    for value in filter(None, (said.slots.company, said.slots.address)):
        rest = FILLER.sub("", said.typed.replace(value, "", 1))
        if len(rest) <= _BESIDE and TALK.search(rest) is None:
            return True
    return False


def is_unasking(said: Understood) -> bool:
    """Whether an utterance was found to be nothing but a value."""
    return said.intent is Intent.AFFIRM and said.confidence == UNHEARD


def _slots(text: str) -> dict[str, Any] | None:
    """What a whole text is; an empty mapping for a value without a slot; None for anything else."""
    spans = identifiers(text)
    if len(spans) == 1 and _alone(text, spans[0].start, spans[0].end):
        name = _SLOTS.get(spans[0].kind)
        if spans[0].kind == "no":
            return None
        return {name: spans[0].value} if name else {}
    code = text.replace(" ", "").upper()
    if _CODE.fullmatch(code):
        return {"credit_code": code}
    measured = quantities(text)
    if (
        len(measured) == 1
        and _asked_for(measured[0].value)
        and _alone(without_named(text, measured[0]), 0, 0)
    ):
        utility = _UTILITY.get(measured[0].value.unit)
        amount = Amount(utility, measured[0].value.value, measured[0].value.unit) if utility else 0
        return {"amount": (amount,)} if amount else None
    role = role_by_shape(text)
    if role in _WORDY:
        return {role: without_at(text)}
    return {} if _NUMBER.fullmatch(text.upper()) else None


def _asked_for(quantity: Quantity) -> bool:
    """Whether a quantity is told for the time its unit has: 5吨每小时, 900吨每月 are none a day."""
    return quantity.per not in LONG and (quantity.unit, quantity.per) != (WATER, "hour")


def without_named(text: str, amount: Span) -> str:
    """What stands beside an amount and the utility it is of."""
    return "".join(map(unnamed, (text[: amount.start], text[amount.end :])))


def _alone(text: str, start: int, end: int) -> bool:
    """Whether nothing but fillers stands beside a value."""
    return not FILLER.sub("", _NAMED.sub("", text[:start] + text[end:]))
