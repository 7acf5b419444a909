"""Going on with a form that was left: the one of this talk, else one of the sender's own.

A form that is not of this talk is named before anything is written into it. Of a case that was
handed in nothing is changed here; it is never another one that is changed in its place.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from bot.dialogue import menus
from bot.dialogue.acts import ReadCases, ReadDraft
from bot.dialogue.filling.drafts import Draft, seen
from bot.dialogue.heard import Done, Heard, Refused
from bot.dialogue.lately import case_of_late
from bot.dialogue.refusals import refused
from bot.dialogue.state import After, Question, dump_said, load_said
from bot.dialogue.talk import Step, Talk
from bot.dialogue.topics import cases, putting_in
from bot.dialogue.topics.base import Topic
from bot.dialogue.topics.cases import Own
from bot.dialogue.topics.offers import offer
from bot.understanding.types import Intent, Understood
from config.texts.chat import chat

NAME = "resume"
CHANGE = "change"
_EDITABLE = ("draft", "returned")
_OVER = frozenset({"closed", "withdrawn", "rejected", "converted", "connected"})


def begin(talk: Talk, said: Understood) -> Step:
    """Take up the form of this talk, or look for one."""
    return take_up(talk, said=said)


def take_up(talk: Talk, then: str = "resume", said: Understood | None = None) -> Step:
    """Take up a form; ``then``: ``resume`` to go on, ``change`` to change something in it, with
    what was ``said`` about it.
    """
    sheet = talk.state.sheet
    other = case_of_late(talk) if then == CHANGE and sheet is not None and sheet.paused else None
    if sheet is None or (other is not None and other != sheet.case):
        return talk.do(ReadCases("all"), NAME, "listed", then=then, said=said)
    awake = replace(sheet, paused=False, at=talk.facts.now)
    talk = talk.with_sheet(awake).settled().to(city=sheet.city)
    go_on = putting_in.change if then == CHANGE else putting_in.go_on
    return go_on(talk, awake, said)


def listed(talk: Talk, after: After, event: Done | Refused) -> Step:
    """One form that can be filled in: that one. Several: which? None: say so."""
    if isinstance(event, Refused):
        return refused(talk, event)
    data = after.data
    own = [each for each in cases.own_of(event.told) if each.state not in _OVER]
    found = _meant(talk, own, data)
    if not any(map(_editable, found)):
        return _none(talk, found, own, data)
    if len(found) == 1:
        return _read(talk, found[0], data)
    return _which(talk, found, data)


def _meant(talk: Talk, own: Sequence[Own], data: Any) -> Sequence[Own]:
    """Those a wish may be about: the one named, the one spoken of last, those that can be filled
    in; with a wish to change also those handed in, unless one of them was returned for that.
    """
    said: Understood | None = data.get("said")
    if said is not None:
        named = cases.meant(own, replace(said.slots, utilities=()), talk.facts.city, said.text)
        if len(named) < len(own):
            return named
    editable = [each for each in own if _editable(each)]
    if data["then"] != CHANGE:
        return editable
    last = [each for each in own if each.id == case_of_late(talk)]
    returned = [each for each in editable if each.state == "returned"]
    return last or (editable if returned else own)


def _editable(own: Own) -> bool:
    return own.kind == "application" and own.state in _EDITABLE


def _which(talk: Talk, own: Sequence[Own], data: Any) -> Step:
    """Which of several; in the middle of nothing else."""
    said: Understood | None = data.get("said")
    kept = dump_said(said) if said is not None else None
    code = "resume.which_change" if data["then"] == CHANGE else "resume.which"
    talk = talk.settled()
    more = {"then": data["then"], "said": kept}
    return cases.choose(talk, NAME, "which", own, asks=chat(code), **more).end()


def _none(talk: Talk, found: Sequence[Own], own: Sequence[Own], data: Any) -> Step:
    """Nothing can be filled in: what was handed in cannot be changed now, or there is nothing."""
    if len(found) == 1:
        return _handed_in(talk, found[0], [each for each in own if _editable(each)], data)
    if data["then"] == CHANGE and (others := [each for each in own if _editable(each)]):
        return _which(talk, others, data)
    start = ((f"{menus.START}apply", chat("choices.apply")),)
    code = "resume.none_change" if data["then"] == CHANGE else "resume.none"
    code = "linking.checking" if talk.facts.checking else code
    return talk.settled().ask(NAME, "none", chat(code), start).end()


def _handed_in(talk: Talk, own: Own, others: Sequence[Own], data: Any) -> Step:
    """What was handed in is not changed here; the sender's other forms may be what was meant."""
    try:
        window = talk.city(own.city).window.name
    except LookupError:
        window = ""
    text = chat("resume.handed_in", name=own.line, window=window)
    if not others or data["then"] != CHANGE:
        return offer(talk, text, ("query_status", "human_agent")).end()
    said: Understood | None = data.get("said")
    kept = dump_said(said) if said is not None else None
    more = {"then": data["then"], "said": kept}
    asks = chat("resume.another")
    talk = talk.settled()
    return cases.choose(talk, NAME, "which", others, before=text, asks=asks, **more).end()


def answer_which(talk: Talk, question: Question, heard: Heard) -> Step | None:
    """The one picked, or named."""
    own = cases.picked(talk, question, heard)
    if own is None or isinstance(own, Step):
        return own
    data = {"then": question.data["then"], "said": load_said(question.data.get("said"))}
    said = heard.understood
    if said is not None and said.intent is Intent.MODIFY_APPLICATION:
        data |= {"then": CHANGE, "said": said}  # said anew, with the one it is about
    talk = talk.settled()
    return _read(talk, own, data) if _editable(own) else _handed_in(talk, own, (), data)


def _read(talk: Talk, own: Own, data: Any) -> Step:
    act = ReadDraft(own.city, own.id)
    return talk.do(act, NAME, "read", then=data["then"], said=data.get("said"), line=own.line)


def read(talk: Talk, after: After, event: Done | Refused) -> Step:
    """The draft is there: it is the form of this talk from now on."""
    if isinstance(event, Refused):
        return refused(talk, event)
    data, draft = after.data, Draft.of(event.told)
    talk = seen(talk.with_sheet(None), draft)
    if talk.state.sheet is None:
        return talk.end()
    talk = talk.say(chat("resume.this", name=data["line"]))
    if draft.editable:
        talk = putting_in.with_corrections(talk, draft, data["said"])
    return take_up(talk, data["then"], data["said"])


def named(item: Any) -> str:
    """One of several cases, as a line to pick."""
    utilities = "".join(item.get("utilities") or ())
    name = item.get("number") or item.get("enterprise_name") or item.get("city_name") or ""
    parts = (name, utilities, item.get("state_label") or "")
    return " ".join(str(part) for part in parts if part)


def nothing(talk: Talk, question: Question, heard: Heard) -> Step | None:
    """There is no form; a new one may be begun by its choice, which the router takes."""
    return None


RESUMING = Topic(
    name=NAME,
    begin={Intent.RESUME_DRAFT: begin},
    answers={"which": answer_which, "none": nothing},
    told={"listed": listed, "read": read},
)
