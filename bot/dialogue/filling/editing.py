"""Changing what is filled in: 改电话, 修改联系人, 上一步, or picked from the list of fields."""

import re
from collections.abc import Iterable
from dataclasses import replace

from bot.dialogue import menus
from bot.dialogue.filling import asking
from bot.dialogue.filling.drafts import Draft, form_for, seen
from bot.dialogue.filling.names import named_fields, words_of
from bot.dialogue.filling.sheets import TOPIC, look
from bot.dialogue.heard import Heard
from bot.dialogue.state import Question, Sheet
from bot.dialogue.talk import Step, Talk
from config.texts.chat import chat
from rules.forms import Form, FormField

WHICH = "which"
FIELD = "f:"
_CHANGE = re.compile(
    r"(?:请|帮我|麻烦|我想|我要|想|要|把|再)*(?:修改|更改|更正|改正|改动|改|换|重填|重新填)(?:一下|下|个|掉)?(?P<what>.{1,14})"
)
_WRONG = re.compile(r"(?P<what>.{2,12}?)(?:填|写|输|选|弄|打|搞)(?:错|反|多|少|漏)(?:了|啦|咯)?")


def asked_for(text: str) -> str | None:
    """What a short text asks to change: 改电话 → 电话, 地址填错了 → 地址; else None."""
    word = menus.bare(text)
    found = _CHANGE.fullmatch(word) or _WRONG.fullmatch(word)
    return found["what"] if found else None


def field_meant(form: Form, text: str) -> list[FormField]:
    """The fields a text asks to change by their very words, and by nothing else: 改联系电话."""
    what = asked_for(text)
    return [f for f in form.fields if what in map(menus.bare, words_of(f))] if what else []


def which(talk: Talk, sheet: Sheet, before: str = "", page: int = 0) -> Talk:
    """Ask what to change; the fields can be picked, section by section, or named."""
    form = form_for(talk, sheet)
    offered = [(FIELD + field.key, field.label) for field in _listed(form)]
    lines = menus.page(offered, page, chat("choices.more"), 1)
    back = ((asking.KEEP, chat("choices.nothing")),)
    text = chat("edit.which")
    return talk.ask(TOPIC, WHICH, text, (*lines, *back), before=before, page=page)


def _listed(form: Form) -> Iterable[FormField]:
    """Fields worth a line: those asked for first."""
    return sorted(form.fields, key=lambda field: not (field.required or field.ask))


def answer_which(talk: Talk, question: Question, heard: Heard) -> Step | None:
    """The field picked or named is asked for, with what it holds now."""
    sheet, picked = talk.sheet, menus.picked(question, heard)
    if sheet is None:
        return None
    if picked == menus.MORE:
        return which(talk, sheet, page=question.data["page"] + 1).end()
    if picked == asking.KEEP:
        return look(talk, sheet, "next")
    if picked and picked.startswith(FIELD):
        return look(talk, sheet, "edit", what="", keys=[picked.removeprefix(FIELD)])
    if heard.text and len(heard.text) <= 14:
        named = named_fields(form_for(talk, sheet).fields, heard.text)
        if named:
            return look(talk, sheet, "edit", what=heard.text, keys=[f.key for f in named])
    return None


def ask_change(talk: Talk, sheet: Sheet, draft: Draft, keys: list[str], what: str) -> Step:
    """Ask for the first of the fields that applies here, with what it holds now."""
    talk = seen(talk, draft).to(held=None, asked=None, misses=0)
    form = form_for(talk, sheet)
    holding = {field.key: field for field in draft.holding(form)}
    fields = [holding[key] for key in keys if key in holding]
    filled = [field for field in fields if draft.values.get(field.key) is not None]
    if len(filled or fields) > 1 and len({f.key.partition(".")[2] for f in fields}) == 1:
        offered = tuple((FIELD + f.key, f.label) for f in (filled or fields)[: menus.MOST])
        return talk.ask(TOPIC, WHICH, chat("edit.which_of"), offered, page=0).end()
    for field in filled or fields:
        now_is = draft.values.get(field.key)
        return asking.ask(talk, field, now_is=now_is, edit=True).end()
    named = next((form.by_key[key].label for key in keys if key in form.by_key), what)
    before = chat("edit.not_here", label=named) if named else ""
    return which(talk, sheet, before=before).end()


def back(talk: Talk, sheet: Sheet, draft: Draft) -> Step:
    """Ask for the field answered last; at the beginning, say so."""
    talk = seen(talk, draft)
    sheet = talk.state.sheet or sheet
    form = form_for(talk, sheet)
    pending = talk.state.asked
    here = pending.data.get("key") if pending and pending.topic == TOPIC else None
    trail = list(sheet.trail)
    while trail:
        key = trail.pop()
        field = form.by_key.get(key)
        if field is None or key == here or not field.condition.holds(draft.values):
            continue
        left = tuple(k for k in sheet.skipped if k != key)
        talk = talk.with_sheet(replace(sheet, trail=tuple(trail), skipped=left))
        now_is = draft.values.get(key)
        talk = talk.to(held=None, asked=None)
        return asking.ask(talk, field, now_is=now_is, edit=now_is is not None).end()
    return talk.again(chat("edit.at_start")).end()
