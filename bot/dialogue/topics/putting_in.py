"""What was said with the wish to go on with a form, or to change it, is put into it at once."""

from dataclasses import replace

from bot.dialogue import correcting
from bot.dialogue.filling import taking
from bot.dialogue.filling.drafts import Draft, form_for
from bot.dialogue.filling.editing import asked_for, field_meant
from bot.dialogue.filling.names import named_fields
from bot.dialogue.filling.sheets import look
from bot.dialogue.filling.stated import UTILITIES
from bot.dialogue.state import Sheet
from bot.dialogue.talk import Step, Talk
from bot.understanding.types import Understood


def change(talk: Talk, sheet: Sheet, said: Understood | None) -> Step:
    """What was stated is put in at once; else the field named is asked for; else which one."""
    talk = talk.settled()
    if said is None:
        return look(talk, sheet, "edit", keys=[], what="")
    form = form_for(talk, sheet)
    if meant := field_meant(form, said.text):
        return look(talk, sheet, "edit", keys=[each.key for each in meant], what="")
    if not taking.read(talk, sheet, said).nothing:
        return look(talk, sheet, "take", said=said, pending=None, answer=None)
    words = asked_for(said.text) or said.text
    named = named_fields(form.fields, words)
    return look(talk, sheet, "edit", keys=[each.key for each in named], what="")


def go_on(talk: Talk, sheet: Sheet, said: Understood | None) -> Step:
    """Where the form stood; what was told with the wish is put in first."""
    if said is not None and tells(talk, sheet, said):
        return look(talk.settled(), sheet, "take", said=said, pending=None, answer=None)
    return look(talk.settled(), sheet, "resume")


def tells(talk: Talk, sheet: Sheet, said: Understood) -> set[str]:
    """Fields an utterance tells; the mere 用水 of 接着填用水的 is none."""
    found = taking.read(talk, sheet, said)
    return {*found.answers, *found.faults, *found.moments} - {UTILITIES}


def with_corrections(talk: Talk, draft: Draft, said: Understood | None) -> Talk:
    """The talk on a form that was returned: what it was returned for is asked next, and told where
    something was said at once, without what that has settled.
    """
    sheet = talk.state.sheet
    if sheet is None or not draft.to_correct:
        return talk
    form = form_for(talk, sheet)
    sheet = replace(sheet, todo=correcting.to_ask(draft.to_correct, form))
    talk = talk.with_sheet(sheet)
    told = tells(talk, sheet, said) if said is not None else set()
    left = [each for each in draft.to_correct if each.get("field") not in told]
    left = [each for each in left if not each.get("touched")]
    words = correcting.words(left, form) if told else ""
    return talk.say(words) if words else talk
