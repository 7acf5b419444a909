"""Values told while the whole form is shown, or while it is asked what to change."""

from bot.dialogue import menus
from bot.dialogue.filling import bare, editing, overview, spoken, taking
from bot.dialogue.filling.readings import aside
from bot.dialogue.filling.sheets import look
from bot.dialogue.heard import Heard
from bot.dialogue.state import Question
from bot.dialogue.talk import Step, Talk


def answer(talk: Talk, question: Question, heard: Heard) -> Step | None:
    """A value told plainly is taken and the form shown again; else as the overview answers."""
    return _value(talk, question, heard) or overview.answer(talk, question, heard)


def answer_which(talk: Talk, question: Question, heard: Heard) -> Step | None:
    """While it is asked what to change: the new value itself is taken, else the field asked for."""
    return _value(talk, question, heard) or editing.answer_which(talk, question, heard)


def _value(talk: Talk, question: Question, heard: Heard) -> Step | None:
    """Values told plainly, by a label or their shape, replace what is there."""
    sheet, words = talk.sheet, heard.understood
    if sheet is None or words is None or menus.picked(question, heard) is not None:
        return None
    said = bare.plain(spoken.written(words))
    told = taking.read(talk, sheet, said)
    plainly = told.plain or said.slots.amount
    if not plainly or aside(said) or not (told.answers or told.faults):
        return None
    free = question.name == editing.WHICH
    return look(talk, sheet, "take", said=said, pending=None, answer=None, free=free)
