"""A picture: which document is it? Then it is fetched and attached to the case."""

from typing import Any
from uuid import UUID

from bot.dialogue import menus
from bot.dialogue.acts import ReadCases, ReadDraft, TakePicture
from bot.dialogue.filling.drafts import Draft
from bot.dialogue.heard import Done, Heard, Refused
from bot.dialogue.refusals import refused
from bot.dialogue.state import After, Question
from bot.dialogue.talk import Step, Talk
from bot.dialogue.topics.base import Topic
from bot.dialogue.topics.resuming import named
from config.texts.chat import chat
from rules.forms import documents_for
from rules.states import ENDED_STAGES

NAME = "picture"
DOCUMENT, CASE, NONE = "d:", "c:", "none"
MOST = 9
"""Pictures that wait for the same answer."""
_ENDED = frozenset(stage.value for stage in ENDED_STAGES)


def take(talk: Talk, media_id: str) -> Step:
    """A picture came in. One of several sent in a row joins those that wait already."""
    question = talk.state.asked
    if question is not None and question.topic == NAME:
        media = [*question.data["media"], media_id][-MOST:]
        data = {**question.data, "media": media}
        offered = tuple(
            (choice.id.partition(".")[2], choice.label.partition(". ")[2])
            for choice in question.choices
        )
        return talk.ask(NAME, question.name, question.text, offered, **data).end()
    talk = talk.aside()
    sheet = talk.sheet
    if sheet is not None and sheet.case is not None:
        act = ReadDraft(sheet.city, sheet.case)
        return talk.do(act, NAME, "known", media=[media_id], city=sheet.city)
    return talk.do(ReadCases("all"), NAME, "listed", media=[media_id])


def listed(talk: Talk, after: After, event: Done | Refused) -> Step:
    """The case it is for: the only one, or asked for."""
    if isinstance(event, Refused):
        return refused(talk, event)
    items = [
        each
        for each in event.told.get("items", ())
        if each.get("kind") == "application" and each.get("state") not in _ENDED
    ]
    if not items:
        return talk.say(chat("picture.no_case")).end()
    media = after.data["media"]
    if len(items) == 1:
        return _of_case(talk, str(items[0]["id"]), str(items[0]["city"]), media)
    offered = tuple((f"{CASE}{each['city']}:{each['id']}", named(each)) for each in items)
    text = chat("picture.which_case")
    return talk.ask(NAME, "case", text, offered[: menus.MOST], media=media).end()


def _of_case(talk: Talk, case: str, city: str, media: list[str]) -> Step:
    return talk.do(ReadDraft(city, UUID(case)), NAME, "known", media=media, city=city)


def answer_case(talk: Talk, question: Question, heard: Heard) -> Step | None:
    """The case picked."""
    picked = menus.picked(question, heard)
    if picked is None or not picked.startswith(CASE):
        return None
    city, _, case = picked.removeprefix(CASE).partition(":")
    return _of_case(talk.to(asked=None), case, city, question.data["media"])


def known(talk: Talk, after: After, event: Done | Refused) -> Step:
    """What the city asks for: nothing, or which of these is it?"""
    if isinstance(event, Refused):
        return refused(talk, event)
    draft = Draft.of(event.told)
    city = talk.city(after.data["city"])
    documents = documents_for(city, draft.values)
    if not documents or draft.case is None:
        return talk.say(chat("picture.not_needed", city=city.name)).end()
    offered = tuple((DOCUMENT + each.code, each.label) for each in documents[: menus.MOST - 1])
    none = ((NONE, chat("picture.neither")),)
    media: list[Any] = after.data["media"]
    return talk.ask(
        NAME,
        "document",
        chat("picture.which"),
        (*offered, *none),
        media=media,
        case=str(draft.case),
        city=city.code,
    ).end()


def answer_document(talk: Talk, question: Question, heard: Heard) -> Step | None:
    """Tapped or named; one act a picture."""
    city = talk.city(question.data["city"])
    labels = {each.code: each.label for each in city.documents}
    picked = menus.picked(question, heard)
    if picked is None and heard.text:
        word = menus.bare(heard.text)
        named_ = [c for c, label in labels.items() if word and (label in word or word in label)]
        picked = DOCUMENT + named_[0] if len(named_) == 1 and len(word) > 1 else None
    if picked == NONE:
        return talk.to(asked=None).say(chat("picture.left")).end()
    code = (picked or "").removeprefix(DOCUMENT)
    if code not in labels:
        return None
    media = list(question.data["media"])
    return _attach(talk.to(asked=None), question.data["case"], code, labels[code], media)


def _attach(talk: Talk, case: str, code: str, label: str, media: list[str]) -> Step:
    first, rest = media[0], media[1:]
    act = TakePicture(UUID(case), first, code)
    return talk.do(act, NAME, "taken", case=case, code=code, label=label, media=rest)


def taken(talk: Talk, after: After, event: Done | Refused) -> Step:
    """It is being fetched; the next one follows."""
    if isinstance(event, Refused):
        return refused(talk, event)
    data = after.data
    if data["media"]:
        return _attach(talk, data["case"], data["code"], data["label"], data["media"])
    return talk.say(chat("picture.taken", label=data["label"])).end()


PICTURES = Topic(
    name=NAME,
    answers={"case": answer_case, "document": answer_document},
    told={"listed": listed, "known": known, "taken": taken},
)
