"""A whole message that is one value by its shape: a code, a number to ring, a company, an amount.

Such a message wants nothing but to be filled in, whatever it may sound like: 大冶市样品机械有限公司
is no wish to rename anything.
"""

import re
from dataclasses import replace
from typing import Any

from bot.dialogue.filling.shapes import ASKING, FILLER, role_by_shape
from bot.understanding.identifiers import identifiers
from bot.understanding.types import Amount, Intent, Understood
from bot.understanding.units import quantities

_CODE = re.compile("[0-9A-Z]{18}")
_NUMBER = re.compile(r"-?[0-9][0-9,. ]{0,20}|(?=[A-Z -]*[0-9])[0-9A-Z][0-9A-Z -]{2,30}")
_SLOTS = {"phone": "phone", "code": "credit_code"}
_UTILITY = {"t/d": "water", "kVA": "electricity", "kW": "electricity", "m3/h": "gas"}
_UTILITY |= {"Mbps": "network", "lines": "network"}
_WORDY = ("company", "address")
_LONGEST = 60
UNSURE = 0.5


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
    return replace(said, intent=Intent.OUT_OF_SCOPE, confidence=UNSURE, slots=slots)


def is_plain(said: Understood) -> bool:
    """Whether an utterance is nothing but a value by its shape."""
    return plain(said) is not said


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
    if len(measured) == 1 and _alone(text, measured[0].start, measured[0].end):
        utility = _UTILITY.get(measured[0].value.unit)
        amount = Amount(utility, measured[0].value.value, measured[0].value.unit) if utility else 0
        return {"amount": (amount,)} if amount else None
    role = role_by_shape(text)
    if role in _WORDY:
        return {role: text}
    return {} if _NUMBER.fullmatch(text.upper()) else None


def _alone(text: str, start: int, end: int) -> bool:
    """Whether nothing but fillers stands beside a value."""
    return not FILLER.sub("", text[:start] + text[end:])
