"""The time asked for in form B: the working times offered give way to joint ones, where crews are
known.
"""

from collections.abc import Mapping
from dataclasses import replace

from bot.dialogue import menus
from bot.dialogue.acts import ReadTimes
from bot.dialogue.filling import times
from bot.dialogue.filling.sheets import TOPIC as FORM
from bot.dialogue.heard import Done, Refused
from bot.dialogue.replies import Reply, Say
from bot.dialogue.state import After, Question
from bot.dialogue.talk import Step, Talk
from bot.dialogue.topics import survey_times
from bot.dialogue.topics.base import Told
from bot.dialogue.topics.survey_joint import Joint
from bot.dialogue.topics.survey_matter import NAME
from config.texts.chat import chat

LOOKED_AT = "joint"
"""In the question's data: joint times have been looked for."""


def read(talk: Talk, before: Question | None) -> Step | None:
    """Look for joint times when the time of the survey has just been asked for; None else."""
    asked, sheet = talk.state.asked, talk.state.sheet
    if asked is None or sheet is None or sheet.case is None or LOOKED_AT in asked.data:
        return None
    if asked.topic != FORM or asked.name != "field" or asked == before:
        return None
    field = survey_times.field_of(talk.city(sheet.city))
    if field is None or asked.data.get("key") != field.key:
        return None
    return talk.do(ReadTimes(sheet.case), NAME, "form_times")


def form_times(talk: Talk, after: After, event: Done | Refused) -> Step:
    """The question with joint times in place of the others; what else it offers stays."""
    asked = talk.state.asked
    if asked is None:
        return talk.end()
    question = replace(asked, data={**asked.data, LOOKED_AT: True})
    joint = Joint.of(event.told if isinstance(event, Done) else {})
    if not joint.known:
        return talk.to(asked=question).end()
    now, prefix = talk.facts.now, f"{asked.serial}."
    ways_out = [
        (each.id.removeprefix(prefix), each.label.partition(". ")[2])
        for each in asked.choices
        if not each.id.startswith(prefix + menus.TIME)
    ]
    lines = [(f"{menus.TIME}{times.iso(at)}", times.said(at, now)) for at in joint.times]
    made = menus.choices(asked.serial, [*lines, *ways_out], numbered=True)
    question = replace(question, choices=made)
    told = "\n".join((*joint.told(moving=False), *(() if lines else (chat("survey.when_none"),))))
    replies = tuple(_with(each, asked, question, told) for each in talk.replies)
    return replace(talk.to(asked=question), replies=replies).end()


def _with(reply: Reply, asked: Question, question: Question, told: str) -> Reply:
    """What is said, when it is the question, with its choices."""
    if not isinstance(reply, Say) or reply.choices != asked.choices or not asked.choices:
        return reply
    text = "\n".join(filter(None, (reply.text, told)))
    return replace(reply, text=text, choices=question.choices)


TOLD: Mapping[str, Told] = {"form_times": form_times}
