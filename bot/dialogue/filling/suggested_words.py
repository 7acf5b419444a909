"""Choices of a field picked in words: 就是我们公司, 1和3."""

import re
from typing import Any

from bot.dialogue import menus
from bot.dialogue.filling import asking
from bot.dialogue.filling.consents import bare_answer
from bot.dialogue.heard import Heard
from bot.dialogue.state import Question
from rules.forms import FormField

_SAME = re.compile(
    "(?:就是|还是|就写|填)?(?:我们?|咱们?|本|同|和|跟|与)?(?:公司|单位|企业|厂|申请单位|上面|前面)(?:一样|相同|同名|那个)?"
    "|一样|相同|同上"
)


def the_same(question: Question, text: str) -> Any:
    """The one value suggested, where a text says that it is: 就是我们公司; else None."""
    suggested = list(question.data.get("suggested") or ())
    word = menus.bare(text)
    meant = _SAME.fullmatch(word) or bare_answer(word) is True
    return suggested[0] if len(suggested) == 1 and meant else None


def numbered(field: FormField, question: Question, heard: Heard) -> list[str]:
    """Options of a list typed by number or label, with those picked before: what is typed is
    taken as all there is, while taps come one by one.
    """
    if field.type not in asking.SEVERAL:
        return []
    keys = menus.several(question, heard.text) or [menus.picked(question, heard) or ""]
    codes = [key.removeprefix(asking.OPTION) for key in keys if key.startswith(asking.OPTION)]
    return [*question.data.get("chosen", ()), *codes] if codes else []
