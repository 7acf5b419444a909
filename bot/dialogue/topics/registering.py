"""Beginning form A, the early registration of intent, with what is known already."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.dialogue import cities
from bot.dialogue.acts import ReadDraft
from bot.dialogue.filling import taking
from bot.dialogue.filling.drafts import Draft, form_for
from bot.dialogue.filling.sheets import look
from bot.dialogue.heard import Done, Refused
from bot.dialogue.state import After, Sheet
from bot.dialogue.talk import Step, Talk
from bot.dialogue.topics import applying, carrying
from bot.dialogue.topics.base import Topic
from bot.dialogue.topics.offers import offer
from bot.understanding.types import Intent, Understood
from config.texts.chat import chat

NAME = "register"


def begin(talk: Talk, said: Understood) -> Step:
    """Start form A; what is said already is filled in, and what a draft of form B knows."""
    talk = cities.settle(talk, said)
    sheet = talk.sheet
    if (missing := applying.not_offered(talk, said)) and sheet is None:
        return offer(talk, missing, ("apply", "ask_eligibility", "ask_contact")).end()
    if sheet is not None and sheet.form == "A" and sheet.city == talk.state.city:
        return look(talk.settled(), sheet, "take", said=said, pending=None, answer=None)
    if talk.state.city is None:
        return cities.ask(talk, said)
    if applying.typed(sheet or talk.state.sheet):
        return applying.ask_other(talk, said)
    in_hand = sheet is not None and sheet.city == talk.state.city
    case = sheet.case if sheet is not None and in_hand else None
    act = ReadDraft(talk.city().code, case)
    return talk.do(act, NAME, "known", said=said, whole=in_hand)


def known(talk: Talk, after: After, event: Done | Refused) -> Step:
    """Form A with what form B holds: all that both ask when it was in hand just now."""
    said: Understood = after.data["said"]
    values: Mapping[str, Any] = {}
    if isinstance(event, Done) and not carrying.other_firm(said.text):
        draft = Draft.of(event.told)
        values = draft.values if after.data["whole"] else carrying.of_people(draft.values)
    sheet = Sheet("A", talk.city().code, at=talk.facts.now)
    talk = talk.with_sheet(sheet).settled()
    form = form_for(talk, sheet)
    held = carrying.fitting(form, values, {})
    sheet = replace(sheet, values=held)
    talk = talk.with_sheet(sheet)
    talk = talk.say(chat("register.begun", city=talk.city().name, title=form.title))
    draft = Draft(held, city=sheet.city)
    return taking.take(talk, sheet, draft, said, before=carrying.told(form, held))


def by_key(talk: Talk, said: Understood) -> Step:
    """From the custom menu."""
    return begin(talk, replace(said, intent=Intent.REGISTER_INTENT))


REGISTERING = Topic(
    name=NAME,
    begin={Intent.REGISTER_INTENT: begin},
    keys={"menu:register": by_key},
    told={"known": known},
)
