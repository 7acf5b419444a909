"""A refused act in words. Nothing of it remains; the talk goes on where it was."""

from bot.dialogue import links
from bot.dialogue.heard import Refused
from bot.dialogue.talk import Step, Talk
from config.texts import error
from config.texts.chat import chat
from rules.errors import Code

_GONE = frozenset({Code.NOT_FOUND, Code.MOVE_NOT_ALLOWED, Code.NOT_YOURS_TO_MOVE})
_UNKNOWN = frozenset({Code.UNAUTHENTICATED, Code.FORBIDDEN})


def refused(talk: Talk, event: Refused) -> Step:
    """Say why. A form that can no longer be filled in (sent off, given up, not there) is let go;
    what is out of order for a while leaves everything as it was.
    """
    _, detail = error(event.code.value, event.data)
    sheet = talk.state.sheet
    if event.code in _GONE:
        if sheet is not None and sheet.case is not None:
            talk = talk.with_sheet(None).settled()
            return talk.say(chat("refused.form_gone"), links.case(talk.facts, sheet.case)).end()
        return talk.say(chat("refused.case_gone", detail=detail)).end()
    if event.code in _UNKNOWN and not talk.facts.linked:
        return talk.say(chat("refused.not_linked", detail=detail)).end()
    return talk.say(chat("refused.other", detail=detail)).end()
