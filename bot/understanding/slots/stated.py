"""What an utterance states, as it is judged (``Slots``)."""

import re

from bot.understanding.lexicon import Lexicon
from bot.understanding.names import Names, names_of
from bot.understanding.quantities.amounts import amounts_of
from bot.understanding.segment import Prepared
from bot.understanding.slots.kinds import kind_of
from bot.understanding.slots.utilities import utilities_of
from bot.understanding.slots.when import when_of
from bot.understanding.types import Intent, Slots

_RENEWED = re.compile(
    "(?:改|换|变|更名|更新|现在|现|新|转|过|实际|应该|应为|,是|,就是)[^,。;!?]{0,4}$"
)
_FORMER = re.compile('(?:原来?|原名|从|由|原租户|老户主|以前)(?:叫|是|为|的)?["“ ]?$')
_ADDRESSED = re.compile("(?:[地厂住店]址|地点|位置|坐落|位于)[^,。;!?]{0,3}$")
"""Of several places the one that is told as the address."""
_NOWHERE = frozenset({Intent.ASK_CONTACT})
"""Where a town is whose window is asked for, not where something is to be connected."""
_REPLACING = frozenset({Intent.RENAME_TRANSFER, Intent.MODIFY_APPLICATION})


def slots_of(prepared: Prepared, intent: Intent, lexicon: Lexicon) -> Slots:
    """What is stated in an utterance that wants ``intent``. Nothing for what is out of scope."""
    if intent is Intent.OUT_OF_SCOPE:
        return Slots()
    names = names_of(prepared, lexicon)
    utilities = utilities_of(prepared, intent, names, lexicon)
    amounts = amounts_of(prepared, intent, utilities, names)
    first = {span.kind: span.value for span in reversed(prepared.spans)}
    return Slots(
        utilities=tuple(dict.fromkeys((*utilities, *(each.utility for each in amounts)))),
        kind=kind_of(prepared, intent, names, lexicon),
        amount=amounts,
        datetime=when_of(prepared, intent, names),
        phone=first.get("phone"),
        credit_code=first.get("code"),
        company=_company(prepared, intent, names),
        person=_one(prepared, intent, names.persons),
        address=_place(prepared, intent, names),
        application_no=_number(prepared),
    )


def _number(prepared: Prepared) -> str | None:
    """An application's number as it was typed."""
    found = next((span for span in prepared.spans if span.kind == "no"), None)
    return prepared.text[found.start : found.end].strip() if found else None


def _one(prepared: Prepared, intent: Intent, found: tuple[tuple[int, int], ...]) -> str | None:
    """The first; the one that replaces another where something is corrected."""
    if not found:
        return None
    start, end = found[0]
    if intent in _REPLACING:
        for each in found:
            if _RENEWED.search(prepared.repaired[max(each[0] - 8, 0) : each[0]]):
                start, end = each
    return prepared.text[start:end].strip() or None


def _place(prepared: Prepared, intent: Intent, names: Names) -> str | None:
    found = names.places
    if intent in _NOWHERE:
        return None
    if intent is Intent.ASK_ELIGIBILITY:
        text = prepared.repaired
        found = tuple(each for each in found if text[: each[0]].endswith(("在", "搁", "位于")))
    before = ((each, prepared.repaired[max(each[0] - 8, 0) : each[0]]) for each in found)
    cued = tuple(each for each, text in before if _ADDRESSED.search(text))
    found = cued or found
    return _one(prepared, intent, found)


def _company(prepared: Prepared, intent: Intent, names: Names) -> str | None:
    found = names.companies
    if intent is Intent.RENAME_TRANSFER:
        before = prepared.repaired
        found = tuple(
            each for each in found if not _FORMER.search(before[max(each[0] - 6, 0) : each[0]])
        )
    if intent is Intent.RENAME_TRANSFER and len(found) > 1:
        found = tuple(reversed(found))
    return _one(prepared, intent, found)
