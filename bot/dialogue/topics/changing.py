"""Changing something: in the form being filled in, or in one that was left or returned."""

import re
from dataclasses import replace

from bot.dialogue.talk import Step, Talk
from bot.dialogue.topics import putting_in, resuming, survey
from bot.dialogue.topics.base import Topic
from bot.understanding.types import Intent, Understood

NAME = "change"
_SURVEY = re.compile("踏勘|勘察|勘验|看现场|上门")
_WHEN = re.compile("时间|改到|改成|改为|改期|换到|挪|推迟|提前|延后|往后|改天")


def begin(talk: Talk, said: Understood) -> Step:
    """In the form being filled in; with none, the time of a survey is an appointment's, and
    anything else a form's that is open.
    """
    sheet = talk.sheet
    if sheet is not None:
        return putting_in.change(talk, sheet, said)
    if _SURVEY.search(said.text) and (said.slots.datetime or _WHEN.search(said.text)):
        return survey.begin(talk, replace(said, intent=Intent.RESCHEDULE_SURVEY))
    return resuming.take_up(talk, "change", said)


CHANGING = Topic(name=NAME, begin={Intent.MODIFY_APPLICATION: begin})
