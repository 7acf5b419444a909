"""A field two people filled differently: shown, and settled by choice."""

from typing import Any

from bot.dialogue import menus
from bot.dialogue.filling.asking import shown
from bot.dialogue.filling.drafts import Draft
from bot.dialogue.filling.sheets import TOPIC, save
from bot.dialogue.heard import Heard
from bot.dialogue.state import Question
from bot.dialogue.talk import Step, Talk
from config.texts.chat import chat
from rules.forms import FormField

NAME = "conflict"


def ask(talk: Talk, field: FormField, draft: Draft, before: str = "") -> Talk:
    """Which of the values shall stand?"""
    values: list[Any] = []
    lines: list[tuple[str, str]] = []
    here = draft.values.get(field.key)
    kept = [(here, "conflict.standing")] if here is not None else []
    kept += [
        (each["value"], "conflict.mine" if each.get("by_me") else "conflict.other")
        for each in draft.conflicts[field.key]
    ]
    for value, code in kept:
        if value not in values:
            lines.append((f"v{len(values)}", chat(code, value=shown(field, value))))
            values.append(value)
    text = chat("conflict.which", label=field.label)
    return talk.ask(TOPIC, NAME, text, tuple(lines), before=before, key=field.key, values=values)


def answer(talk: Talk, question: Question, heard: Heard) -> Step | None:
    """The value chosen is saved, which settles it."""
    sheet, picked = talk.sheet, menus.picked(question, heard)
    if sheet is None or picked is None or not picked.startswith("v"):
        return None
    at, values = picked[1:], question.data["values"]
    if not at.isdecimal() or int(at) >= len(values):
        return None
    settled = {question.data["key"]: values[int(at)]}
    return save(talk, sheet, settled, noted=settled)
