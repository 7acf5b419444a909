"""One step of the talk: emergencies first, then what was asked, then what is meant.

``step`` is called with what was heard; where it asks for an act, again with what came of that,
until it asks for none. All that is said in a turn comes with its last step.
"""

from dataclasses import replace

from bot.dialogue import beyond, emergencies, interrupted, menus
from bot.dialogue.arriving import arrived
from bot.dialogue.commands import Command, command_of
from bot.dialogue.filling import answering, editing, unchanged
from bot.dialogue.filling.drafts import form_for
from bot.dialogue.filling.sheets import TOPIC as FORM
from bot.dialogue.filling.sheets import look
from bot.dialogue.filling.ticking import ticking
from bot.dialogue.heard import Done, Event, Facts, Heard, Kind, Refused
from bot.dialogue.hearing import heard as is_heard
from bot.dialogue.leaving import declines, declines_form, leaves, may_be_left
from bot.dialogue.lengths import fitting
from bot.dialogue.replies import HandOver
from bot.dialogue.state import Question, State
from bot.dialogue.steering import goes_first, steer
from bot.dialogue.talk import Step, Talk
from bot.dialogue.topics import (
    BEGINNINGS,
    BY_NAME,
    KEYS,
    another,
    cities_topic,
    crew,
    parting,
    pictures,
    places,
    survey,
    survey_form,
    survey_kept,
    unstated,
)
from bot.dialogue.topics.following import beforehand
from bot.dialogue.topics.talking import city_known, followed, offer_human
from bot.dialogue.unclear import MISSES, missed, unclear
from bot.understanding.types import DIALOGUE_ACTS, Intent, Pending, Understood
from config.texts.chat import chat

__all__ = ["State", "Step", "pending_of", "step"]


def step(state: State, event: Event, facts: Facts) -> Step:
    """What one event leads to. Never raises for any message."""
    if isinstance(event, Heard):
        said = emergencies.of(event, facts, _city(state, facts), pending_of(state, facts))
        if said is not None:
            return Step(replace(interrupted.cut_short(state), after=None), fitting((said,)))
        made = _hear(arrived(Talk(replace(state, after=None), facts)), event)
    else:
        made = _told(state, event, facts)
    while made.known is not None or made.meant is not None:
        if made.known is not None:
            made = _told(made.state, made.known, facts)
        elif made.meant is not None:
            made = _begin(Talk(made.state, facts, made.replies), made.meant)
    if made.act is not None:
        return made
    talk = Talk(made.state, facts, made.replies)
    return survey_form.read(talk, state.asked) or _finished(talk)


def pending_of(state: State, facts: Facts) -> Pending | None:
    """What kind of answer is waited for: evidence for the understanding."""
    question, sheet = state.asked, state.sheet
    if question is None or (sheet is not None and sheet.city not in facts.cities.codes()):
        return None
    topic = BY_NAME.get(question.topic)
    found = topic.expects(Talk(state, facts), question) if topic and topic.expects else None
    return found or Pending("confirm", tuple(choice.label for choice in question.choices))


def _city(state: State, facts: Facts) -> str | None:
    return state.city if state.city in facts.cities.codes() else None


def _hear(talk: Talk, heard: Heard) -> Step:
    match heard.kind:
        case Kind.FOLLOWED:
            return followed(cities_topic.scene(talk, heard.choice or ""))
        case Kind.IMAGE if heard.media_id:
            return pictures.take(talk, heard.media_id)
        case Kind.LOCATION if heard.place is not None:
            return places.take(talk, heard.place)
        case Kind.VOICE:
            return talk.again(chat("unclear.voice")).end()
        case Kind.CHOICE:
            return _chosen(talk, heard)
        case Kind.TEXT if heard.understood is not None and heard.text.strip():
            return _said(talk, heard, heard.understood)
    return talk.again(chat("unclear.other")).end()


def _chosen(talk: Talk, heard: Heard) -> Step:
    """A tapped line: of the pending question, of one set aside, or one that begins something."""
    key = heard.choice or ""
    if key in KEYS:
        return KEYS[key](talk.to(misses=0).aside(), Understood("", Intent.HELP, 1.0))
    if key.startswith(menus.START):
        return _begin_by_key(talk, key, heard.text)
    if survey_kept.is_key(key):
        return survey_kept.begin(talk.to(misses=0).aside(), key)
    for question in (talk.state.asked, talk.state.held):
        if question is None or menus.picked(question, heard) is None:
            continue
        step_ = _answer(talk.to(asked=question, held=_beside(talk, question)), question, heard)
        if step_ is not None:
            return step_
    return talk.again(chat("unclear.stale")).end()


def _beside(talk: Talk, question: Question) -> Question | None:
    """What stays set aside when one of the two questions is answered."""
    return talk.state.held if question is talk.state.asked else None


def _begin_by_key(talk: Talk, key: str, text: str) -> Step:
    """``do:<intent>`` or ``do:<intent>:<city>``, from a choice or the custom menu."""
    name, _, city = key.removeprefix(menus.START).partition(":")
    if city in talk.facts.cities.codes():
        talk = talk.to(city=city)
    if name not in set(Intent):
        return talk.again(chat("unclear.stale")).end()
    return _begin(talk, Understood(text="", intent=Intent(name), confidence=1.0))


