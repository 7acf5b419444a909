"""Going on with a form that was left: the one of this talk, else one of the sender's own."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from bot.dialogue import menus
from bot.dialogue.acts import ReadCases, ReadDraft
from bot.dialogue.filling.drafts import Draft, seen
from bot.dialogue.filling.sheets import look
from bot.dialogue.heard import Done, Heard, Refused
from bot.dialogue.refusals import refused
from bot.dialogue.state import After, Question
from bot.dialogue.talk import Step, Talk
from bot.dialogue.topics.base import Topic
from bot.understanding.types import Intent, Understood
from config.texts.chat import chat

NAME = "resume"
CASE = "c:"
_EDITABLE = ("draft", "returned")


def begin(talk: Talk, said: Understood) -> Step:
    """Take up the form of this talk, or look for one."""
    return take_up(talk)


def take_up(talk: Talk, then: str = "resume") -> Step:
    """Take up a form; ``then``: ``resume`` to go on, ``change`` to change something in it."""
    sheet = talk.state.sheet
    if sheet is not None:
        awake = replace(sheet, paused=False, at=talk.facts.now)
        talk = talk.with_sheet(awake).settled().to(city=sheet.city)
        if then == "change":
            return look(talk, awake, "edit", keys=[], what="")
        return look(talk, awake, "resume")
    return talk.do(ReadCases("all"), NAME, "listed", then=then)


def listed(talk: Talk, after: After, event: Done | Refused) -> Step:
    """One form that can be filled in: that one. Several: which? None: say so."""
    if isinstance(event, Refused):
        return refused(talk, event)
    items = [each for each in event.told.get("items", ()) if _editable(each)]
    if not items:
        start = ((f"{menus.START}apply", chat("choices.apply")),)
        code = "resume.none_change" if after.data["then"] == "change" else "resume.none"
        code = "linking.checking" if talk.facts.checking else code
        return talk.settled().ask(NAME, "none", chat(code), start).end()
    if len(items) == 1:
        return _read(talk, str(items[0]["id"]), str(items[0]["city"]), after.data["then"])
    offered = tuple((f"{CASE}{each['city']}:{each['id']}", named(each)) for each in items)
    return (
        talk.settled()
        .ask(NAME, "which", chat("resume.which"), offered[: menus.MOST], then=after.data["then"])
        .end()
    )


def _editable(item: Any) -> bool:
    return item.get("kind") == "application" and item.get("state") in _EDITABLE


def named(item: Any) -> str:
    """One of several cases, as a line to pick."""
    utilities = "".join(item.get("utilities") or ())
    name = item.get("number") or item.get("enterprise_name") or item.get("city_name") or ""
    parts = (name, utilities, item.get("state_label") or "")
    return " ".join(str(part) for part in parts if part)


def answer_which(talk: Talk, question: Question, heard: Heard) -> Step | None:
    """The one picked."""
    picked = menus.picked(question, heard)
    if picked is None or not picked.startswith(CASE):
        return None
    city, _, case = picked.removeprefix(CASE).partition(":")
    return _read(talk.settled(), case, city, question.data["then"])


def _read(talk: Talk, case: str, city: str, then: str) -> Step:
    return talk.do(ReadDraft(city, UUID(case)), NAME, "read", then=then)


def read(talk: Talk, after: After, event: Done | Refused) -> Step:
    """The draft is there: it is the form of this talk from now on."""
    if isinstance(event, Refused):
        return refused(talk, event)
    talk = seen(talk.with_sheet(None), Draft.of(event.told))
    return take_up(talk, after.data["then"]) if talk.state.sheet else talk.end()


def nothing(talk: Talk, question: Question, heard: Heard) -> Step | None:
    """There is no form; a new one may be begun by its choice, which the router takes."""
    return None


RESUMING = Topic(
    name=NAME,
    begin={Intent.RESUME_DRAFT: begin},
    answers={"which": answer_which, "none": nothing},
    told={"listed": listed, "read": read},
)
