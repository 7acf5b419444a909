"""The whole form in words, with what is wrong with it; submitted only when told so."""

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from bot.dialogue import links, menus
from bot.dialogue.commands import Command, command_of
from bot.dialogue.filling import editing
from bot.dialogue.filling.asking import shown
from bot.dialogue.filling.drafts import Draft, form_for
from bot.dialogue.filling.sheets import TOPIC, hand_in, look
from bot.dialogue.heard import Heard
from bot.dialogue.ready import is_ready
from bot.dialogue.state import Question, Sheet
from bot.dialogue.talk import Step, Talk
from bot.dialogue.yes_no import words
from bot.understanding.types import Intent
from config.texts import fault as fault_words
from config.texts.chat import chat
from rules.errors import Fault
from rules.forms import Form

NAME = "overview"
SUBMIT, FIX, EDIT, LATER = "submit", "fix", "edit", "later"
_YES = re.compile(r"提交|交上去|交吧|就交")
_NOT = re.compile(r"别|不要?提交|先不|不提交|不交|等等|等一下|慢着|暂不|不急|没|取消")


def lines(form: Form, draft: Draft) -> list[str]:
    """What is filled in, section by section, a line a field."""
    told: list[str] = []
    for section in form.sections:
        filled = [
            chat("form.line", label=field.label, value=shown(field, draft.values[field.key]))
            for field in section.fields
            if field.condition.holds(draft.values) and draft.values.get(field.key) is not None
        ]
        if filled:
            told += [chat("overview.section", label=section.label), *filled]
    return told


def show(talk: Talk, sheet: Sheet, draft: Draft, before: str = "") -> Talk:
    """Say the form, name every fault, and ask what to do."""
    form = form_for(talk, sheet)
    if before:
        talk = talk.say(before)
    head = chat(
        "overview.head_faulty" if draft.faults else "overview.head",
        title=form.title,
        city=talk.city(sheet.city).name,
    )
    talk = talk.say("\n".join((head, *lines(form, draft))), links.draft(talk.facts, sheet.case))
    keys = [fault.field for fault in draft.faults]
    data: dict[str, Any] = {"version": draft.version, "faults": keys}
    if keys:
        text = chat("overview.faulty", count=len(keys), faults=faults_told(draft.faults))
        offered = ((FIX, chat("choices.fix")), *_others())
        return talk.ask(TOPIC, NAME, text, offered, **data)
    register = "register" if sheet.form == "A" else "submit"
    text = chat(f"overview.ready_{register}")
    offered = ((SUBMIT, chat(f"choices.{register}")), *_others())
    return talk.ask(TOPIC, NAME, text, offered, **data)


def faults_told(faults: Iterable[Fault]) -> str:
    """Every fault, a line each."""
    return "\n".join(
        chat("overview.fault", reason=fault_words(f.code, f.label, f.data)) for f in faults
    )


def _others() -> tuple[tuple[str, str], ...]:
    return ((EDIT, chat("choices.edit")), (LATER, chat("choices.later")))


def answer(talk: Talk, question: Question, heard: Heard) -> Step | None:
    """Submit, but only on plain words; change something; or leave it for later."""
    sheet, said = talk.sheet, heard.understood
    if sheet is None:
        return None
    picked = menus.picked(question, heard) or _typed(heard)
    faulty = bool(question.data["faults"])
    if picked == LATER:
        return pause(talk, sheet)
    if picked == EDIT:
        return editing.which(talk, sheet).end()
    if picked == FIX or (picked == SUBMIT and faulty):
        return look(talk, sheet, "faulty", keys=question.data["faults"])
    if picked == SUBMIT:
        return hand_in(talk, sheet, question.data["version"])
    if is_ready(heard.text) and not faulty:
        return talk.again(chat("overview.say_submit")).end()
    if said is None or said.intent not in (Intent.AFFIRM, Intent.DENY) or said.slots.shown():
        return None
    if said.intent is Intent.DENY:
        return editing.which(talk, sheet).end()
    if faulty:
        return look(talk, sheet, "faulty", keys=question.data["faults"])
    return talk.again(chat("overview.say_submit")).end()


def _typed(heard: Heard) -> str | None:
    """What plain words mean here."""
    text = heard.text
    if not text:
        return None
    command = command_of(text)
    if command is Command.SUBMIT:
        return SUBMIT
    if command is Command.PAUSE:
        return LATER
    if command is Command.EDIT:
        return EDIT
    if len(text) > 16 or "?" in text or "吗" in text:
        return None
    if _YES.search(text):
        return LATER if _NOT.search(text) else SUBMIT
    return SUBMIT if menus.bare(text) in words("sure") else None


def pause(talk: Talk, sheet: Sheet) -> Step:
    """Leave the form as it is; it is kept."""
    talk = talk.with_sheet(replace(sheet, paused=True)).settled()
    kept = chat("form.paused_a") if sheet.case is None else chat("form.paused")
    return talk.say(kept, links.draft(talk.facts, sheet.case)).end()
