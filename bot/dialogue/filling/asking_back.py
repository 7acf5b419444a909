"""Questions about an answer: is it meant so, shall it replace what is there, which time is it?"""

from dataclasses import replace

from bot.dialogue import menus
from bot.dialogue.commands import Command, command_of
from bot.dialogue.filling import asking, bare, fits, spoken, taking, times
from bot.dialogue.filling.answering import keep, said, skip
from bot.dialogue.filling.drafts import form_for
from bot.dialogue.filling.fits import Fit, Reading, aside, judge
from bot.dialogue.filling.sheets import look, save
from bot.dialogue.filling.unclear_answers import unclear
from bot.dialogue.heard import Heard, Kind
from bot.dialogue.state import Question, Sheet
from bot.dialogue.talk import Step, Talk
from bot.dialogue.yes_no import yes_or_no
from bot.understanding.types import Understood
from config.texts.chat import chat
from rules.forms import FormField


def answer_confirm(talk: Talk, question: Question, heard: Heard) -> Step | None:
    """Yes saves what was doubted; no asks for the field again; another answer is taken as one."""
    sheet, told = talk.sheet, yes_or_no(question, heard)
    if sheet is None:
        return None
    field = form_for(talk, sheet).by_key[question.data["key"]]
    if told is True:
        return keep(talk, sheet, field, question.data["value"])
    if told is False:
        missed = talk.to(misses=talk.state.misses + 1)
        return asking.ask(missed, field, before=chat("form.not_taken")).end()
    if heard.understood is None or heard.kind is Kind.CHOICE:
        return None
    return said(talk, sheet, field, heard.understood)


def answer_overwrite(talk: Talk, question: Question, heard: Heard) -> Step | None:
    """Replace what stands there, or keep it; what was new is saved either way. What else is told
    is taken, and the question is asked again until it is answered.
    """
    sheet, told, words = talk.sheet, yes_or_no(question, heard), heard.understood
    if sheet is None:
        return None
    if command_of(heard.text) is Command.SUBMIT:
        return talk.again(chat("form.first_this")).end()
    if words is not None and told is not True and (step := _meanwhile(talk, question, words)):
        return step
    if told is None:
        return None
    answers = dict(question.data["answers"] if told else question.data["added"])
    if words is not None and told and not aside(words):
        answers |= taking.read(talk, sheet, words).answers
    if not answers:
        return look(talk, sheet, "next", before=chat("form.kept"))
    sheet = sheet.answered(*answers)
    return save(talk.with_sheet(sheet), sheet, answers, noted=answers)


def _meanwhile(talk: Talk, question: Question, words: Understood) -> Step | None:
    """Other values told before the question was answered."""
    sheet, said = talk.sheet, bare.plain(spoken.written(words))
    if sheet is None or aside(said):
        return None
    if taking.read(talk, sheet, said).only_named:
        return talk.again(chat("unclear.pending")).end() if bare.is_unasking(said) else None
    over = question.data["answers"]
    return look(talk, sheet, "take", said=said, pending=None, answer=None, over=over)


def answer_moment(talk: Talk, question: Question, heard: Heard) -> Step | None:
    """One of the times offered; or what was missing is told: 上午九点 to a day, 后天 to a time."""
    sheet, picked = talk.sheet, menus.picked(question, heard)
    if sheet is None:
        return None
    field = form_for(talk, sheet).by_key[question.data["key"]]
    if picked is not None:
        if not picked.startswith(asking.AT):
            return skip(talk, sheet, field)
        return _checked(talk, sheet, field, picked.removeprefix(asking.AT))
    if heard.understood is None or heard.kind is Kind.CHOICE:
        return None
    words = heard.understood
    told = times.names_a_time(words.text, talk.facts.now)
    joined = times.completed(question.data["words"], words.text) if told else None
    if joined is not None and not fits.aside(words):
        reading = judge(
            field,
            replace(words, text=joined),
            now=talk.facts.now,
            calendar=talk.calendar(sheet.city),
        )
        if reading.fit is Fit.CLEAR and reading.value is not None:
            return keep(talk, sheet, field, reading.value)
        if reading.fit is Fit.CLEAR:
            return unclear(talk, sheet, field, reading)
    return said(talk, sheet, field, words)


def _checked(talk: Talk, sheet: Sheet, field: FormField, value: str) -> Step:
    """A time offered may be outside of working hours: judged like any other."""
    now, calendar = talk.facts.now, talk.calendar(sheet.city)
    parsed = times.judged(field, value, now=now, calendar=calendar)
    if parsed.faults:
        return unclear(talk, sheet, field, Reading(Fit.CLEAR, faults=parsed.faults))
    return keep(talk, sheet, field, parsed.value)
