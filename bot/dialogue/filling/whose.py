"""An amount that several fields could hold: which of them is meant?"""

from bot.dialogue import menus
from bot.dialogue.filling.amounts import Open
from bot.dialogue.filling.asking import shown
from bot.dialogue.filling.drafts import form_for
from bot.dialogue.filling.sheets import TOPIC, look
from bot.dialogue.heard import Heard
from bot.dialogue.state import Question
from bot.dialogue.talk import Step, Talk
from bot.understanding.types import Intent, Slots, Understood
from config.texts.chat import chat
from rules.forms import Form, parse_answer

NAME = "whose"
FIELD, NEITHER = "f:", "neither"


def ask(talk: Talk, form: Form, amount: Open, before: str = "") -> Talk:
    """Ask for the field an amount is of: 80千瓦是主供容量还是热负荷？"""
    fields = [form.by_key[key] for key in amount.keys]
    offered = tuple((FIELD + each.key, each.label) for each in fields)
    text = chat("form.whose", value=shown(fields[-1], amount.value))
    neither = ((NEITHER, chat("choices.neither")),)
    return talk.ask(TOPIC, NAME, text, (*offered, *neither), before=before, value=amount.value)


def answer(talk: Talk, question: Question, heard: Heard) -> Step | None:
    """The amount goes to the field picked, which its utility is wanted for."""
    sheet, picked = talk.sheet, menus.picked(question, heard)
    if sheet is None or picked is None:
        return None
    if picked == NEITHER:
        return look(talk, sheet, "next")
    field = form_for(talk, sheet).by_key[picked.removeprefix(FIELD)]
    parsed = parse_answer(field, question.data["value"], now=talk.facts.now)
    if parsed.faults:
        return look(talk, sheet, "faults", faults={field.key: parsed.faults[0]})
    wanted = Slots(utilities=(field.utility,) if field.utility else ())
    said = Understood("", Intent.APPLY, 1.0, wanted)
    return look(talk, sheet, "take", said=said, pending=field.key, answer=parsed.value)
