"""How the questionnaire goes on: what was saved is told in a line, then the next thing is asked."""

from collections.abc import Mapping
from typing import Any

from bot.dialogue import correcting
from bot.dialogue.filling import asking, conflicts, devices, loosely, overview, overwriting, whose
from bot.dialogue.filling.amounts import Open
from bot.dialogue.filling.drafts import Draft, form_for, seen
from bot.dialogue.filling.loose import Loose
from bot.dialogue.filling.sheets import check
from bot.dialogue.filling.times import Moments, ask_which
from bot.dialogue.replies import PageLink
from bot.dialogue.state import Sheet
from bot.dialogue.talk import Step, Talk
from config.texts import fault as fault_words
from config.texts.chat import chat
from rules.errors import Fault
from rules.forms import Form, FormField, next_question


def proceed(
    talk: Talk,
    sheet: Sheet,
    draft: Draft,
    *,
    before: str = "",
    faults: Mapping[str, Fault] | None = None,
    moments: Mapping[str, Moments] | None = None,
    over: Mapping[str, Any] | None = None,
    amounts: tuple[Open, ...] = (),
    loose: Mapping[str, Loose] | None = None,
    links: tuple[PageLink, ...] = (),
) -> Step:
    """Ask the next thing: what was said wrongly, a time that was not clear, a figure that is no one
    number (``loose``), whose an amount is (``amounts``), whether something is replaced (``over``),
    two people's values, a device told by half, the next open field; with nothing left, look at the
    whole form.
    """
    talk = seen(talk, draft).to(held=None, asked=None, misses=0)
    sheet = talk.state.sheet or sheet
    form = form_for(talk, sheet)
    if faults and (wrong := next(iter(_fields(form, faults)), None)):
        told = "\n".join(filter(None, [before, *map(explained, faults.values())]))
        now_is = draft.values.get(wrong.key)
        edit = now_is is not None
        return asking.ask(talk, wrong, before=told, now_is=now_is, edit=edit, links=links).end()
    if moments and (unclear := next(iter(_fields(form, moments)), None)):
        return ask_which(talk, unclear, moments[unclear.key], before=before).end()
    if loose and (into := _applying(form, loose, draft)):
        return loosely.ask(talk, into, loose[into.key], draft.values, before=before).end()
    if amounts:
        return whose.ask(talk, form, amounts[0], before=before).end()
    if waiting := overwriting.left(form, draft, over or {}):
        return overwriting.ask(talk, form, draft, waiting, before=before).end()
    if key := next((k for k in draft.conflicts if k in form.by_key), None):
        return conflicts.ask(talk, form.by_key[key], draft, before=before).end()
    if half := devices.half_told(form, draft):
        return devices.ask_gap(talk, half[0], half[1], draft, before=before).end()
    if (returned := correcting.following(form, sheet, draft.values)) is not None:
        now_is = draft.values.get(returned.key)
        asked = asking.ask(talk, returned, before=before, now_is=now_is, edit=True, links=links)
        return asked.end()
    following = next_question(form, draft.values, sheet.skipped)
    if following is None:
        return check(talk, sheet, before=before)
    again = following.key in sheet.skipped
    if again:
        before = "\n".join(filter(None, [before, chat("form.required_again")]))
    suggested = asking.suggestions(form, following, draft.values)
    return asking.ask(talk, following, before=before, suggested=suggested, links=links).end()


def checked(talk: Talk, sheet: Sheet, draft: Draft, before: str) -> Step:
    """The whole form is there: show it with what is wrong with it."""
    talk = seen(talk, draft).to(held=None, asked=None, misses=0)
    sheet = talk.state.sheet or sheet
    form = form_for(talk, sheet)
    if key := next((k for k in draft.conflicts if k in form.by_key), None):
        return conflicts.ask(talk, form.by_key[key], draft, before=before).end()
    return overview.show(talk, sheet, draft, before).end()


def noted(form: Form, answers: Mapping[str, Any]) -> str:
    """All that was understood: 已记下：联系人 李甲；联系电话 138…."""
    fields = [f for f in form.fields if f.key in answers]
    parts = [
        chat("form.item", label=f.label, value=asking.shown(f, answers[f.key]))
        for f in fields
        if answers[f.key] is not None
    ]
    gone = [f.label for f in fields if answers[f.key] is None]
    lines = [chat("form.noted", items="；".join(parts))] if parts else []
    if gone:
        lines.append(chat("form.cleared", labels="、".join(gone)))
    return "\n".join(lines)


def explained(fault: Fault) -> str:
    """A fault in the field's own words; before them what was understood, where that helps."""
    reason = fault_words(fault.code, fault.label, fault.data)
    return f"{fault.data.get('lead', '')}{chat('form.refused', reason=reason)}"


def _applying(form: Form, keys: Mapping[str, Any], draft: Draft) -> FormField | None:
    """The first of some fields that is asked for as the form stands."""
    holding = (field for field in _fields(form, keys) if field.condition.holds(draft.values))
    return next(holding, None)


def _fields(form: Form, keys: Mapping[str, Any]) -> list[FormField]:
    """Fields of faults, whose keys may name a cell (``gas.devices.0.name``), in form order."""
    named = {key if key in form.by_key else ".".join(key.split(".")[:2]) for key in keys}
    return [field for field in form.fields if field.key in named]
