"""A field crew tells that it has arrived, or is done. Nobody else can."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from bot.dialogue import cities, clock, links, menus
from bot.dialogue.acts import ConfirmVisit, ReadVisits
from bot.dialogue.heard import Done, Heard, Refused
from bot.dialogue.hearing import heard as is_heard
from bot.dialogue.state import After, Question, dump_said, load_said
from bot.dialogue.talk import Step, Talk
from bot.dialogue.topics import crew_day
from bot.dialogue.topics.base import Topic
from bot.dialogue.topics.cases import as_printed
from bot.dialogue.topics.crew_sites import named
from bot.dialogue.topics.crew_words import (
    ARRIVED,
    AWAY,
    FINISHED,
    not_yet,
    still_to_come,
    told_of,
    what_of,
)
from bot.dialogue.topics.offers import offer
from bot.dialogue.topics.refusing import why
from bot.dialogue.yes_no import yes_or_no
from bot.understanding.types import Intent, Understood
from config.texts.chat import chat
from rules.calendar import SHANGHAI

NAME = "crew"
Json = Mapping[str, Any]


def begin(talk: Talk, said: Understood) -> Step:
    """Who is no crew is told so; a crew's city is known or asked."""
    crew = talk.facts.crew_cities
    if not crew:
        code = "linking.checking" if talk.facts.checking else "crew.nobody"
        return offer(talk, chat(code), ("query_status", "book_survey")).end()
    if not_yet(said.text):
        return talk.say(chat("crew.not_told")).end()
    named = cities.named(said.text, talk.facts, said.slots.address or "")
    city = crew[0] if len(crew) == 1 else named or talk.state.city
    if city not in crew:
        offered = tuple((code, talk.facts.city(code).name) for code in crew)
        text = chat("crew.which_city")
        return talk.ask(NAME, "city", text, offered, said=dump_said(said)).end()
    return _look(talk, city, said)


def overheard(talk: Talk, said: Understood) -> Step | None:
    """What a crew tells of its visit, whatever it was understood as; None from anybody else, and
    in the middle of a form where something else was understood.
    """
    goes_out = talk.facts.crew_cities or talk.facts.inspects
    if goes_out and talk.sheet is None and (step := crew_day.overheard(talk, said)) is not None:
        return step
    if not talk.facts.crew_cities:
        return None
    if told_of(said.text) is None and not still_to_come(said.text):
        return None
    if talk.sheet is not None and is_heard(said) and said.intent is not Intent.OUT_OF_SCOPE:
        return None
    return begin(talk.to(misses=0).aside(), said)


def _look(talk: Talk, city: str, said: Understood) -> Step:
    return talk.do(ReadVisits(city), NAME, "visits", said=said, city=city)


def city_named(talk: Talk, question: Question, heard: Heard) -> Step | None:
    """The city of the visit."""
    code = cities.answered(talk, question, heard)
    said = load_said(question.data.get("said"))
    if code not in talk.facts.crew_cities or said is None:
        return None
    return _look(talk.to(asked=None), code, said)


def visits(talk: Talk, after: After, event: Done | Refused) -> Step:
    """The visit that is meant; asked for where several fit."""
    if isinstance(event, Refused):
        return talk.say(why(event)).end()
    said: Understood = after.data["said"]
    waiting = [each for each in event.told.get("items") or () if _whole(each)]
    if not waiting:
        return talk.say(chat("crew.none")).end()
    fitting = named(waiting, said)
    if said.slots.application_no and not fitting:
        return talk.say(chat("crew.no_such", no=as_printed(said.slots.application_no))).end()
    return _of_these(talk, [_kept(each) for each in fitting or waiting], what_of(said.text))


def _of_these(talk: Talk, kept: Sequence[Json], what: str | None) -> Step:
    """The one there is, or the question which of several."""
    if len(kept) == 1:
        return _one(talk, kept[0], what)
    shown = kept[: menus.MOST]
    offered = tuple((str(at), _line(each)) for at, each in enumerate(shown))
    text = chat("crew.which", count=len(kept))
    visits_ = [dict(each) for each in shown]
    return talk.ask(NAME, "which", text, offered, visits=visits_, what=what or "").end()


def _whole(item: Any) -> bool:
    if not isinstance(item, Mapping):
        return False
    try:
        UUID(str(item.get("request")))
    except ValueError:
        return False
    return True


def _kept(item: Json) -> dict[str, str]:
    names = ("request", "application", "number", "utility", "utility_label", "enterprise_name")
    return {
        name: str(item.get(name) or "") for name in (*names, "address", "task", "at", "arrived_at")
    }


