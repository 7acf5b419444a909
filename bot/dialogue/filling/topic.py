"""The questionnaire as a topic: its questions, and what goes on after its acts."""

from dataclasses import replace
from typing import Any

from bot.dialogue import correcting, links
from bot.dialogue.filling import (
    answering,
    asking,
    asking_back,
    conflicts,
    devices,
    editing,
    flow,
    overview,
    restarting,
    reviewing,
    submitting,
    taking,
    whose,
)
from bot.dialogue.filling.drafts import Draft, form_for, seen
from bot.dialogue.filling.sheets import CHECKED, LOOKED, SAVED, SUBMITTED, TOPIC
from bot.dialogue.heard import Done, Refused
from bot.dialogue.refusals import refused
from bot.dialogue.state import After, Question
from bot.dialogue.talk import Step, Talk
from bot.dialogue.topics.base import Topic
from bot.understanding.types import Pending
from config.texts import words
from config.texts.chat import chat
from rules.forms import FormField


def saved(talk: Talk, after: After, event: Done | Refused) -> Step:
    """Tell what was noted and go on."""
    sheet = talk.state.sheet
    if sheet is None or isinstance(event, Refused):
        return refused(talk, event) if isinstance(event, Refused) else talk.end()
    draft, data = Draft.of(event.told), after.data
    form = form_for(talk, sheet)
    answers = {k: v for k, v in data.get("noted", {}).items() if k not in draft.conflicts}
    before = "\n".join(filter(None, [data.get("before"), flow.noted(form, answers)]))
    sheet = correcting.without(sheet, answers)
    talk = talk.with_sheet(sheet)
    if passed := data.get("passed"):
        sheet = sheet.passing(passed)
        talk = talk.with_sheet(sheet)
    if row_key := data.get("row_key"):
        field = form.by_key[row_key]
        talk = seen(talk.with_sheet(sheet.answered(row_key)), draft).to(misses=0)
        told = asking.shown(field, draft.values.get(row_key))
        line = before or chat("form.noted", items=chat("form.item", label=field.label, value=told))
        if data.get("finished"):
            return devices.another(talk, field, draft.values.get(row_key), line).end()
        step = devices.go_on(talk, field, draft, data["row"], line)
        if step is not None:
            return step
    here = {**data.get("faults", {}), **_saved_wrong(form, answers, draft)}
    rest = {name: data[name] for name in ("moments", "over", "amounts", "loose") if name in data}
    return flow.proceed(talk, sheet, draft, before=before, faults=here, **rest)


def _saved_wrong(form: Any, answers: Any, draft: Draft) -> dict[str, Any]:
    """Faults found when it was saved, of what was saved."""
    return {fault.field: fault for fault in draft.faults if fault.field in answers}


def looked(talk: Talk, after: After, event: Done | Refused) -> Step:
    """The form was read: go on as was intended."""
    sheet = talk.state.sheet
    if isinstance(event, Refused):
        return refused(talk, event)
    draft, data = Draft.of(event.told), after.data
    if sheet is None or not draft.editable:
        return let_go(talk, draft)
    before = data.get("before", "")
    match data["then"]:
        case "take":
            said, pending, answer = data["said"], data["pending"], data["answer"]
            more = {name: data[name] for name in ("over", "free", "edit") if name in data}
            return taking.take(talk, sheet, draft, said, pending=pending, answer=answer, **more)
        case "edit" if not data["keys"] and not data["what"] and draft.to_correct:
            return resume(talk, draft)
        case "edit":
            return editing.ask_change(talk, sheet, draft, data["keys"], data["what"])
        case "back":
            return editing.back(talk, sheet, draft)
        case "preview":
            return preview(talk, draft)
        case "faults":
            return flow.proceed(talk, sheet, draft, before=before, faults=data["faults"])
        case "faulty":
            return _first_of(talk, draft, data["keys"], before)
        case "clear":
            return restarting.clear(talk, sheet, draft)
        case "resume":
            return resume(talk, draft)
    return flow.proceed(talk, sheet, draft, before=before)


def let_go(talk: Talk, draft: Draft) -> Step:
    """The form was sent off or given up elsewhere meanwhile: it is no longer filled in here."""
    stage = words.state("application", draft.stage)
    talk = talk.with_sheet(None).settled()
    return talk.say(chat("form.gone", stage=stage), links.case(talk.facts, draft.case)).end()


