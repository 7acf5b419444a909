"""Printed forms and slips: where each comes from, and where one's own are to be seen."""

import re
from collections.abc import Sequence

from bot.dialogue import cities, links
from bot.dialogue.acts import ReadCases
from bot.dialogue.guide import unstated
from bot.dialogue.heard import Done, Heard, Refused
from bot.dialogue.state import After, Question
from bot.dialogue.talk import Step, Talk
from bot.dialogue.topics import cases
from bot.dialogue.topics.base import Topic
from bot.dialogue.topics.cases import Own
from bot.dialogue.topics.offers import offer
from bot.understanding.types import Intent, Slots, Understood
from config.cities import City, FormCode
from config.texts.chat import chat

NAME = "papers"
_FORMS: tuple[tuple[FormCode, re.Pattern[str]], ...] = (
    ("A", re.compile("采集单|意向登记|登记[表单]")),
    ("C", re.compile("意见单|审批单|审批结果|批复|盖章的意见")),
    ("D", re.compile("承诺")),
    ("B", re.compile("申请表|报装表|申报表|空表|空白表|表格|模板|[填下]表")),
)
_SLIPS = re.compile("回执|通知书|告知书|受理单|凭证|证明|答复")
_OWN = ("C", "slip")
"""Papers that come with a case."""


def begin(talk: Talk, said: Understood) -> Step:
    """Forms are filled in online; what comes with a case is looked up there."""
    talk = cities.settle(talk, said)
    if talk.state.city is None and not said.slots.application_no:
        return cities.ask(talk, said)
    which = _which(said.text)
    if said.slots.application_no or which in _OWN:
        return talk.do(ReadCases("all"), NAME, "listed", said=said, which=which)
    return _form(talk, talk.city(), which)


def _which(text: str) -> str:
    found = next((code for code, cue in _FORMS if cue.search(text)), None)
    if _SLIPS.search(text) and found not in ("C", "D"):
        return "slip"
    return found or "B"


def _form(talk: Talk, city: City, which: str) -> Step:
    """A blank form: what it is for and how it is filled in; a paper blank is nowhere stated."""
    title = city.texts.get(which)  # type: ignore[call-overload]
    kind = f"d_{city.commitment_form}" if which == "D" else which.lower()
    code = f"papers.form_{kind}"
    lines = [chat(code, title=title)]
    if which in ("A", "B"):
        lines += [each.shown for each in unstated(city, chat("papers.blank"))]
    chips = {"A": ("register_intent", "ask_process"), "B": ("apply", "ask_materials")}
    return offer(talk, "\n".join(lines), chips.get(which, ("ask_commitment", "ask_permit"))).end()


def listed(talk: Talk, after: After, event: Done | Refused) -> Step:
    """The own case whose paper is meant."""
    own = cases.own_of(event.told) if isinstance(event, Done) else ()
    said: Understood | None = after.data.get("said")
    slots, which = said.slots if said else Slots(), str(after.data["which"])
    own = tuple(e for e in own if e.kind == "application" and e.state not in ("draft", "withdrawn"))
    if slots.application_no and not cases.numbered(own, slots.application_no):
        text = cases.unknown(slots.application_no)
        return offer(talk, text, ("query_status", "human_agent")).end()
    found = cases.meant(own, slots, talk.facts.city)
    if len(found) == 1:
        return _of_case(talk, found[0], which)
    if found:
        return cases.choose(talk, NAME, "which", found, which=which).end()
    return _without_case(talk, which)


def _without_case(talk: Talk, which: str) -> Step:
    city = talk.city() if talk.state.city else None
    title = city.texts.get("C") if city else None
    code = "papers.form_c" if which == "C" and title else "papers.slip"
    text = "\n".join((chat(code, title=title or ""), chat("cases.none")))
    return offer(talk, text, ("query_status", "apply")).end()


def which_case(talk: Talk, question: Question, heard: Heard) -> Step | None:
    """The case chosen."""
    own = cases.picked(talk, question, heard)
    if own is None or isinstance(own, Step):
        return own
    return _of_case(talk.to(asked=None), own, str(question.data.get("which")))


def _of_case(talk: Talk, own: Own, which: str) -> Step:
    """Where the papers of a case are."""
    title = talk.city(own.city).texts.get("C", "")
    code = "papers.form_c" if which == "C" else "papers.slip"
    where = chat("papers.in_case", number=own.number)
    text = "\n".join((chat(code, title=title), where))
    return offer(talk, text, _chips(own), links.case(talk.facts, own.id)).end()


def _chips(own: Own) -> Sequence[str]:
    return ("query_status", "ask_contact")


PAPERS = Topic(
    name=NAME,
    begin={Intent.ASK_DOCUMENT: begin},
    answers={"which": which_case},
    told={"listed": listed},
)
