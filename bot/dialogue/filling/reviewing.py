"""What is told while the whole form is shown: what to do with it, or another value for it."""

from bot.dialogue import menus
from bot.dialogue.filling import bare, overview, spoken, taking
from bot.dialogue.filling.readings import aside
from bot.dialogue.filling.sheets import look
from bot.dialogue.heard import Heard
from bot.dialogue.state import Question
from bot.dialogue.talk import Step, Talk


def answer(talk: Talk, question: Question, heard: Heard) -> Step | None:
    """A value told plainly is taken and the form shown again; else as the overview answers."""
    sheet, words = talk.sheet, heard.understood
    if sheet is None or words is None or menus.picked(question, heard) is not None:
        return overview.answer(talk, question, heard)
    said = bare.plain(spoken.written(words))
    told = taking.read(talk, sheet, said)
    if told.plain and not aside(said) and (told.answers or told.faults):
        return look(talk, sheet, "take", said=said, pending=None, answer=None)
    return overview.answer(talk, question, heard)
