"""The time of a survey asked for, shown, and carried out after a plain yes."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from bot.dialogue import clock, links, menus
from bot.dialogue.acts import BookSurvey, ReadDraft, ReadTimes, SaveFields
from bot.dialogue.commands import command_of
from bot.dialogue.filling import times
from bot.dialogue.heard import Done, Heard, Kind, Refused
from bot.dialogue.hearing import heard as is_heard
from bot.dialogue.lately import remember
from bot.dialogue.leaving import leaves
from bot.dialogue.state import After, Question
from bot.dialogue.talk import Step, Talk
from bot.dialogue.topics import survey_kept, survey_saying, survey_times
from bot.dialogue.topics.base import Answer, Told
from bot.dialogue.topics.offers import offer
from bot.dialogue.topics.refusing import why
from bot.dialogue.topics.survey_joint import Joint
from bot.dialogue.topics.survey_matter import DRAFT, NAME, VISIT, WAIT, Matter
from bot.dialogue.topics.survey_times import Said
from bot.dialogue.unclear import unclear
from bot.dialogue.yes_no import agreed
from bot.understanding.types import Intent, Understood
from config.texts import error
from config.texts.chat import chat
from rules.errors import Code

AT, OTHER, STOP = menus.TIME, "other", "stop"
_STOP = ("先不约", "不约了", "不改了", "先不改")


def take(talk: Talk, matter: Matter, said: Understood | None) -> Step:
    """Go on with the time that was said with the wish, or ask for one."""
    words = survey_times.words_of(said) if said is not None else ""
    told = _shifted(talk, matter, said) or _read(talk, matter, words)
    if told is None:
        code = "survey.already" if matter.booked and matter.how == VISIT else "survey.when_first"
        before = chat(code, head=matter.head, at=clock.moment(matter.booked, talk.facts.now))
        return ask(talk, matter, before=before)
    return _with(talk, matter, told)


def _shifted(talk: Talk, matter: Matter, said: Understood | None) -> Said | None:
    """So many days later or earlier than what is booked."""
    at = survey_times.shifted(matter.booked, said.text) if matter.booked and said else None
    field = survey_times.field_of(talk.city(matter.city))
    if at is None or field is None:
        return None
    calendar, now = talk.calendar(matter.city), talk.facts.now
    return survey_times.judged(field, times.iso(at), now=now, calendar=calendar)


def _read(talk: Talk, matter: Matter, words: str) -> Said | None:
    city, calendar = talk.city(matter.city), talk.calendar(matter.city)
    return survey_times.read(city, words, now=talk.facts.now, calendar=calendar)


def _with(talk: Talk, matter: Matter, told: Said) -> Step:
    if told.at is not None:
        return _sure(talk, matter, told.at)
    if told.moments is not None:
        return _which_moment(talk, matter, told)
    return ask(talk, matter, before=told.why, near=told.near)


def ask(talk: Talk, matter: Matter, *, before: str = "", near: datetime | None = None) -> Step:
    """Ask for a time, with a few that everybody can keep, around what was meant."""
    data = {**matter.kept(), "before": before, "near": near}
    return talk.do(ReadTimes(matter.case, near), NAME, "times", **data)


def times_told(talk: Talk, after: After, event: Done | Refused) -> Step:
    """Joint times as choices, where crews are known; else working times."""
    matter = Matter.of(after.data)
    joint = Joint.of(event.told if isinstance(event, Done) else {})
    before, near = str(after.data["before"]), after.data["near"]
    if matter.booked is not None and matter.how == VISIT and joint.no_move:
        text = "\n".join(filter(None, (before, error("guard_failed", {"guard": joint.no_move})[1])))
        return offer(talk, text, ("query_status", "human_agent")).end()
    return offered(talk, matter, joint, before=before, near=near)


def offered(
    talk: Talk, matter: Matter, joint: Joint, *, before: str = "", near: datetime | None = None
) -> Step:
    """The question, with the times of an answer."""
    city, now = talk.city(matter.city), talk.facts.now
    found = joint.times or (
        () if joint.known else survey_times.proposals(city, talk.calendar(matter.city), now, near)
    )
    lines = (
        *survey_kept.lines(joint.kept, now),
        *((f"{AT}{times.iso(at)}", times.said(at, now)) for at in found),
        (STOP, chat("survey.stop")),
    )
    text = chat("survey.when" if found else "survey.when_none")
    before = "\n".join(filter(None, (before, *joint.told(moving=matter.booked is not None))))
    return talk.ask(NAME, "when", text, lines, before=before, words="", **matter.kept()).end()


def _which_moment(talk: Talk, matter: Matter, told: Said) -> Step:
    """A time of several meanings, or half of one."""
    moments, now = told.moments, talk.facts.now
    assert moments is not None  # noqa: S101 - only asked of those
    candidates = [clock.read(each) for each in moments.candidates]
    known = [at for at in candidates if at is not None][: menus.MOST - 1]
    if moments.missing == "day" and len({at.date() for at in known}) == 1:
        city, calendar = talk.city(matter.city), talk.calendar(matter.city)
        known = list(survey_times.proposals(city, calendar, now, known[0]))
    lines = (
        *((f"{AT}{times.iso(at)}", times.said(at, now)) for at in known),
        (STOP, chat("survey.stop")),
    )
    code = f"survey.missing_{moments.missing}" if moments.missing else "survey.which_moment"
    text = chat(code, words=moments.words)
    return talk.ask(NAME, "when", text, lines, **matter.kept(), words=moments.words).end()


def when(talk: Talk, question: Question, heard: Heard) -> Step | None:
    """A time tapped or typed; what was missing is put to what was there."""
    matter, picked = Matter.of(question.data), menus.picked(question, heard)
    if picked == STOP or _stops(heard):
        return _stopped(talk, matter)
    if picked is not None and survey_kept.is_key(picked):
        return survey_kept.begin(talk.to(asked=None), picked)
    if picked is not None and picked.startswith(AT):
        return _picked(talk.to(asked=None), matter, picked.removeprefix(AT))
    if heard.kind is Kind.CHOICE or heard.understood is None:
        return None
    if survey_saying.wanted(heard.text) == WAIT and matter.how == VISIT:
        return survey_saying.wait(talk.to(asked=None), matter)
    return _typed(talk, matter, heard.understood, str(question.data.get("words") or ""))


def _picked(talk: Talk, matter: Matter, value: str) -> Step:
    """A time offered may be past or outside of working time by now: judged like any other."""
    field = survey_times.field_of(talk.city(matter.city))
    if field is None:
        return _stopped(talk, matter)
    calendar, now = talk.calendar(matter.city), talk.facts.now
    return _with(talk, matter, survey_times.judged(field, value, now=now, calendar=calendar))


def _typed(talk: Talk, matter: Matter, said: Understood, before: str) -> Step | None:
    """A time, or the part of one that was missing. Words without any time are no answer, nor is
    what plainly wants something else.
    """
    words, now = survey_times.words_of(said), talk.facts.now
    if _wants_else(said) and not times.is_a_time(said.text, now):
        return None
    joined = (
        times.completed(f"{before} ", words) if before and times.names_a_time(words, now) else None
    )
    again = False
    for text in filter(None, (joined, words)):
        told = _read(talk, matter, text)
        if told is not None and (told.moments is None or told.moments.words != before):
            return _with(talk.to(asked=None), matter, told)
        again = again or told is not None
    return unclear(talk, said) if again else None


_ABOUT_TIME = frozenset(
    {
        Intent.BOOK_SURVEY,
        Intent.RESCHEDULE_SURVEY,
        Intent.AFFIRM,
        Intent.DENY,
        Intent.GREET,
        Intent.OUT_OF_SCOPE,
        Intent.MODIFY_APPLICATION,
    }
)


def _wants_else(said: Understood) -> bool:
    return is_heard(said) and said.intent not in _ABOUT_TIME


def _sure(talk: Talk, matter: Matter, at: datetime) -> Step:
    """Whether everybody can come then is looked at before anything is asked."""
    data = {**matter.kept(), "at": at.isoformat()}
    return talk.do(ReadTimes(matter.case, at), NAME, "checked", **data)


def checked(talk: Talk, after: After, event: Done | Refused) -> Step:
    """Show what would be done, and ask; of a time that cannot be had, the next best ones."""
    matter, now = Matter.of(after.data), talk.facts.now
    joint = Joint.of(event.told if isinstance(event, Done) else {})
    at, stands = clock.moment(after.data["at"], now), matter.booked and matter.how == VISIT
    if stands and joint.no_move:
        return times_told(
            talk, replace(after, data={**after.data, "before": "", "near": None}), event
        )
    if not joint.free:
        return offered(talk, matter, joint, before=chat("survey.not_free", at=at))
    code = "survey.sure_draft" if matter.how == DRAFT else "survey.sure_book"
    code = "survey.sure_move" if stands else code
    old = clock.moment(matter.booked, now)
    text = chat(code, head=matter.head, at=at, old=old)
    if joint.known:
        text = "\n".join((*joint.told(moving=bool(stands)), text))
    lines = (
        ("yes", chat("survey.yes")),
        (OTHER, chat("survey.other")),
        ("no", chat("survey.stop")),
    )
    return talk.ask(NAME, "sure", text, lines, **matter.kept(), at=after.data["at"]).end()


def sure(talk: Talk, question: Question, heard: Heard) -> Step | None:
    """Only a yes books; another time said instead is taken up."""
    matter = Matter.of(question.data)
    if menus.picked(question, heard) == OTHER:
        return ask(talk.to(asked=None), matter)
    told = None if _stops(heard) else agreed(question, heard)
    if told is True:
        return _carry_out(talk.to(asked=None), matter, str(question.data["at"]))
    if told is False or _stops(heard):
        return _stopped(talk, matter)
    if heard.kind is Kind.CHOICE or heard.understood is None:
        return None
    return _typed(talk, matter, heard.understood, "")


def _carry_out(talk: Talk, matter: Matter, at: str) -> Step:
    data = {**matter.kept(), "at": at}
    if matter.how == DRAFT:
        return talk.do(ReadDraft(matter.city, matter.case), NAME, "draft", **data)
    moment = datetime.fromisoformat(at)
    return talk.do(BookSurvey(matter.case, moment), NAME, "booked", **data)


def draft(talk: Talk, after: After, event: Done | Refused) -> Step:
    """The form's time is written over the version just read."""
    matter = Matter.of(after.data)
    field = survey_times.field_of(talk.city(matter.city))
    if isinstance(event, Refused) or field is None:
        return not_done(talk, event)
    version = int(event.told.get("version") or 0)
    value = times.iso(datetime.fromisoformat(str(after.data["at"])))
    act = SaveFields(matter.case, {field.key: (value, version)})
    return talk.do(act, NAME, "saved", **after.data)


