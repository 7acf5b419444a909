"""A location message: the point on the map, and its label for the address."""

from typing import Any

from bot.dialogue import cities
from bot.dialogue.filling.drafts import city_for, form_for
from bot.dialogue.filling.flow import explained
from bot.dialogue.filling.names import role_keys
from bot.dialogue.filling.sheets import save
from bot.dialogue.heard import Place
from bot.dialogue.state import Sheet
from bot.dialogue.talk import Step, Talk
from config.cities import FieldType
from config.texts.chat import chat
from rules.forms import Form, FormField
from rules.forms.validate import read_field
from rules.forms.values import Context

NAME = "place"


def take(talk: Talk, place: Place) -> Step:
    """Put a place into the form; without a form say what it is good for."""
    sheet = talk.sheet
    if sheet is None:
        return talk.say(chat("place.no_form")).end()
    form = form_for(talk, sheet)
    field = next((each for each in form.fields if each.type is FieldType.POINT), None)
    if field is None:
        return talk.again(chat("place.not_here")).end()
    raw = {"lat": place.latitude, "lng": place.longitude, "system": "gcj02"}
    if place.label:
        raw["name"] = place.label[:100]
    value, faults = read_field(field, raw, Context(talk.facts.now), whole=True)
    if faults and place.label:
        raw.pop("name")
        value, faults = read_field(field, raw, Context(talk.facts.now), whole=True)
    if faults:
        return talk.again(explained(faults[0])).end()
    answers: dict[str, Any] = {field.key: value}
    answers |= _town(talk, sheet, form, place.label)
    address = _address(form)
    suggested = address is not None and place.label and _asked(talk, address)
    if suggested and address is not None:
        answers[address.key] = place.label
    return save(talk, sheet, answers, noted=answers)


def _asked(talk: Talk, address: FormField) -> bool:
    """Whether the address is what was asked for: then the place's label answers it."""
    question = talk.state.asked
    return question is not None and question.data.get("key") == address.key


def _address(form: Form) -> FormField | None:
    return next((form.by_key[key] for key in role_keys("address", form)), None)


def _town(talk: Talk, sheet: Sheet, form: Form, label: str) -> dict[str, Any]:
    """The town the label names, where that is asked for or open."""
    field = next((each for each in form.fields if each.type is FieldType.TOWN), None)
    towns = cities.towns_in(city_for(talk, sheet), label, label)
    question = talk.state.asked
    asked = question is not None and field is not None and question.data.get("key") == field.key
    return {field.key: towns[0]} if asked and field is not None and len(towns) == 1 else {}
