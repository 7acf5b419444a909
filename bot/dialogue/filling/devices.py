"""Rows of devices: what one row still lacks is asked for, then whether there is another."""

import re
from typing import Any

from bot.dialogue import menus
from bot.dialogue.filling import field_questions, rows
from bot.dialogue.filling.asking import SKIP, shown
from bot.dialogue.filling.drafts import Draft, form_for
from bot.dialogue.filling.fits import aside, beside_number
from bot.dialogue.filling.names import NUMERIC, unit_words
from bot.dialogue.filling.parted import DEVICE
from bot.dialogue.filling.shapes import ASKING, is_none
from bot.dialogue.filling.sheets import TOPIC, look, save
from bot.dialogue.heard import Heard
from bot.dialogue.hearing import heard as is_heard
from bot.dialogue.ready import is_ready
from bot.dialogue.state import Question
from bot.dialogue.talk import Step, Talk
from bot.dialogue.yes_no import words
from bot.understanding.types import Intent, Understood
from config.cities import FieldType
from config.texts.chat import chat
from rules.forms import Form, FormField, parse_answer

_NEXT = re.compile("还有|另外|再加|再来|再有")
CELL, DETAILS, ANOTHER = "cell", "details", "another"
MORE, ENOUGH = "one_more", "enough"


def half_told(form: Form, draft: Draft) -> tuple[FormField, rows.Gap] | None:
    """The first device that lacks what it must have."""
    for field in draft.holding(form):
        if field.type is FieldType.ROWS:
            gap = rows.gap(field, draft.values.get(field.key))
            if gap is not None:
                return field, gap
    return None


def ask_gap(talk: Talk, field: FormField, gap: rows.Gap, draft: Draft, before: str = "") -> Talk:
    """Ask for one cell of one row."""
    row = draft.values[field.key][gap.row]
    told = chat("device.about", at=gap.row + 1, told=shown(field, [row]))
    return talk.ask(
        TOPIC,
        CELL,
        chat("device.cell", told=told, label=gap.column.label, ask=gap.column.question),
        ((SKIP, chat("device.drop")),),
        numbered=False,
        before=before,
        key=field.key,
        row=gap.row,
        column=gap.column.key,
        rows=draft.values[field.key],
    )


def go_on(talk: Talk, field: FormField, draft: Draft, at: int, before: str) -> Step | None:
    """After row ``at`` was told: its details, then another one. None when it lacks what it must
    have, or is gone.
    """
    told = draft.values.get(field.key)
    if not isinstance(told, list) or at >= len(told) or rows.gap(field, told):
        return None
    data: dict[str, Any] = {"key": field.key, "row": at, "rows": told}
    if open_ := rows.open_cells(field, told[at]):
        labels = "、".join(map(rows.title, open_))
        text = chat("device.details", told=shown(field, [told[at]]), labels=labels)
        skip = ((SKIP, chat("choices.skip")),)
        return talk.ask(TOPIC, DETAILS, text, skip, numbered=False, before=before, **data).end()
    return another(talk, field, told, before).end()


def another(talk: Talk, field: FormField, told: Any, before: str = "") -> Talk:
    """Is there one more?"""
    offered = ((ENOUGH, chat("device.enough")), (MORE, chat("device.more")))
    text = chat("device.another", label=field.label)
    return talk.ask(TOPIC, ANOTHER, text, offered, before=before, key=field.key, rows=told)


def answer_cell(talk: Talk, question: Question, heard: Heard) -> Step | None:
    """One cell; passing it over drops the row."""
    sheet = talk.sheet
    if sheet is None:
        return None
    field, at = _field(talk, question), int(question.data["row"])
    told = [dict(row) for row in question.data["rows"]]
    said = heard.understood
    if menus.picked(question, heard) == SKIP:
        return _dropped(talk, field, told, at)
    if said is None or _elsewhere(said):
        return None
    column = next(c for c in field.columns if c.key == question.data["column"])
    found = rows.as_typed(rows.cells(field, said.text), said)
    if _NEXT.match(said.text) and len(found) > 1:
        return _saved(talk, field, [*told, found], len(told))
    fresh = {key: value for key, value in found.items() if told[at].get(key) is None}
    if (column.key in fresh and len(fresh) > 1) or (fresh and not rows.named(field, fresh)):
        told[at] = {**fresh, **told[at]}
        return _saved(talk, field, told, at)
    parsed = parse_answer(column, said.text, now=talk.facts.now)
    if parsed.skipped:
        return _dropped(talk, field, told, at)
    if parsed.value is None or not _fits_cell(column, said.text):
        return None
    told[at] |= rows.as_typed({column.key: parsed.value}, said)
    return _saved(talk, field, told, at)


