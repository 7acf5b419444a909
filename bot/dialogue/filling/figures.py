"""A number right after the name of the field it is for: 供暖面积3000平, 主供改成400, 带宽 100."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from bot.dialogue.filling.kinds import spoken_of
from bot.dialogue.filling.memo import per_form
from bot.dialogue.filling.names import NUMERIC, unit_words, words_of
from bot.dialogue.filling.ranges import NUMERAL
from bot.understanding.quantities.rates import LONG, told
from bot.understanding.quantities.units import number
from config.cities import plain
from rules.forms import Form, FormField

_LINK = (
    "(?P<link>(?:[:= ,]|应该是|应为|是|为|大概|大约|差不多|约|需要|要|改成|改为|改到|换成|调到|调成"
    "|增容到|扩容到|增到|扩到|提到|加到|填|写|报|有|共){0,4})"
)
_CHANGED = re.compile("改|换|调|增|扩|提|加|应")
_FORMER = re.compile("(?:原来?|现有|目前|现在|已有|以前|之前|先前|老|本来|不是|从)(?:的|有)?$")
_END = re.compile(
    "(?=[,;。!?、 \\n]|$|左右|上下|[吧啊呢了就的和以不]|[主备供用水电气暖热网宽带座固面])"
)
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
    for match in _pattern(form).finditer(text):
        field = _by_word(form)[match["label"]]
        value, start, end = number(match["number"]), *match.span("number")
        if value is None or not _names(field, text, match.start(), match.end("label")):
            continue
        if _ends(field, text, start, end):
            yield Figure(field, value, start, _CHANGED.search(match["link"]) is not None)


def _names(field: FormField, text: str, start: int, end: int) -> bool:
    """Whether the words name this field here: not 热负荷 by its 负荷, not what it was before."""
    clause = max(text.rfind(mark, 0, start) for mark in ",;。!?") + 1
    near = spoken_of(text[clause:end])
    return (not near or field.utility in near) and not _FORMER.search(text[clause:start])


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
