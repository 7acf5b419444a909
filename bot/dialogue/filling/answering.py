"""The question of a field, and what is heard while it waits."""

from typing import Any

from bot.dialogue import beyond, menus
from bot.dialogue.filling import (
    asking,
    bare,
    clearing,
    editing,
    elsewhere,
    field_questions,
    spoken,
    suggested_words,
    taking,
    times,
    unclear_answers,
)
from bot.dialogue.filling.denials import is_removal
from bot.dialogue.filling.drafts import form_for
from bot.dialogue.filling.fits import Fit, Reading, judge
from bot.dialogue.filling.flow import explained
from bot.dialogue.filling.names import named_fields, role_of
from bot.dialogue.filling.shapes import is_nothing, role_by_shape
from bot.dialogue.filling.sheets import check, look, save
from bot.dialogue.filling.stated import UTILITIES, Stated
from bot.dialogue.filling.unclear_answers import ask_back, unclear
from bot.dialogue.heard import Heard, Kind
from bot.dialogue.hearing import heard as is_heard
from bot.dialogue.ready import is_ready
from bot.dialogue.state import Question, Sheet
from bot.dialogue.talk import Step, Talk
from bot.understanding.types import Understood
from config.cities import FieldType
from config.texts.chat import chat
from rules.errors import Fault
from rules.forms import SKIPPED, FormField

CONFIRM, MOMENT = unclear_answers.CONFIRM, times.MOMENT


def answer(talk: Talk, question: Question, heard: Heard) -> Step | None:
    """The answer to a field's question; None when what was heard is none."""
    sheet = talk.sheet
    if sheet is None:
        return None
    field = form_for(talk, sheet).by_key.get(question.data["key"])
    if field is None:
        return look(talk, sheet, "next")
    picked = menus.picked(question, heard)
    if picked is not None and not (_of_list(field, picked) and heard.kind is Kind.TEXT):
        return _tapped(talk, sheet, field, question, picked)
    if heard.kind is Kind.CHOICE or heard.understood is None:
        return None
    if (told := _no_answer(talk, sheet, field, question, heard)) is not None:
        return told
    if (same := suggested_words.the_same(question, heard.text)) is not None:
        return keep(talk, sheet, field, same)
    if codes := suggested_words.numbered(field, question, heard):
        return keep(talk, sheet, field, codes)
    return said(talk, sheet, field, heard.understood, edit=bool(question.data.get("edit")))


def _no_answer(
    talk: Talk, sheet: Sheet, field: FormField, question: Question, heard: Heard
) -> Step | None:
    """What is a question about a field, says that one is ready, or picks nothing more."""
    text = heard.text
    if (told := field_questions.asked(talk, form_for(talk, sheet), field, text)) is not None:
        return told
    ready = is_ready(text) and field.type is not FieldType.BOOL
    if (chosen := question.data.get("chosen")) and (ready or is_nothing(text)):
        return keep(talk, sheet, field, list(chosen))
    if chosen and (told := beyond.told(talk, question, heard)) is not None:
        return told
    if ready:
        return look(talk, sheet, "resume")
    picks = field.options or field.type is FieldType.DATETIME
    if field.required and picks and is_nothing(text) and not question.data.get("edit"):
        return talk.again(chat("field.needed", label=field.label)).end()
    return None


def _of_list(field: FormField, key: str) -> bool:
    return field.type in asking.SEVERAL and key.startswith(asking.OPTION)


def _tapped(talk: Talk, sheet: Sheet, field: FormField, question: Question, key: str) -> Step:
    """A choice of the question."""
    chosen = tuple(question.data.get("chosen", ()))
    edit = bool(question.data.get("edit"))
    if key == menus.MORE:
        page = int(question.data.get("page", 0)) + 1
        return asking.ask(talk, field, page=page, chosen=chosen, edit=edit).end()
    if key == asking.SKIP:
        return skip(talk, sheet, field)
    if key == asking.KEEP:
        return look(talk.with_sheet(sheet.answered(field.key)), sheet, "next")
    if key == asking.CLEAR:
        return save(talk, sheet.passing(field.key), {field.key: None}, noted={field.key: None})
    if key == asking.DONE:
        return keep(talk, sheet, field, list(chosen))
    if key in (asking.YES, asking.NO):
        return keep(talk, sheet, field, key == asking.YES)
    if key.startswith(asking.SUGGESTED):
        at = int(key.removeprefix(asking.SUGGESTED))
        return keep(talk, sheet, field, question.data["suggested"][at])
    value: Any = key.partition(":")[2]
    if key.startswith(asking.AT):
        return keep(talk, sheet, field, value)
    if field.type not in asking.SEVERAL:
        return keep(talk, sheet, field, value)
    codes = [o.code for o in field.options if o.code in (*chosen, value)]
    if len(codes) == len(field.options):
        return keep(talk, sheet, field, codes)
    return asking.ask(talk, field, chosen=tuple(codes), edit=edit).end()


def keep(talk: Talk, sheet: Sheet, field: FormField, value: Any) -> Step:
    """Save one answer; what must be agreed to is explained where it is not."""
    if field.must_be_true and value is not True:
        told = explained(Fault(field.key, "must_agree", field.label))
        return asking.ask(talk, field, before=chat("form.must_agree", reason=told)).end()
    sheet = sheet.answered(field.key)
    more = _follows(talk, sheet, field, value)
    row = {"row": 0, "row_key": field.key} if isinstance(value, list) and field.columns else {}
    answers = {field.key: value, **more}
    return save(talk.with_sheet(sheet), sheet, answers, noted=answers, **row)


