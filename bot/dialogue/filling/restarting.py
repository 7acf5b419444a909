"""重来: everything is taken out of the form again, after a plain yes."""

from dataclasses import replace

from bot.dialogue.filling.drafts import Draft
from bot.dialogue.filling.sheets import TOPIC, look, save
from bot.dialogue.heard import Heard
from bot.dialogue.leaving import declines
from bot.dialogue.state import Question, Sheet
from bot.dialogue.talk import Step, Talk
from bot.dialogue.yes_no import yes_or_no
from config.texts.chat import chat

NAME = "restart"


def ask(talk: Talk, sheet: Sheet) -> Step:
    """Sure? A form that was handed in before is corrected, not begun anew."""
    if sheet.returned:
        return talk.again(chat("restart.returned")).end()
    offered = (("yes", chat("choices.restart")), ("no", chat("choices.go_on")))
    return talk.aside().ask(TOPIC, NAME, chat("restart.sure"), offered).end()


def answer(talk: Talk, question: Question, heard: Heard) -> Step | None:
    """Everything is taken out, or nothing."""
    sheet, told = talk.sheet, yes_or_no(question, heard)
    if told is None and declines(heard.text):
        told = False
    if sheet is None or told is None:
        return None
    if not told:
        return talk.to(asked=None).say(chat("restart.kept")).end()
    return look(talk.settled(), sheet, "clear")


def clear(talk: Talk, sheet: Sheet, draft: Draft) -> Step:
    """Take every value out."""
    fresh = replace(sheet, skipped=(), trail=(), kind=None, version=draft.version)
    talk = talk.with_sheet(fresh)
    cleared = chat("restart.cleared")
    if not draft.values:
        return look(talk, fresh, "next", before=cleared)
    return save(talk, fresh, dict.fromkeys(draft.values), before=cleared)
