"""Where the sender's own case stands, and when it will be done."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal
from uuid import UUID

from bot.dialogue import links
from bot.dialogue.acts import ReadCases, ReadStatus
from bot.dialogue.heard import Done, Heard, Refused
from bot.dialogue.lately import CASE, remember
from bot.dialogue.state import After, Question
from bot.dialogue.talk import Step, Talk
from bot.dialogue.topics import cases, linking
from bot.dialogue.topics.base import Topic
from bot.dialogue.topics.cases import Own
from bot.dialogue.topics.deadline_words import when_done
from bot.dialogue.topics.offers import offer
from bot.dialogue.topics.progress_words import progress, requests_of, steps_of
from bot.dialogue.topics.refusing import said_why
from bot.dialogue.topics.registration_words import registration
from bot.understanding.types import Intent, Slots, Understood
from config.texts.chat import chat

NAME = CASE
Wants = Literal["status", "deadline"]
Json = Mapping[str, Any]

_EDITABLE = ("draft", "returned")
_CHIPS = {
    "book_survey": "book_survey",
    "survey": "reschedule_survey",
    "correction": "resume_draft",
    "fill": "resume_draft",
    "rating": "evaluate",
}
"""What one may go on with, by the step that is waited for."""


_KEPT = ("wants", "utilities", "hoped", "urged")
"""What is kept of a question while its case is looked for."""


def begin(talk: Talk, said: Understood) -> Step:
    """The only live case at once, else which one. A number in the text names an own case."""
    code = linking.code_in(said.text)
    if code is not None and not talk.facts.linked:
        return linking.join(talk, code)
    asked = asked_of(said)
    if said.slots.application_no:
        return talk.do(ReadCases("all"), NAME, "listed", said=said, **asked)
    return talk.do(ReadStatus(), NAME, "read", said=said, **asked)


def urged(talk: Talk, said: Understood) -> Step:
    """Whoever urges is told where the case stands, and where to complain."""
    asked = {**asked_of(replace(said, intent=Intent.QUERY_STATUS)), "urged": True}
    return talk.do(ReadStatus(), NAME, "read", said=said, **asked)


def mine(talk: Talk) -> Step:
    """All of the sender's own cases, to choose from."""
    return talk.do(ReadCases("all"), NAME, "mine")


def all_listed(talk: Talk, after: After, event: Done | Refused) -> Step:
    """The list itself was asked for: one case is a line of it too."""
    if isinstance(event, Refused):
        return said_why(talk, event)
    own = cases.own_of(event.told)
    return cases.choose(talk, NAME, "which", own, wants="status").end() if own else _none(talk, "")


def of_case(
    talk: Talk, own: Own, *, wants: Wants = "status", utilities: Sequence[str] = ()
) -> Step:
    """One case, known by now."""
    asked = {"wants": wants, "utilities": list(utilities), "before": "", "hoped": False}
    return talk.do(ReadStatus(own.id, own.kind), NAME, "read", said=None, **asked)


def asked_of(said: Understood) -> dict[str, Any]:
    """What an utterance asks of a case, as kept until it is read."""
    slots = said.slots
    private = slots.phone or slots.credit_code
    deadline = said.intent is Intent.QUERY_DEADLINE
    return {
        "wants": "deadline" if deadline else "status",
        "utilities": list(slots.utilities),
        "before": chat("cases.not_by_phone") if private else "",
        "hoped": deadline and slots.datetime is not None,
    }


def read(talk: Talk, after: After, event: Done | Refused) -> Step:
    """A case's progress, or the list it is to be chosen from."""
    if isinstance(event, Refused):
        return said_why(talk, event)
    if "items" in event.told:
        return _which(talk, after, cases.own_of(event.told), open_only=True)
    return _tell(talk, after, event.told)


def listed(talk: Talk, after: After, event: Done | Refused) -> Step:
    """All own cases, of which a number was named. Somebody else's is answered like none."""
    if isinstance(event, Refused):
        return said_why(talk, event)
    said: Understood | None = after.data.get("said")
    number = (said.slots.application_no if said else None) or ""
    found = cases.numbered(cases.own_of(event.told), number)
    if found:
        return _read(talk, after, found[0])
    text = "\n".join(filter(None, [after.data["before"], cases.unknown(number)]))
    if not talk.facts.linked:
        return linking.offer_link(talk, text)
    return offer(talk, text, ("query_status", "human_agent")).end()


