"""上一步, 跳过, 暂停, 重来, 取消 …: words that steer the form at any point."""

import re

from bot.dialogue.commands import Command
from bot.dialogue.filling import answering, devices, editing, overview, restarting, taking
from bot.dialogue.filling.drafts import form_for
from bot.dialogue.filling.sheets import TOPIC, check, look
from bot.dialogue.menus import passing
from bot.dialogue.state import Question, Sheet
from bot.dialogue.talk import Step, Talk
from bot.dialogue.topics import resuming, talking, withdrawing
from bot.understanding.types import Understood
from config.texts.chat import chat

_OF_FIELDS = frozenset({"field", answering.CONFIRM, answering.MOMENT})
_FORM_ONLY = frozenset(
    {Command.BACK, Command.SKIP, Command.SUBMIT, Command.PREVIEW, Command.RESTART, Command.PAUSE}
)


_ALWAYS = frozenset({Command.HUMAN, Command.HELP})
_OWN: dict[str, frozenset[Command]] = {
    overview.NAME: frozenset({Command.SUBMIT, Command.PAUSE, Command.EDIT}),
    taking.OVERWRITE: frozenset({Command.EDIT, Command.SUBMIT}),
    **dict.fromkeys((devices.CELL, devices.DETAILS, devices.ANOTHER), frozenset({Command.SKIP})),
}
"""Words that questions of the form take as their own answers."""
_OF_ANY_FORM = frozenset({Command.SUBMIT, Command.PREVIEW, Command.PAUSE})
"""Words that mean the form also while another matter asks something."""
_OWN_SUBMIT = frozenset({"complaint", "rating", "survey"})
"""Topics whose last question 提交 answers."""


_OF_FILLING = re.compile("退出|填")
"""Of 取消's words those that mean filling in, and no case that was handed in."""


def goes_first(question: Question, command: Command) -> bool:
    """Whether a steering word is one before it is an answer to the question."""
    if command in _ALWAYS:
        return True
    if question.topic == TOPIC:
        return command not in _OWN.get(question.name, ())
    if command is Command.SUBMIT and question.topic in _OWN_SUBMIT:
        return question.name not in ("sure", "which")
    return command in _OF_ANY_FORM


def steer(talk: Talk, command: Command, said: Understood) -> Step | None:
    """What a steering word does here; None where it means nothing special."""
    if command is Command.HUMAN:
        return talking.human(talk.aside())
    if command is Command.HELP:
        return talking.help_(talk.aside(), said)
    sheet = talk.sheet
    if sheet is not None:
        return _in_form(talk, sheet, command, said)
    if command is Command.RESUME:
        return resuming.take_up(talk.aside())
    if command is Command.CANCEL and not _OF_FILLING.search(said.text):
        return withdrawing.begin(talk.aside(), said)
    if command is Command.EDIT:
        return resuming.take_up(talk.aside(), "change")
    if talk.state.sheet is not None and command in _FORM_ONLY - {Command.PAUSE}:
        return resuming.take_up(talk.aside())
    if command in _FORM_ONLY and _waits(talk):
        return None if command is not Command.SUBMIT else _nothing_open(talk)
    if command in _FORM_ONLY or command is Command.CANCEL:
        start = talking.offered(resume=talk.state.sheet is not None)
        return talk.settled().ask(talking.NAME, "start", chat("steer.no_form"), start).end()
    return None


def _waits(talk: Talk) -> bool:
    """Whether something else than a form waits for an answer."""
    return any(
        each is not None and not passing(each) for each in (talk.state.asked, talk.state.held)
    )


def _nothing_open(talk: Talk) -> Step:
    return talk.aside().say(chat("leave.nothing_open")).end()


def _in_form(talk: Talk, sheet: Sheet, command: Command, said: Understood) -> Step | None:
    match command:
        case Command.BACK:
            return look(talk, sheet, "back")
        case Command.SKIP:
            return _skip(talk, sheet)
        case Command.PAUSE:
            return overview.pause(talk, sheet)
        case Command.RESUME:
            return look(talk, sheet, "resume")
        case Command.RESTART:
            return restarting.ask(talk, sheet)
        case Command.CANCEL:
            return withdrawing.from_form(talk.aside(), sheet)
        case Command.SUBMIT:
            return check(talk, sheet)
        case Command.PREVIEW:
            return look(talk, sheet, "preview")
        case Command.EDIT:
            return editing.which(talk.settled(), sheet).end()
    return None


def _skip(talk: Talk, sheet: Sheet) -> Step:
    """Pass over the field that is asked for; there is none: go on."""
    question = talk.state.asked
    if question is None or question.name not in _OF_FIELDS or question.topic != TOPIC:
        return look(talk, sheet, "next")
    field = form_for(talk, sheet).by_key.get(question.data["key"])
    if field is None:
        return look(talk, sheet, "next")
    return answering.pass_over(talk, sheet, field, edit=bool(question.data.get("edit")))
