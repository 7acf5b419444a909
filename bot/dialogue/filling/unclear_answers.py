"""An answer that cannot be taken yet is explained or asked back."""

from bot.dialogue import menus
from bot.dialogue.filling import asking, loosely, times
from bot.dialogue.filling.fits import Reading
from bot.dialogue.filling.flow import explained
from bot.dialogue.filling.sheets import TOPIC
from bot.dialogue.state import Sheet
from bot.dialogue.talk import Step, Talk
from config.texts.chat import chat
from rules.forms import FormField

CONFIRM = "confirm"


def unclear(talk: Talk, sheet: Sheet, field: FormField, reading: Reading) -> Step:
    """An answer that cannot be taken yet: wrong, not whole, or of several meanings."""
    if reading.moments is not None:
        return times.ask_which(talk, field, reading.moments).end()
    if reading.loose is not None:
        return loosely.ask(talk, field, reading.loose, sheet.values).end()
    if reading.hint:
        return asking.ask(talk, field, before=chat(reading.hint)).end()
    if reading.unlike:
        told = chat("form.unlike", value=reading.unlike, label=field.label)
        return asking.ask(talk, field, before=told).end()
    if reading.unit:
        told = chat("form.other_unit", label=field.label, unit=field.unit, told=reading.unit)
        return asking.ask(talk, field, before=told).end()
    if reading.options:
        offered = tuple((asking.OPTION + o.code, o.label) for o in reading.options)
        text = chat("form.which_option", label=field.label)
        return talk.ask(TOPIC, "field", text, offered[: menus.MOST], key=field.key).end()
    told = "\n".join(dict.fromkeys(explained(fault) for fault in reading.faults))
    return asking.ask(talk, field, before=told).end()


def ask_back(talk: Talk, field: FormField, text: str, reading: Reading) -> Step:
    """要把“…”填作联系人吗？"""
    value = asking.shown(field, reading.value) or menus.short(text)
    asked = chat("form.confirm", value=value, label=field.label)
    offered = ((asking.YES, chat("choices.yes")), (asking.NO, chat("choices.no")))
    return talk.ask(TOPIC, CONFIRM, asked, offered, key=field.key, value=reading.value).end()
