"""A figure that is no one number is asked back, with the numbers that may be meant."""

from collections.abc import Mapping
from typing import Any

from bot.dialogue.filling import asking, loose
from bot.dialogue.talk import Talk
from config.texts.chat import chat
from rules.forms import FormField


def ask(
    talk: Talk,
    field: FormField,
    figure: loose.Loose,
    values: Mapping[str, Any],
    before: str = "",
) -> Talk:
    """供水需求按每日填。您说的“每月900吨”大约合30吨/日."""
    told = "\n".join(filter(None, [before, _words(field, figure)]))
    now_is = values.get(field.key)
    return asking.ask(
        talk,
        field,
        before=told,
        now_is=now_is,
        edit=now_is is not None,
        suggested=figure.suggested,
    )


def _words(field: FormField, figure: loose.Loose) -> str:
    value = asking.shown(field, figure.suggested[0]) if figure.suggested else ""
    about = {"label": field.label, "words": figure.words, "value": value, "unit": field.unit}
    if figure.kind == loose.RATE:
        code = "form.other_rate_about" if value else "form.other_rate"
        return chat(code, period=field.unit.partition("/")[2], **about)
    if figure.kind in (loose.SUM, loose.MORE):
        return chat("form.summed", **about)
    return chat("form.one_number", **about)
