"""An application returned for correction: all it was returned for, and those fields asked first."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from bot.dialogue.state import Sheet
from config.texts.chat import chat
from rules.forms import Form, FormField

Fault = Mapping[str, Any]
"""As ``to_correct`` of ``bot.dialogue.acts`` tells it."""


def words(faults: Iterable[Fault], form: Form) -> str:
    """Every fault in a line of its own; how to send documents where one is among them."""
    every = [each for each in faults if each.get("label")]
    if not every:
        return ""
    lines = [chat("returned.head"), *map(_line, every)]
    if any(each.get("field") not in form.by_key for each in every):
        lines.append(chat("returned.documents"))
    return "\n".join(lines)


def _line(fault: Fault) -> str:
    note = chat("returned.note", note=fault["note"]) if fault.get("note") else ""
    touched = chat("returned.touched") if fault.get("touched") else ""
    reason = fault.get("reason_label") or ""
    return chat("returned.line", label=fault["label"], reason=reason, note=note, touched=touched)


def to_ask(faults: Iterable[Fault], form: Form) -> tuple[str, ...]:
    """Fields to be asked for, in the form's order: those not written again since."""
    left = {each.get("field") for each in faults if not each.get("touched")}
    return tuple(field.key for field in form.fields if field.key in left)


def following(form: Form, sheet: Sheet, values: Mapping[str, Any]) -> FormField | None:
    """The next field it was returned for that still applies."""
    fields = (form.by_key[key] for key in sheet.todo if key in form.by_key)
    return next((field for field in fields if field.condition.holds(values)), None)


def without(sheet: Sheet, keys: Iterable[str]) -> Sheet:
    """With fields no longer to be asked for."""
    done = set(keys)
    return replace(sheet, todo=tuple(key for key in sheet.todo if key not in done))
