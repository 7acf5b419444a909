"""Which of the visits that wait is meant: by its number, its utility, its enterprise, its place."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from bot.dialogue.topics.cases import digits
from bot.understanding.types import Understood

Json = Mapping[str, Any]
_FORM = re.compile("(?:有限)?(?:责任)?(?:股份)?(?:有限)?公司.*|集团.*|合作社.*|[厂店场]$")
_OWN = 4
"""Characters a name begins with that are its own and no trade's: 大冶兴新."""


def named(visits: Sequence[Json], said: Understood) -> list[Json]:
    """Those of which all that was said is true; none where nothing was said that tells."""
    number = said.slots.application_no
    wanted = digits(number) if number else _bare_number(said.text)
    if wanted:
        return [each for each in visits if wanted in _numbers(each)]
    left, told = list(visits), False
    for each in (_of_utility, _of_enterprise, _of_place):
        found = each(left, said)
        if found:
            left, told = found, True
    return left if told else []


def _bare_number(text: str) -> str:
    """A number alone in a few words; a single figure is a choice and no number."""
    found = re.fullmatch("[^0-9]{0,6}([0-9]{2,6})[^0-9]{0,4}", text)
    return digits(found[1]) if found else ""


def _numbers(visit: Json) -> tuple[str, ...]:
    whole = digits(str(visit.get("number") or ""))
    return (whole, whole.rpartition("-")[2])


def _of_utility(visits: Sequence[Json], said: Understood) -> list[Json]:
    def meant(visit: Json) -> bool:
        label = str(visit.get("utility_label") or "")
        named_ = len(label) > 1 and (label in said.text or f"{label[1:]}的" in said.text)
        return named_ or visit.get("utility") in said.slots.utilities

    return [each for each in visits if meant(each)]


def _of_enterprise(visits: Sequence[Json], said: Understood) -> list[Json]:
    """Those of whose names the most is said, if that tells them from the others."""
    alike = [_alike(str(each.get("enterprise_name") or ""), said.text) for each in visits]
    most = max(alike, default=0)
    found = [each for each, so in zip(visits, alike, strict=True) if so == most]
    return found if most and (min(alike) < most or len(visits) == 1) else []


def _alike(name: str, text: str) -> int:
    """Pairs of characters of a name that are said; a lone one must be the name's own."""
    own = _FORM.sub("", name)
    pairs = [at for at in range(len(own) - 1) if own[at : at + 2] in text]
    return len(pairs) if len(pairs) > 1 or (pairs and pairs[0] < _OWN - 1) else 0


def _of_place(visits: Sequence[Json], said: Understood) -> list[Json]:
    told = said.slots.address or ""
    places = [(each, str(each.get("address") or "")) for each in visits]
    return [each for each, at in places if at and ((told and told in at) or at in said.text)]