def saved(talk: Talk, after: After, event: Done | Refused) -> Step:
    """The form has the time."""
    if isinstance(event, Refused):
        return not_done(talk, event)
    matter, at = Matter.of(after.data), clock.moment(after.data["at"], talk.facts.now)
    page = links.draft(talk.facts, matter.case)
    return offer(talk, chat("survey.saved", at=at), ("resume_draft",), page).end()


def booked(talk: Talk, after: After, event: Done | Refused) -> Step:
    """The appointment stands, or the time is asked for again."""
    matter = Matter.of(after.data)
    if isinstance(event, Refused):
        if event.code is Code.SLOT_TAKEN:
            before = chat("survey.taken", at=clock.moment(after.data["at"], talk.facts.now))
            return offered(talk, matter, Joint.refused(event), before=before)
        if event.code is Code.INVALID:
            return ask(talk, matter, before=why(event))
        return not_done(talk, event)
    at = clock.moment(event.told.get("at") or after.data["at"], talk.facts.now)
    code = "survey.moved" if matter.booked else "survey.booked"
    talk = remember(talk, matter.case, "application")
    page = links.case(talk.facts, matter.case)
    return offer(
        talk,
        chat(code, at=at) + chat("survey.may_wait"),
        ("query_status", "reschedule_survey"),
        page,
    ).end()


def _stops(heard: Heard) -> bool:
    return menus.bare(heard.text) in _STOP or leaves(heard.text, command_of(heard.text))


def _stopped(talk: Talk, matter: Matter) -> Step:
    code = "survey.unchanged" if matter.booked else "survey.not_booked"
    return talk.to(asked=None).say(chat(code)).end()


def not_done(talk: Talk, event: Done | Refused) -> Step:
    """What could not be done, and why."""
    reason = why(event) if isinstance(event, Refused) else ""
    return offer(talk, chat("survey.failed", why=reason), ("query_status", "human_agent")).end()


ANSWERS: Mapping[str, Answer] = {"when": when, "sure": sure}
TOLD: Mapping[str, Told] = {
    "times": times_told,
    "checked": checked,
    "draft": draft,
    "saved": saved,
    "booked": booked,
}
