"""Reading, saving and checking the form: form B by acts on its draft, form A within the state."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.dialogue.acts import CheckDraft, ReadDraft, Register, SaveFields, Submit
from bot.dialogue.filling.drafts import form_for
from bot.dialogue.state import Sheet
from bot.dialogue.talk import Step, Talk
from rules.forms import validate

TOPIC = "form"
SAVED, LOOKED, CHECKED, SUBMITTED = "saved", "looked", "checked", "submitted"


def save(talk: Talk, sheet: Sheet, answers: Mapping[str, Any], **data: Any) -> Step:
    """Save fields (None takes a value away); ``saved`` goes on."""
    if sheet.case is not None:
        fields = {key: (value, sheet.version) for key, value in answers.items()}
        return talk.do(SaveFields(sheet.case, fields), TOPIC, SAVED, **data)
    values = {**sheet.values, **answers}
    kept = replace(sheet, values={k: v for k, v in values.items() if v is not None})
    return talk.with_sheet(kept).go_on(_told(kept), TOPIC, SAVED, **data)


def look(talk: Talk, sheet: Sheet, then: str, **data: Any) -> Step:
    """Read the form as it stands; ``looked`` goes on as ``then`` says."""
    if sheet.case is not None:
        return talk.do(ReadDraft(sheet.city, sheet.case), TOPIC, LOOKED, then=then, **data)
    return talk.go_on(_told(sheet), TOPIC, LOOKED, then=then, **data)


def check(talk: Talk, sheet: Sheet, **data: Any) -> Step:
    """Find every fault the form would have if submitted now; ``checked`` goes on."""
    if sheet.case is not None:
        return talk.do(CheckDraft(sheet.case), TOPIC, CHECKED, **data)
    checked = validate(
        form_for(talk, sheet),
        sheet.values,
        now=talk.facts.now,
        calendar=talk.calendar(sheet.city),
        mode="submit",
    )
    return talk.go_on({**_told(sheet), "faults": checked.faults}, TOPIC, CHECKED, **data)


def hand_in(talk: Talk, sheet: Sheet, version: int) -> Step:
    """Submit form B as shown, or register by form A."""
    if sheet.case is not None:
        return talk.do(Submit(sheet.case, version), TOPIC, SUBMITTED)
    return talk.do(Register(sheet.city, dict(sheet.values)), TOPIC, SUBMITTED)


def _told(sheet: Sheet) -> dict[str, Any]:
    return {"city": sheet.city, "values": dict(sheet.values)}