def _dropped(talk: Talk, field: FormField, told: list[dict[str, Any]], at: int) -> Step | None:
    """A row that is not told whole is let go, and that is said."""
    sheet = talk.sheet
    if sheet is None:
        return None
    gone = chat("device.dropped", told=shown(field, [told.pop(at)]))
    return save(talk, sheet, {field.key: told or None}, passed=field.key, before=gone)


def _elsewhere(said: Understood) -> bool:
    """Whether something else than a device is spoken of."""
    slots = said.slots
    other = slots.phone or slots.credit_code or slots.company or slots.address or slots.person
    changes = is_heard(said) and said.intent is Intent.MODIFY_APPLICATION
    return aside(said) or changes or bool(other) or ASKING.search(said.text) is not None


def _fits_cell(column: FormField, text: str) -> bool:
    if column.type in NUMERIC:
        return not beside_number(text, (*unit_words(column.unit), column.label, column.caption))
    text = text.strip()
    if DEVICE.search(text):
        return len(text) <= 20
    return len(text) <= 4 and re.search("[,。;!了吗呢啊哈呀吧哦嗯好行]", text) is None


def answer_details(talk: Talk, question: Question, heard: Heard) -> Step | None:
    """Whatever of the row's cells is told."""
    field, at = _field(talk, question), int(question.data["row"])
    said, told = heard.understood, [dict(row) for row in question.data["rows"]]
    if menus.picked(question, heard) == SKIP:
        return another(talk, field, told).end()
    if said is not None and (is_none(said.text) or _is_all(said.text)):
        return another(talk, field, told).end()
    if (step := _asked(talk, field, heard.text)) is not None:
        return step
    if said is None or _elsewhere(said):
        return None
    open_ = {column.key for column in rows.open_cells(field, told[at])}
    found = {
        k: v for k, v in rows.as_typed(rows.cells(field, said.text), said).items() if k in open_
    }
    if not found:
        parsed = parse_answer(field, said.text, now=talk.facts.now)
        return another(talk, field, told).end() if parsed.skipped else None
    told[at] |= found
    return _saved(talk, field, told, at, finished=True)


def answer_another(talk: Talk, question: Question, heard: Heard) -> Step | None:
    """Another device: asked for, or told at once. Enough: on with the form."""
    sheet, picked, said = talk.sheet, menus.picked(question, heard), heard.understood
    if sheet is None:
        return None
    field, told = _field(talk, question), list(question.data["rows"])
    if picked == ENOUGH or _is_all(heard.text):
        return look(talk, sheet, "next")
    if (step := _asked(talk, field, heard.text)) is not None:
        return step
    if picked == MORE or menus.bare(heard.text) in words("more"):
        text = chat("device.next", label=field.columns[0].label)
        return talk.ask(TOPIC, ANOTHER, text, (), key=field.key, rows=told).end()
    if said is None or _elsewhere(said):
        return None
    made = [rows.as_typed(row, said) for row in rows.read(field, said.text, talk.facts.now)]
    if not made or (len(made[0]) == 1 and len(said.text) > 8):
        return None
    return _saved(talk, field, [*told, *made], len(told))


def _is_all(text: str) -> bool:
    """Whether no more is told: 没有了, 好了."""
    return menus.bare(text) in words("enough") or is_ready(text)


def _asked(talk: Talk, field: FormField, text: str) -> Step | None:
    """A question about the devices themselves: 这个必须填吗."""
    sheet = talk.sheet
    return field_questions.asked(talk, form_for(talk, sheet), field, text) if sheet else None


def _saved(
    talk: Talk, field: FormField, told: list[Any], at: int, *, finished: bool = False
) -> Step | None:
    sheet = talk.sheet
    value, faults = rows.judged(field, told, talk.facts.now)
    if sheet is None:
        return None
    if faults:
        return look(talk, sheet, "faults", faults={field.key: faults[0]})
    return save(talk, sheet, {field.key: value}, row=at, row_key=field.key, finished=finished)


def _field(talk: Talk, question: Question) -> FormField:
    sheet = talk.state.sheet
    assert sheet is not None  # noqa: S101 - questions about devices are asked of a form
    return form_for(talk, sheet).by_key[question.data["key"]]