def _said(talk: Talk, heard: Heard, said: Understood) -> Step:
    """Words: a steering word, an answer, or something else that is meant."""
    command, asked = _command(talk, said), talk.state.asked
    if asked is not None and (key := menus.picked(asked, heard)) and key.startswith(menus.START):
        return _begin_by_key(talk, key, "")
    if parting.is_wish(said.text) and not (asked is not None and menus.picked(asked, heard)):
        return parting.begin(talk)
    if (other := another.wanted(talk, said)) is not None:
        return other
    if command is not None and (asked is None or goes_first(asked, command)):
        step_ = steer(talk, command, said)
        if step_ is not None:
            return step_
    step_ = _answered(talk, heard)
    if step_ is None and leaves(said.text, command):
        step_ = _left(talk)
    if step_ is None and command is not None:
        step_ = steer(talk, command, said)
    return step_ or _changed(talk, said) or _meant(talk, said)


def _command(talk: Talk, said: Understood) -> Command | None:
    """The steering word; in a form also a plain 先不登记了."""
    if talk.sheet is not None and declines_form(said.text):
        return Command.CANCEL
    return command_of(said.text)


def _answered(talk: Talk, heard: Heard) -> Step | None:
    """An answer to what is asked, else to what was set aside, which then is what is asked."""
    asked, held = talk.state.asked, talk.state.held
    step_ = _answer(talk, asked, heard) if asked is not None else None
    if step_ is None and held is not None:
        step_ = _answer(talk.to(asked=held, held=None), held, heard)
    return step_


def _left(talk: Talk) -> Step | None:
    """The matter that asks is left, with another one that was set aside for it; a form goes on.
    None where nothing but a form or an offer waits.
    """
    left = [each for each in (talk.state.asked, talk.state.held) if each and may_be_left(each)]
    if not left:
        return None
    held = talk.state.held
    back = held if held is not None and held.topic == FORM else None
    return talk.to(asked=None, held=back, misses=0).say(chat("leave.left")).end()


def _changed(talk: Talk, said: Understood) -> Step | None:
    """改…, in few words, and which utilities are wanted, whatever else was asked."""
    sheet, what = talk.sheet, editing.asked_for(said.text)
    if sheet is None:
        return None
    if ticking(form_for(talk, sheet), said.text):
        return look(talk.settled(), sheet, "take", said=said, pending=None, answer=None)
    return answering.change(talk, sheet, what) if what else None


def _answer(talk: Talk, question: Question, heard: Heard) -> Step | None:
    topic = BY_NAME.get(question.topic)
    answer = topic.answers.get(question.name) if topic else None
    if answer is None:
        return None
    early = interrupted.shown_again(talk, question, heard) or unchanged.kept(talk, question, heard)
    return early or answer(talk, question, heard) or beyond.told(talk, question, heard)


def _meant(talk: Talk, said: Understood) -> Step:
    """What an utterance wants that is no answer."""
    if talk.sheet is None and (about := cities_topic.chosen(talk, said)) is not None:
        return city_known(about)
    if leaves(said.text, command_of(said.text)):
        return _begin(talk, replace(said, intent=Intent.DENY))
    if declines(said.text):
        return _left(talk) or talk.aside(briefly=True).say(chat("leave.declined")).end()
    step_ = beforehand(talk, said) or crew.overheard(talk, said) or survey.overheard(talk, said)
    if step_ is not None:
        return step_
    if not is_heard(said) or said.intent in _PERHAPS_ASKED:
        step_ = unstated.begin(talk.to(misses=0).aside(), said)
        if step_ is not None:
            return step_
    if said.intent is Intent.OUT_OF_SCOPE:
        begin = BEGINNINGS.get(Intent.OUT_OF_SCOPE)
        if begin is None:
            return unclear(talk, said)
        talk = missed(talk)
        if talk.state.misses == MISSES:
            return offer_human(talk, chat("outside.again"))
        return begin(talk.aside(), said)
    if not is_heard(said):
        return unclear(talk, said)
    return _begin(talk, said)


_PERHAPS_ASKED = (Intent.OUT_OF_SCOPE, Intent.REPORT_FAULT)
"""A fault that comes this far is none: faults are answered first of all."""


def _begin(talk: Talk, said: Understood) -> Step:
    begin = BEGINNINGS.get(said.intent)
    if begin is None:
        return unclear(talk, said)
    briefly = said.intent in DIALOGUE_ACTS
    return begin(talk.to(misses=0).aside(briefly=briefly), said)


def _told(state: State, event: Done | Refused, facts: Facts) -> Step:
    """Whoever asked for the act goes on."""
    after = state.after
    if after is None:
        return Talk(state, facts).end()
    talk = Talk(replace(state, after=None), facts, after.replies)
    return BY_NAME[after.topic].told[after.name](talk, after, event)


def _finished(talk: Talk) -> Step:
    """What was set aside is asked again; a turn never ends without a word."""
    state = talk.state
    if state.held is not None and state.asked is None:
        talk = talk.to(asked=state.held, held=None)
        if state.sheet is None and state.held.topic == FORM:
            talk = talk.settled()
        elif not any(isinstance(reply, HandOver) for reply in talk.replies):
            talk = talk.again(chat("common.back"))
    if not talk.replies:
        talk = talk.again(chat("common.fine"))
    return Step(replace(talk.state, after=None), fitting(talk.replies))