def _which(talk: Talk, after: After, own: Sequence[Own], *, open_only: bool) -> Step:
    said: Understood | None = after.data.get("said")
    slots = said.slots if said else Slots()
    live = [each for each in own if each.state not in _ENDED]
    drafts = [each for each in live if each.state == "draft"]
    live = [each for each in live if each.state != "draft"]
    found = cases.meant(live, slots, talk.facts.city, said.text if said else "")
    if len(found) == 1:
        return _read(talk, after, found[0])
    before = after.data["before"]
    if found:
        asked: dict[str, Any] = {k: after.data.get(k) for k in _KEPT}
        return cases.choose(talk, NAME, "which", found, before=before, **asked).end()
    return _nothing_live(talk, before, drafts, [e for e in own if e.state in _ENDED])


_ENDED = frozenset({"closed", "withdrawn", "rejected", "converted"})


def _nothing_live(talk: Talk, before: str, drafts: list[Own], ended: list[Own]) -> Step:
    """No case is being dealt with: a draft is spoken of, ended ones are listed, or none at all."""
    lines = [before]
    if drafts:
        page = links.draft(talk.facts, drafts[0].id)
        text = "\n".join(filter(None, [before, chat("cases.draft_only")]))
        return offer(talk, text, ("resume_draft", "ask_process"), page).end()
    if not talk.facts.linked:
        return _none(talk, before)
    if ended:
        lines.append(chat("cases.none_open"))
        told = "\n".join(filter(None, lines))
        return cases.choose(talk, NAME, "which", ended, before=told, wants="status").end()
    return _none(talk, before)


def _none(talk: Talk, before: str) -> Step:
    """Nothing is the sender's own."""
    text = "\n".join(filter(None, [before, chat("cases.none")]))
    if not talk.facts.linked:
        return linking.offer_link(talk, text)
    return offer(talk, text, ("apply", "register_intent", "ask_process")).end()


def which(talk: Talk, question: Question, heard: Heard) -> Step | None:
    """The case chosen."""
    own = cases.picked(talk, question, heard)
    if own is None or isinstance(own, Step):
        return own
    data = {k: question.data.get(k) for k in _KEPT}
    after = After(NAME, "read", {**data, "before": "", "said": None})
    return _read(talk.to(asked=None), after, own)


def _read(talk: Talk, after: After, own: Own) -> Step:
    data = {k: after.data.get(k) for k in (*_KEPT, "before")}
    return talk.do(ReadStatus(own.id, own.kind), NAME, "read", said=None, **data)


def _tell(talk: Talk, after: After, body: Json) -> Step:
    """The case in words, with what to do next."""
    data, now = after.data, talk.facts.now
    try:
        case, city = UUID(str(body.get("id"))), talk.city(str(body.get("city")))
    except (ValueError, LookupError):
        return talk.say(chat("cases.unreadable")).end()
    utilities = tuple(data.get("utilities") or ())
    kind = "registration" if body.get("kind") == "registration" else "application"
    talk = remember(talk, case, kind, str(data.get("wants")))
    talk = cases.about(talk, city.code)
    chips = _chips(body) if kind == "application" else ("apply",)
    deadline = data.get("wants") == "deadline"
    if kind == "registration":
        text = registration(body, city, now, utilities, deadline=deadline)
    elif deadline:
        text = when_done(body, city, now, utilities, hoped=bool(data.get("hoped")))
    else:
        text = progress(body, city, now, utilities)
    urged = chat("status.urged") if data.get("urged") else ""
    chips = ("complain", "human_agent") if urged else chips
    text = "\n".join(filter(None, [data.get("before"), text, urged]))
    editable = body.get("stage") in _EDITABLE
    page = (links.draft if editable else links.case)(talk.facts, case)
    return offer(talk, text, chips, page).end()


def _chips(body: Json) -> tuple[str, ...]:
    steps = steps_of(body)
    named = [_CHIPS[step] for step in steps if step in _CHIPS]
    if body.get("stage") == "connected" and not named:
        return ()
    return (*named, "complain") if _late(body) else tuple(named)


def _late(body: Json) -> bool:
    """Whether somebody other than the applicant is past its time."""
    steps = [body.get("now"), *(each.get("now") for each in requests_of(body))]
    return any(
        isinstance(step, Mapping)
        and step.get("light") == "red"
        and step.get("holder") != "applicant"
        for step in steps
    )


def by_key(talk: Talk, said: Understood) -> Step:
    """By the custom menu."""
    return begin(talk, replace(said, intent=Intent.QUERY_STATUS))


STATUS = Topic(
    name=NAME,
    begin={Intent.QUERY_STATUS: begin, Intent.QUERY_DEADLINE: begin},
    keys={"menu:status": by_key},
    answers={"which": which},
    told={"read": read, "listed": listed, "mine": all_listed},
)
