"""Devices as an answer: named as devices are, or told with what is measured of them."""

import re
from collections.abc import Iterable
from datetime import datetime

from bot.dialogue.filling import rows
from bot.dialogue.filling.chatter import TALK
from bot.dialogue.filling.parted import DEVICE, SURE
from bot.dialogue.filling.readings import NOT_IT, Fit, Reading, aside, wants_else
from bot.dialogue.filling.shapes import ASKING, FILLER
from bot.understanding.types import Understood
from rules.calendar import WorkCalendar
from rules.forms import FormField


def rows_answer(
    field: FormField, said: Understood, now: datetime, calendar: WorkCalendar | None
) -> Reading:
    made = [rows.as_typed(row, said) for row in rows.read(field, said.text, now)]
    if not made or aside(said):
        return NOT_IT
    value, faults = rows.judged(field, made, now)
    names = [str(row.get(field.columns[0].key, "")) for row in made]
    if any(TALK.search(name) for name in names) or ASKING.search(said.text):
        return NOT_IT
    if all(SURE.search(name) for name in names) and not _beside(names, said.text):
        return Reading(Fit.CLEAR, value, faults)
    told = any(len(row) > 1 or field.columns[0].key not in row for row in made)
    if told and all(not name or DEVICE.search(name) for name in names):
        return Reading(Fit.CLEAR, value, faults)
    if told and not wants_else(said):
        return Reading(Fit.DOUBT, value, faults)
    if len(said.text) > 12 or wants_else(said) or ASKING.search(said.text):
        return NOT_IT
    return Reading(Fit.DOUBT, value, faults)


def _beside(names: Iterable[str], text: str) -> str:
    """What is said beside names of devices."""
    for name in names:
        text = text.replace(name, "")
    return re.sub("[和及跟与有还]", "", FILLER.sub("", text))
