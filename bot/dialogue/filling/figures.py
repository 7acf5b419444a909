"""A number right after the name of the field it is for: 供暖面积3000平, 主供改成400, 带宽 100."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice

from bot.dialogue.filling.kinds import spoken_of
from bot.dialogue.filling.memo import per_form
from bot.dialogue.filling.names import NUMERIC, unit_words, words_of
from bot.dialogue.filling.ranges import NUMERAL
from bot.understanding.quantities.rates import LONG, told
from bot.understanding.quantities.units import number
from config.cities import plain
from rules.forms import Form, FormField

_LINK = (
    "(?P<link>(?:[:= ,]|应该是|应为|是|为|大概|大约|差不多|约|需要|要|改成|改为|改到|改|换成"
    "|调到|调成|增容到|扩容到|增到|扩到|提到|加到|填|写|报|有|共){0,4})"
)
_CHANGED = re.compile("改|换|调|增|扩|提|加|应")
_FORMER = re.compile("(?:原来?|现有|目前|现在|已有|以前|之前|先前|老|本来|不是|从)(?:的|有)?$")
_END = re.compile(
    "(?=[,;。!?、 \\n]|$|左右|上下|[吧啊呢了就的和以不]|[主备供用水电气暖热网宽带座固面])"
)
_REACH = 40
"""Characters that are looked back for what a number is of."""
_MOST = 20
"""Numbers of a text that are looked at."""
_FIGURES = 6
"""A longer number without a unit is a number to ring, or a code."""


@dataclass(frozen=True, slots=True)
class Figure:
    """``value`` of ``field``; where the number stands; ``changed``: it replaces what is there."""

    field: FormField
    value: Decimal
    start: int
    changed: bool

    @property
    def plain(self) -> str:
        """The value as it is typed."""
        return plain(self.value)


def figures(form: Form, text: str) -> Iterator[Figure]:
    """Every number of a text that stands after its field's name, with its unit or none."""
    for match in islice(_pattern(form).finditer(text), _MOST):
        field = _named(form, match["label"], text, match.start())
        value, start, end = number(match["number"]), *match.span("number")
        if value is not None and field is not None and _ends(field, text, start, end):
            yield Figure(field, value, start, _CHANGED.search(match["link"]) is not None)


def _named(form: Form, label: str, text: str, start: int) -> FormField | None:
    """The field words name here: 负荷 is that of heat where heat is spoken of. None for another
    utility's, and for what was before.
    """
    clause = max(text.rfind(mark, max(start - _REACH, 0), start) for mark in ",;。!?") + 1
    clause = max(clause, start - _REACH)
    if _FORMER.search(text[clause:start]):
        return None
    field, end = _by_word(form)[label], start + len(label)
    near = spoken_of(text[clause:end])
    told = near or spoken_of(text[max(end - _REACH, 0) : end])
    if not told or field.utility in told:
        return field
    others = (f for f in form.fields if f.type in NUMERIC and f.utility in told)
    own = next((f for f in others if f.label.endswith(label)), None)
    return own or (None if near else field)


def _ends(field: FormField, text: str, start: int, end: int) -> bool:
    """Whether the number ends with this field's unit, or with none at all."""
    per, _ = told(text, start, end)
    if per in LONG:
        return False
    unit = _unit(field).match(text, end)
    if unit is None:
        return sum(map(str.isdigit, text[start:end])) <= _FIGURES and bool(_END.match(text, end))
    per, _ = told(text, start, unit.end())
    return per not in LONG and bool(_END.match(text, unit.end()))


def _unit(field: FormField) -> re.Pattern[str]:
    words = "|".join(map(re.escape, unit_words(field.unit)))
    return re.compile(rf" ?(?:{words})(?![a-zA-Z])" if words else "(?!)")


@per_form
def _by_word(form: Form) -> dict[str, FormField]:
    words: dict[str, FormField] = {}
    for field in form.fields:
        for word in words_of(field) if field.type in NUMERIC else ():
            if len(word) > 1:
                words.setdefault(word, field)
    return words


@per_form
def _pattern(form: Form) -> re.Pattern[str]:
    words = sorted(_by_word(form), key=len, reverse=True)
    named = "|".join(map(re.escape, words)) or "(?!)"
    note = "(?:[(（][^)）]{0,20}[)）])?"
    return re.compile(f"(?P<label>{named}){note}{_LINK}(?P<number>{NUMERAL})")