def _first_of(talk: Talk, draft: Draft, keys: list[str], before: str) -> Step:
    """Ask for the first field at fault, with what it holds."""
    talk = seen(talk, draft).to(held=None, asked=None, misses=0)
    sheet = talk.state.sheet
    assert sheet is not None  # noqa: S101 - only asked of a form
    form = form_for(talk, sheet)
    if key := next((k for k in draft.conflicts if k in form.by_key), None):
        return conflicts.ask(talk, form.by_key[key], draft, before=before).end()
    half = devices.half_told(form, draft)
    for key in keys:
        field = form.by_key.get(key) or form.by_key.get(".".join(key.split(".")[:2]))
        if field is None:
            continue
        if half is not None and half[0].key == field.key:
            return devices.ask_gap(talk, field, half[1], draft, before=before).end()
        now_is = draft.values.get(field.key)
        edit = now_is is not None
        return asking.ask(talk, field, before=before, now_is=now_is, edit=edit).end()
    return flow.proceed(talk, sheet, draft, before=before)


def preview(talk: Talk, draft: Draft) -> Step:
    """What is filled in so far, and how much is still to come."""
    talk = seen(talk, draft)
    sheet = talk.state.sheet
    assert sheet is not None  # noqa: S101 - only asked of a form
    form = form_for(talk, sheet)
    lines = overview.lines(form, draft)
    missing = draft.missing(form)
    head = chat("overview.so_far", title=form.title) if lines else chat("overview.nothing")
    left = chat("overview.left", labels="、".join(f.label for f in missing)) if missing else ""
    text = "\n".join(filter(None, [head, *lines, left]))
    return talk.say(text, links.draft(talk.facts, sheet.case)).again().end()


def resume(talk: Talk, draft: Draft) -> Step:
    """Where the form stood, then the next question."""
    talk = seen(talk, draft)
    sheet = talk.state.sheet
    assert sheet is not None  # noqa: S101 - only asked of a form
    form = form_for(talk, sheet)
    filled, missing = len(draft.filled(form)), len(draft.missing(form))
    code = "resume.returned" if sheet.returned else "resume.draft"
    before = chat(code, title=form.title, city=talk.city(sheet.city).name, filled=filled)
    if missing:
        before += chat("resume.missing", count=missing)
    before += chat("resume.end")
    if draft.to_correct:
        sheet = replace(sheet, todo=correcting.to_ask(draft.to_correct, form))
        before = f"{before}\n{correcting.words(draft.to_correct, form)}"
        talk = talk.with_sheet(sheet)
    here = links.draft(talk.facts, sheet.case)
    return flow.proceed(talk, sheet, draft, before=before, links=here)


def checked(talk: Talk, after: After, event: Done | Refused) -> Step:
    """Every fault is known: the whole form is shown."""
    sheet = talk.state.sheet
    if isinstance(event, Refused):
        return refused(talk, event)
    if sheet is None or not Draft.of(event.told).editable:
        return let_go(talk, Draft.of(event.told))
    return flow.checked(talk, sheet, Draft.of(event.told), after.data.get("before", ""))


def expects(talk: Talk, question: Question) -> Pending | None:
    """What kind of answer a question waits for."""
    field = _field(talk, question)
    if field is None or question.name in (answering.CONFIRM, taking.OVERWRITE):
        return Pending("confirm", tuple(choice.label for choice in question.choices))
    if question.name == devices.CELL:
        field = next((c for c in field.columns if c.key == question.data["column"]), field)
    options = tuple(word for o in field.options for word in (o.label, *o.aliases))
    return Pending(field.type.value, (field.label, *options))


def _field(talk: Talk, question: Question) -> FormField | None:
    sheet, key = talk.state.sheet, question.data.get("key")
    return form_for(talk, sheet).by_key.get(key) if sheet is not None and key else None


FORM = Topic(
    name=TOPIC,
    answers={
        "field": answering.answer,
        answering.CONFIRM: asking_back.answer_confirm,
        answering.MOMENT: asking_back.answer_moment,
        taking.OVERWRITE: asking_back.answer_overwrite,
        conflicts.NAME: conflicts.answer,
        devices.CELL: devices.answer_cell,
        devices.DETAILS: devices.answer_details,
        devices.ANOTHER: devices.answer_another,
        editing.WHICH: reviewing.answer_which,
        overview.NAME: reviewing.answer,
        restarting.NAME: restarting.answer,
        whose.NAME: whose.answer,
    },
    told={SAVED: saved, LOOKED: looked, CHECKED: checked, SUBMITTED: submitting.told},
    expects=expects,
)
