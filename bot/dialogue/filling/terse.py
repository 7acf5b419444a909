"""Several values and hardly a word beside them: 新开户 20吨 不要双路."""

import re

from bot.dialogue.filling import kinds, loose
from bot.dialogue.filling.consents import without_own_words
from bot.dialogue.filling.names import words_of
from bot.dialogue.filling.shapes import FILLER
from bot.understanding.quantities.units import quantities
from config.cities import FieldType
from rules.forms import Form, FormField

_NONE = "(?:暂时|先)?(?:不要|不用|不需要|没有|无需|无)"
_LEFT = re.compile("[和跟也还有要用办个]+|都是|左右")
_LONGEST = 40


def is_terse(form: Form, pending: FormField | None, text: str) -> bool:
    """Whether a text is nothing but values of the utility asked about: at least two, or the
    answer to another of its yes-or-no questions.
    """
    if pending is None or pending.utility is None or len(text) > _LONGEST:
        return False
    fields = [each for each in form.fields if each.utility == pending.utility]
    agreed = _without_agreement(fields, text)
    passed = _without_denied(fields, agreed)
    measured = _without_amounts(passed)
    left = kinds.beside(measured)
    found = (agreed != text, passed != agreed, measured != passed, left != measured)
    if _LEFT.sub("", FILLER.sub("", left)):
        return False
    return sum(found) > 1 or (found[0] and pending.type is not FieldType.BOOL)


def is_figure(text: str) -> bool:
    """Whether a text is amounts and the utilities they are of, and nothing else: 电五六百千瓦."""
    if len(text) > _LONGEST:
        return False
    measured = _without_amounts(text)
    return measured != text and not _LEFT.sub("", FILLER.sub("", kinds.beside(measured)))


def _without_agreement(fields: list[FormField], text: str) -> str:
    for each in fields:
        if each.type is FieldType.BOOL:
            text = without_own_words(each, text)
    return text


def _without_denied(fields: list[FormField], text: str) -> str:
    """Without what is said not to be wanted: 不要备供."""
    for each in fields:
        if not each.required and each.type is not FieldType.BOOL:
            words = "|".join(map(re.escape, words_of(each)))
            text = re.sub(f"{_NONE}(?:{words})", "", text)
    return text


def _without_amounts(text: str) -> str:
    for figure in loose.found(text):
        number = "" if figure.kind == loose.SUM else "10"
        text = text.replace(figure.words, number, 1) if figure.words else text
    for span in reversed(quantities(text)):
        text = text[: span.start] + text[span.end :]
    return text
