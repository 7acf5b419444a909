"""A crew's joint visits by talking: 今天有哪些踏勘, 今天下午的踏勘去不了, 我要晚到20分钟."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from bot.dialogue import clock, menus
from bot.dialogue.acts import AnswerVisit, ReadDay, TellAbsent, TellLate
from bot.dialogue.heard import Done, Heard, Kind, Refused
from bot.dialogue.punctuation import full_width
from bot.dialogue.state import After, Question
from bot.dialogue.talk import Step, Talk
from bot.dialogue.topics import crew_day_words as told_by
from bot.dialogue.topics.base import Answer, Told
from bot.dialogue.topics.crew_day_words import ABSENT, COMES, LATE, LISTS
from bot.dialogue.topics.refusing import why
from bot.dialogue.topics.survey_saying import OFFERED, minutes_of
from bot.understanding.types import Intent, Understood
from config.texts.chat import chat

NAME = "crew"
REASONS = ("car", "people", "clash")
LONGEST = 100
OPEN = ("planned", "confirmed")
Json = Mapping[str, Any]


def overheard(talk: Talk, said: Understood) -> Step | None:
    """What a crew's member says of its joint visits; None for anything else."""
    what = told_by.wanted(said.text)
    if what is None:
        return None
    day = told_by.day_of(said.text, talk.today)
    data = {"what": what, "text": said.text, "day": day.isoformat(), "said": said}
    return talk.to(misses=0).aside().do(ReadDay(day), NAME, "day", **data)


def day(talk: Talk, after: After, event: Done | Refused) -> Step:
    """The day's visits: listed, or the one that is meant."""
    if isinstance(event, Refused):
        return talk.say(why(event)).end()
    data = after.data
    when = date.fromisoformat(str(data["day"]))
    stops = [each for each in event.told.get("items") or () if isinstance(each, Mapping)]
    label = clock.day(when, talk.facts.now)
    if data["what"] == LISTS:
        return talk.say(_listed(stops, label, talk)).end()
    part = told_by.part_of(str(data["text"]))
    meant = [
        _kept(each)
        for each in stops
        if each.get("state") in OPEN and part.holds(clock.read(each.get("at")))
    ]
    if not meant and data["what"] == ABSENT:  # of works, or a connection
        return talk.mean(replace(data["said"], intent=Intent.CONFIRM_VISIT))
    if not meant:
        return talk.say(chat("crew.no_stop", day=label + part.label)).end()
    if len(meant) == 1:
        return _one(talk, meant[0], str(data["what"]), str(data["text"]))
    shown = meant[: menus.MOST]
    lines = tuple((str(at), _line(each, talk)) for at, each in enumerate(shown))
    text = chat("crew.which_stop")
    kept = {"stops": shown, "what": data["what"], "text": data["text"]}
    return talk.ask(NAME, "which_stop", text, lines, **kept).end()


def which_stop(talk: Talk, question: Question, heard: Heard) -> Step | None:
    """The visit that was meant."""
    picked = menus.picked(question, heard)
    stops: Sequence[Json] = question.data["stops"]
    if picked is None or not picked.isdecimal() or int(picked) >= len(stops):
        return None
    data = question.data
    return _one(talk.to(asked=None), stops[int(picked)], str(data["what"]), str(data["text"]))


def _one(talk: Talk, stop: Json, what: str, text: str) -> Step:
    """Do it, or ask what is missing."""
    line = _line(stop, talk)
    if what == COMES:
        act = AnswerVisit(UUID(stop["survey"]), UUID(stop["visit"]))
        return talk.do(act, NAME, "answered", stop=dict(stop))
    if what == LATE and (minutes := minutes_of(text)) is not None:
        act_ = TellLate(UUID(stop["application"]), minutes, crew=True)
        return talk.do(act_, NAME, "late_told", stop=dict(stop))
    if what == LATE:
        lines = tuple((str(each), chat("survey.minutes", minutes=each)) for each in OFFERED)
        ask = chat("crew.how_late", visit=line)
        return talk.ask(NAME, "how_late", ask, lines, numbered=False, stop=dict(stop)).end()
    if what == ABSENT:
        choices = (("yes", chat("crew.record_absent")), ("no", chat("crew.no")))
        ask = chat("crew.sure_absent", visit=line)
        return talk.ask(NAME, "absent", ask, choices, stop=dict(stop)).end()
    reasons = tuple((each, chat(f"crew.reason_{each}")) for each in REASONS)
    ask = chat("crew.sure_decline", visit=line)
    lines = (*reasons, ("no", chat("crew.rather_come")))
    return talk.ask(NAME, "decline", ask, lines, stop=dict(stop)).end()


