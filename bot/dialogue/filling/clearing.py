"""What is said not to stay in the form: 供水需求不填了, 把备注删掉, 项目代码清空."""

import re
from collections.abc import Mapping
from typing import Any

from bot.dialogue.filling.names import words_of
from bot.dialogue.filling.shapes import ASKING
from bot.dialogue.filling.stating.statement import UTILITIES
from bot.dialogue.state import Sheet
from config.texts.chat import chat
from rules.forms import Form

_CLAUSE = re.compile(r"[,;。!\n]")
_AFTER = (
    "(?:就|先|都|还是|那项|这项|这一项|那个|这个|的内容)*"
    "(?:不填|不写|不要|不用填|不用写|删掉|删除|删|去掉|清空|清除|清掉|空着|留空)(?:了|吧|啦|掉|它)*"
)
_BEFORE = "(?:把|请|帮我|麻烦|那|还是)*(?:不填|不写|删掉|删除|删|去掉|清空|清除|清掉)(?:了|一下)?"
_AROUND = re.compile(
    f"(?:把|那|还是|算了)*(?P<a>.{{2,12}}?){_AFTER}|{_BEFORE}(?P<b>.{{2,12}}?)(?:吧|了)?"
)
_LONGEST = 30


def cleared(form: Form, text: str) -> tuple[str, ...]:
    """Optional fields that a text says are to hold nothing."""
    if ASKING.search(text):
        return ()
    clauses = filter(_is_short, map(str.strip, _CLAUSE.split(text)))
    matches = map(_AROUND.fullmatch, clauses)
    named = {(match["a"] or match["b"]).rstrip("的") for match in matches if match}
    return tuple(
        field.key
        for field in form.fields
        if not field.required and field.key != UTILITIES and not named.isdisjoint(words_of(field))
    )


def _is_short(clause: str) -> bool:
    return len(clause) <= _LONGEST


def clear(
    form: Form, sheet: Sheet, held: Mapping[str, Any], text: str, answers: dict[str, Any]
) -> tuple[Sheet, str]:
    """Take out what is to be taken out: added to ``answers`` as None; what was empty is passed
    over, and said so.
    """
    passed = []
    for key in cleared(form, text):
        field = form.by_key[key]
        if key in answers or not field.condition.holds(held):
            continue
        sheet = sheet.passing(key)
        if held.get(key) is not None:
            answers[key] = None
        else:
            passed.append(chat("form.skipped", label=field.label))
    return sheet, "\n".join(passed)
