"""Words that want another form than the one in hand: one more, or A in place of B."""

from dataclasses import replace

from bot.dialogue.filling.sheets import TOPIC as FORM
from bot.dialogue.menus import passing
from bot.dialogue.talk import Step, Talk
from bot.dialogue.topics import applying, carrying, registering
from bot.understanding.types import Intent, Understood


def wanted(talk: Talk, said: Understood) -> Step | None:
    """Such a form begun; None for anything else, and while another matter asks something."""
    asked, sheet = talk.state.asked, talk.sheet
    if asked is not None and asked.topic != FORM and not passing(asked):
        return None
    if carrying.one_more(said.text):
        return applying.begin(talk.to(misses=0), replace(said, intent=Intent.APPLY))
    if sheet is None:
        return None
    match carrying.instead(said.text, sheet):
        case "B":
            return applying.in_place(talk.to(misses=0), sheet, said)
        case "A":
            said = replace(said, intent=Intent.REGISTER_INTENT)
            return registering.begin(talk.to(misses=0), said)
    return None
