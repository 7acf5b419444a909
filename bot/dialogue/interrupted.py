"""A question that danger or a fault has cut short: no yes of before counts as one to it.

Nobody who has just read whom to ring says 好 to what was asked before. The question stays, and
what is tapped or told in words is heard; a mere yes or a number only shows it again.
"""

from dataclasses import replace

from bot.dialogue import menus
from bot.dialogue.filling.sheets import TOPIC as FORM
from bot.dialogue.heard import Heard, Kind
from bot.dialogue.state import CUT_SHORT, Question, State
from bot.dialogue.talk import Step, Talk
from bot.dialogue.yes_no import agreed
from config.texts.chat import chat


def cut_short(state: State) -> State:
    """The state after such an answer. A field of the form goes on waiting as it did."""
    asked = state.asked
    if asked is None or menus.only_offers(asked) or (asked.topic, asked.name) == (FORM, "field"):
        return state
    return replace(state, asked=replace(asked, data={**asked.data, CUT_SHORT: True}))


def shown_again(talk: Talk, question: Question, heard: Heard) -> Step | None:
    """The question once more, where it was cut short and a mere yes or a number is heard."""
    if not question.data.get(CUT_SHORT) or heard.kind is not Kind.TEXT:
        return None
    if menus.picked(question, heard) is None and agreed(question, heard) is not True:
        return None
    return talk.to(asked=question).again(chat("common.cut_short")).end()