def _follows(talk: Talk, sheet: Sheet, field: FormField, value: Any) -> dict[str, Any]:
    """A 业务类型 named earlier goes to the utilities just chosen."""
    if field.key != UTILITIES or sheet.kind is None or not isinstance(value, list):
        return {}
    by_key = form_for(talk, sheet).by_key
    asked = [by_key[key] for code in value if (key := f"{code}.kind") in by_key]
    return {each.key: sheet.kind for each in asked if each.option(sheet.kind)}


def skip(talk: Talk, sheet: Sheet, field: FormField) -> Step:
    """Pass a question over. What is required comes again at the end, once."""
    again = field.key in sheet.skipped
    passed = sheet.passing(field.key)
    talk = talk.with_sheet(passed)
    if again and field.required:
        return check(talk, passed)
    code = "form.skipped_required" if field.required else "form.skipped"
    return look(talk, passed, "next", before=chat(code, label=field.label))


def said(
    talk: Talk, sheet: Sheet, field: FormField, words: Understood, *, edit: bool = False
) -> Step | None:
    """What was typed while the field waits: its answer, others' answers, or neither (None)."""
    words = elsewhere.value_alone(talk, sheet, bare.plain(spoken.written(words)))
    if elsewhere.begins_another(talk, sheet, field, words):
        return None
    if meant := editing.field_meant(form_for(talk, sheet), words.text):
        return look(talk, sheet, "edit", what="", keys=[each.key for each in meant])
    now, calendar = talk.facts.now, talk.calendar(sheet.city)
    reading = judge(field, words, now=now, calendar=calendar)
    if reading.value is SKIPPED:
        return pass_over(talk, sheet, field, edit=edit)
    others = taking.read(talk, sheet, words, field.key)
    if others.ticking or clearing.cleared(form_for(talk, sheet), words.text):
        return look(talk, sheet, "take", said=words, pending=None, answer=None)
    if field.key in others.denied:
        return pass_over(talk, sheet, field, edit=edit)
    another = field.key.endswith(".kind") and others.kinds and field.utility not in others.kinds
    if another:
        return look(talk, sheet, "take", said=words, pending=field.key, answer=None)
    if others.corrected - {field.key} or (others.removed and is_removal(words.text)):
        return look(talk, sheet, "take", said=words, pending=None, answer=None)
    if words.intent in taking.CHANGES and is_heard(words) and not others.only_named:
        return look(talk, sheet, "take", said=words, pending=None, answer=None)
    if reading.fit is Fit.CLEAR and not reading.faults and reading.value is not None:
        return _clear(talk, sheet, field, words, reading.value, others, edit=edit)
    if elsewhere.tells_others(field, others, words):
        return look(talk, sheet, "take", said=words, pending=field.key, answer=None, edit=edit)
    if reading.fit is Fit.CLEAR:
        return unclear(talk, sheet, field, reading)
    return _doubtful(talk, sheet, field, words, reading, edit=edit)


def _clear(
    talk: Talk,
    sheet: Sheet,
    field: FormField,
    words: Understood,
    value: Any,
    others: Stated,
    *,
    edit: bool,
) -> Step:
    """The answer, by itself or with more that was said."""
    if field.key == UTILITIES and others.removed:
        return look(talk, sheet, "take", said=words, pending=None, answer=None)
    alone = others.only(field.key) or (field.key == UTILITIES and _no_more(others))
    if alone or (field.must_be_true and value is not True):
        return keep(talk, sheet, field, value)
    return look(talk, sheet, "take", said=words, pending=field.key, answer=value, edit=edit)


def _doubtful(
    talk: Talk, sheet: Sheet, field: FormField, words: Understood, reading: Reading, *, edit: bool
) -> Step | None:
    """No clear answer: another field's by its shape, a wish to change one, or asked back."""
    role = None if elsewhere.plain(words) else role_by_shape(words.text)
    if role not in (None, role_of(field.key)) and reading.fit is not Fit.DOUBT:
        other = elsewhere.of_role(talk, sheet, role)
        if other is not None:
            told = Reading(Fit.DOUBT, words.text.strip())
            return ask_back(talk, other, words.text, told)
    if (what := editing.asked_for(words.text)) and (step := change(talk, sheet, what)):
        return step
    if reading.fit is Fit.DOUBT:
        return ask_back(talk, field, words.text, reading)
    if bare.is_unasking(words):
        refused = chat("form.not_it", value=menus.short(words.typed), label=field.label)
        return asking.ask(talk, field, before=refused, edit=edit).end()
    return None


def _no_more(others: Stated) -> bool:
    told = others.answers or others.faults or others.moments or others.kind
    return not (told or others.kinds or others.open)


def pass_over(talk: Talk, sheet: Sheet, field: FormField, *, edit: bool) -> Step:
    if edit:
        kept = chat("form.kept")
        return look(talk.with_sheet(sheet.answered(field.key)), sheet, "next", before=kept)
    return skip(talk, sheet, field)


def change(talk: Talk, sheet: Sheet, what: str) -> Step | None:
    """改…: the field named is asked for."""
    named = named_fields(form_for(talk, sheet).fields, what)
    if not named:
        return None
    return look(talk, sheet, "edit", what=what, keys=[each.key for each in named])