def decline(talk: Talk, question: Question, heard: Heard) -> Step | None:
    """Only a reason declines: tapped, or in one's own words."""
    picked = menus.picked(question, heard)
    talk_ = talk.to(asked=None)
    if picked == "no":
        return talk_.say(chat("crew.still_comes")).end()
    stop = question.data["stop"]
    reason = chat(f"crew.reason_{picked}") if picked in REASONS else ""
    if not reason and heard.kind is Kind.TEXT and told_by.is_reason(heard.text):
        reason = full_width(heard.typed.strip())[:LONGEST]
    if not reason:
        return None
    act = AnswerVisit(UUID(stop["survey"]), UUID(stop["visit"]), reason)
    return talk_.do(act, NAME, "declined", stop=dict(stop))


def how_late(talk: Talk, question: Question, heard: Heard) -> Step | None:
    """The minutes."""
    picked = menus.picked(question, heard)
    text = f"{picked}分钟" if picked else heard.text if heard.kind is Kind.TEXT else ""
    text = f"{text}分钟" if text.strip().isdecimal() else text
    if minutes_of(text) is None:
        return None
    return _one(talk.to(asked=None), question.data["stop"], LATE, text)


def absent(talk: Talk, question: Question, heard: Heard) -> Step | None:
    """A yes puts it on record."""
    picked = menus.picked(question, heard)
    if picked not in ("yes", "no"):
        return None
    talk = talk.to(asked=None)
    if picked == "no":
        return talk.say(chat("crew.not_told")).end()
    stop = question.data["stop"]
    act = TellAbsent(UUID(stop["application"]), None, crew=True)
    return talk.do(act, NAME, "absent_told", stop=dict(stop))


def answered(talk: Talk, after: After, event: Done | Refused) -> Step:
    """It comes."""
    return _told(talk, after, event, "crew.comes")


def declined(talk: Talk, after: After, event: Done | Refused) -> Step:
    """Another crew goes, or the applicant chooses anew."""
    replaced = isinstance(event, Done) and event.told.get("replaced") is True
    return _told(talk, after, event, "crew.replaced" if replaced else "crew.declined")


def late_told(talk: Talk, after: After, event: Done | Refused) -> Step:
    """Everybody has been told."""
    minutes = event.told.get("minutes") if isinstance(event, Done) else ""
    return _told(talk, after, event, "crew.late_told", minutes=minutes)


def absent_told(talk: Talk, after: After, event: Done | Refused) -> Step:
    """It is on record."""
    return _told(talk, after, event, "crew.absent_told")


def _told(talk: Talk, after: After, event: Done | Refused, code: str, **data: Any) -> Step:
    line = _line(after.data["stop"], talk)
    if isinstance(event, Refused):
        return talk.say(chat("crew.refused", visit=line, why=why(event))).end()
    return talk.say(chat(code, visit=line, **data)).end()


def _kept(stop: Json) -> dict[str, str]:
    names = ("survey", "visit", "application", "number", "at", "enterprise_name", "address")
    return {name: str(stop.get(name) or "") for name in names}


def _line(stop: Json, talk: Talk) -> str:
    name = stop["enterprise_name"] or stop["address"]
    return chat("crew.stop", at=clock.moment(stop["at"], talk.facts.now), name=name)


def _listed(stops: Sequence[Json], label: str, talk: Talk) -> str:
    """Each with where, whom to meet, what is asked for, who else comes."""
    if not stops:
        return chat("crew.no_stop", day=label)
    lines = [chat("crew.stops", day=label, count=len(stops))]
    for each in stops:
        contact = each.get("contact") or {}
        needs = "、".join(str(need.get("utility_label")) for need in each.get("needs") or ())
        others = "、".join(str(one.get("organization_name")) for one in each.get("coming") or ())
        lines.append(
            chat(
                "crew.stop_whole",
                visit=_line(_kept(each), talk),
                state=each.get("state_label") or "",
                address=each.get("address") or "",
                contact=" ".join(filter(None, (contact.get("name"), contact.get("phone")))),
                needs=needs,
                others=others or chat("crew.nobody_else"),
            )
        )
    return "\n".join(lines)


ANSWERS: Mapping[str, Answer] = {
    "which_stop": which_stop,
    "decline": decline,
    "how_late": how_late,
    "absent": absent,
}
TOLD: Mapping[str, Told] = {
    "day": day,
    "answered": answered,
    "declined": declined,
    "late_told": late_told,
    "absent_told": absent_told,
}
