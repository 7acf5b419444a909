"""Changing something: in the form being filled in, or in one that was left or returned."""

from bot.dialogue.filling import taking
from bot.dialogue.filling.drafts import form_for
from bot.dialogue.filling.editing import asked_for, field_meant
from bot.dialogue.filling.names import named_fields
from bot.dialogue.filling.sheets import look
from bot.dialogue.talk import Step, Talk
from bot.dialogue.topics import resuming
from bot.dialogue.topics.base import Topic
from bot.understanding.types import Intent, Understood

NAME = "change"


def begin(talk: Talk, said: Understood) -> Step:
    """What was stated is put in at once; else the field named is asked for; else which one."""
    sheet = talk.sheet
    if sheet is None:
        return resuming.take_up(talk, "change")
    talk = talk.settled()
    form = form_for(talk, sheet)
    if meant := field_meant(form, said.text):
        return look(talk, sheet, "edit", keys=[each.key for each in meant], what="")
    if not taking.read(talk, sheet, said).nothing:
        return look(talk, sheet, "take", said=said, pending=None, answer=None)
    words = asked_for(said.text) or said.text
    named = named_fields(form.fields, words)
    return look(talk, sheet, "edit", keys=[each.key for each in named], what="")


CHANGING = Topic(name=NAME, begin={Intent.MODIFY_APPLICATION: begin})