def _line(kept: Json) -> str:
    """One visit to choose."""
    return chat(
        "crew.line",
        utility=kept["utility_label"],
        number=kept["number"],
        name=kept["enterprise_name"] or kept["address"],
    )


def _today(talk: Talk, item: Json) -> bool:
    at = clock.read(item.get("at"))
    return at is None or at.astimezone(SHANGHAI).date() == talk.today


def _one(talk: Talk, kept: Json, what: str | None) -> Step:
    """One visit: asked what is told of it, if that is not clear, and whether it is meant, if that
    is not its day.
    """
    if what is None:
        offered = ((ARRIVED, chat("crew.arrived")), (FINISHED, chat("crew.finished")))
        text = chat("crew.what", visit=_line(kept))
        return talk.ask(NAME, "what", text, offered, visit=dict(kept)).end()
    if what == AWAY:
        page = links.case(talk.facts, kept["application"] or None)
        return talk.to(asked=None).say(chat("crew.away", visit=_line(kept)), page).end()
    if what == ARRIVED and kept.get("arrived_at"):
        at = clock.moment(kept["arrived_at"], talk.facts.now)
        return talk.say(chat("crew.arrived_before", visit=_line(kept), at=at)).end()
    if not _today(talk, kept):
        at = clock.moment(kept.get("at"), talk.facts.now)
        code = f"crew.sure_{what}"
        lines = (("yes", chat("crew.yes")), ("no", chat("crew.no")))
        text = chat(code, visit=_line(kept), at=at)
        return talk.ask(NAME, "sure", text, lines, visit=dict(kept), what=what).end()
    return _confirm(talk, kept, what)


def _confirm(talk: Talk, kept: Json, what: str) -> Step:
    told = FINISHED if what == FINISHED else ARRIVED
    act = ConfirmVisit(UUID(str(kept["request"])), "finished" if told == FINISHED else "arrived")
    return talk.to(asked=None).do(act, NAME, "confirmed", visit=dict(kept), what=told)


def which(talk: Talk, question: Question, heard: Heard) -> Step | None:
    """The visit chosen: tapped, by number, or by what tells it apart. What else is told of it
    counts, and leaves those that may be meant.
    """
    kept: Sequence[Json] = question.data.get("visits") or ()
    key, said = menus.picked(question, heard), heard.understood
    told = (what_of(said.text) if said else None) or question.data.get("what") or None
    if key is not None and key.isdecimal() and int(key) < len(kept):
        return _one(talk.to(asked=None), kept[int(key)], told)
    if said is None:
        return None
    fitting = named(kept, said)
    if len(fitting) != 1 and told_of(said.text) is None:
        return None
    return _of_these(talk.to(asked=None), fitting or kept, told)


def what(talk: Talk, question: Question, heard: Heard) -> Step | None:
    """Arrived, or finished."""
    picked = menus.picked(question, heard) or what_of(heard.text)
    if picked not in (ARRIVED, FINISHED, AWAY):
        return None
    return _one(talk.to(asked=None), question.data["visit"], picked)


def sure(talk: Talk, question: Question, heard: Heard) -> Step | None:
    """A yes tells it although it is not its day."""
    told = yes_or_no(question, heard)
    if told is None:
        return None
    if not told:
        return talk.to(asked=None).say(chat("crew.not_told")).end()
    return _confirm(talk, question.data["visit"], str(question.data["what"]))


def confirmed(talk: Talk, after: After, event: Done | Refused) -> Step:
    """It is on record, or what is to be done instead."""
    kept, told = after.data["visit"], str(after.data["what"])
    page = links.case(talk.facts, kept["application"] or None)
    if isinstance(event, Refused):
        return talk.say(chat("crew.refused", visit=_line(kept), why=why(event)), page).end()
    at = clock.moment(event.told.get("at"), talk.facts.now)
    lines = [chat(f"crew.told_{told}", visit=_line(kept), at=at)]
    if told == ARRIVED:
        task = kept["task"] if kept["task"] in ("survey", "build", "connect") else "survey"
        lines.append(chat(f"crew.next_{task}"))
    return talk.say("\n".join(lines), page).end()


CREW = Topic(
    name=NAME,
    begin={Intent.CONFIRM_VISIT: begin},
    answers={
        "city": city_named,
        "which": which,
        "what": what,
        "sure": sure,
        **crew_day.ANSWERS,
    },
    told={"visits": visits, "confirmed": confirmed, **crew_day.TOLD},
)
