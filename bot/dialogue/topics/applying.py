"""Beginning form B, the application: a draft that is there, or a new one with what is known."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from bot.dialogue import cities, links, menus
from bot.dialogue.acts import OpenDraft, ReadDraft, SaveFields
from bot.dialogue.filling import taking
from bot.dialogue.filling.asking import shown
from bot.dialogue.filling.drafts import Draft, form_for, seen
from bot.dialogue.filling.sheets import look
from bot.dialogue.heard import Done, Heard, Refused
from bot.dialogue.refusals import refused
from bot.dialogue.state import After, Question, Sheet, dump_said, load_said
from bot.dialogue.talk import Step, Talk
from bot.dialogue.topics import carrying
from bot.dialogue.topics.base import Topic
from bot.dialogue.topics.offers import offer
from bot.dialogue.uses import use_of
from bot.understanding.types import Intent, Understood
from config.texts.chat import chat

NAME = "apply"
GO_ON, ANEW = "go_on", "anew"


def begin(talk: Talk, said: Understood) -> Step:
    """Start an application: the city first, then a draft that is there, else a new one.

    In the middle of a form what was said is taken as part of it, unless it is about another city.
    """
    talk = cities.settle(talk, said)
    sheet = talk.sheet
    if (missing := not_offered(talk, said)) and sheet is None:
        return offer(talk, missing, ("apply", "ask_eligibility", "ask_contact")).end()
    if talk.state.city and said.intent is Intent.RENAME_TRANSFER and not _transfers(talk):
        return talk.say(chat("apply.no_transfer", city=talk.city().name)).end()
    if sheet is not None and sheet.form == "B" and carrying.one_more(said.text):
        return _one_more(talk, sheet, said)
    if sheet is not None and sheet.form == "B" and sheet.city == talk.state.city:
        if not taking.read(talk, sheet, said).nothing:
            pending = talk.state.held or talk.state.asked
            key = pending.data.get("key") if pending and pending.topic == "form" else None
            return look(talk.settled(), sheet, "take", said=said, pending=key, answer=None)
        return look(talk.settled(), sheet, "resume")
    if talk.state.city is None:
        return cities.ask(talk, said)
    if typed(talk.state.sheet):
        return ask_other(talk, said)
    if carrying.one_more(said.text):
        return _open(talk.settled(), said)
    act = ReadDraft(talk.state.city)
    return talk.settled().do(act, NAME, "found", said=said)


def _one_more(talk: Talk, sheet: Sheet, said: Understood) -> Step:
    """A further form; the one in hand is a draft by now, and stays one."""
    kept = chat("apply.kept", title=form_for(talk, sheet).title)
    return _open(talk.say(kept).settled().with_sheet(None), said)


def in_place(talk: Talk, sheet: Sheet, said: Understood) -> Step:
    """Form B in place of form A: what A holds is taken over."""
    talk = talk.to(city=sheet.city).with_sheet(None).settled()
    said = replace(said, intent=Intent.APPLY, confidence=1.0)
    act = ReadDraft(sheet.city)
    return talk.do(act, NAME, "found", said=said, carry=dict(sheet.values))


def not_offered(talk: Talk, said: Understood) -> str:
    """What to say where all that is wanted is not offered in the city; else nothing."""
    named = said.slots.utilities
    if talk.state.city is None or not named:
        return ""
    city = talk.city()
    if any(each in city.utilities for each in named):
        return ""
    uses = "、".join(use_of(each, talk.facts, city) for each in named)
    have = "、".join(each.use for each in city.utilities.values())
    return chat("offer.not_offered", city=city.name, uses=uses, have=have)


def typed(sheet: Sheet | None) -> bool:
    """Whether a form A is under way: it is kept nowhere but here."""
    return sheet is not None and sheet.form == "A" and bool(sheet.values)


def ask_other(talk: Talk, said: Understood) -> Step:
    """Another form may not push a half-filled form A aside unasked."""
    sheet = talk.state.sheet
    assert sheet is not None  # noqa: S101 - only asked where there is one
    offered = ((GO_ON, chat("choices.go_on")), (ANEW, chat("choices.drop_a")))
    text = chat("apply.other", title=form_for(talk, sheet).title)
    return talk.settled().ask(NAME, "other", text, offered, said=dump_said(said)).end()


def answer_other(talk: Talk, question: Question, heard: Heard) -> Step | None:
    """Go on with form A, or let it go for what was wanted."""
    picked, sheet = menus.picked(question, heard), talk.state.sheet
    said = load_said(question.data.get("said"))
    if sheet is None or said is None or picked not in (GO_ON, ANEW):
        return None
    if picked == GO_ON:
        talk = talk.with_sheet(replace(sheet, paused=False)).settled()
        return look(talk, replace(sheet, paused=False), "resume")
    if said.intent is Intent.APPLY and not carrying.other_firm(said.text):
        return in_place(talk.with_sheet(None), sheet, said)
    return talk.with_sheet(None).settled().mean(said)


def _transfers(talk: Talk) -> bool:
    """Whether any utility of the city knows a change of account."""
    utilities = talk.city().utilities.values()
    return any(kind.account_change for each in utilities for kind in each.kinds.values())


def found(talk: Talk, after: After, event: Done | Refused) -> Step:
    """A draft that is there is offered; there is none: a new one is opened."""
    said: Understood = after.data["said"]
    carry = dict(after.data.get("carry") or {})
    if isinstance(event, Refused):
        return refused(talk, event)
    draft = Draft.of(event.told)
    if draft.case is None or not draft.editable:
        return _open(talk, said, carry)
    if not draft.values and draft.stage == "draft":
        return _take(talk, draft, said, carry)
    title = form_for(talk, Sheet("B", draft.city)).title
    name = _of_whom(talk, draft)
    code = "apply.returned_there" if draft.stage == "returned" else "apply.draft_there"
    offered = ((GO_ON, chat("choices.go_on")), (ANEW, chat("choices.anew")))
    return talk.ask(
        NAME,
        "which",
        chat(code, title=title, name=name),
        offered,
        links=links.draft(talk.facts, draft.case),
        case=str(draft.case),
        said=dump_said(said),
        carry=carry,
    ).end()


def _of_whom(talk: Talk, draft: Draft) -> str:
    """What a draft is told by: its utilities, else what is filled in first."""
    form = form_for(talk, Sheet("B", draft.city))
    for field in (*(f for f in form.fields if f.key == "utilities"), *form.fields):
        if draft.values.get(field.key) is not None:
            return chat("form.item", label=field.label, value=shown(field, draft.values[field.key]))
    return ""


def answer_which(talk: Talk, question: Question, heard: Heard) -> Step | None:
    """Go on with the draft, or open another one."""
    picked = menus.picked(question, heard)
    said = load_said(question.data.get("said"))
    word = menus.bare(heard.text)
    if picked is None:
        anew = any(each in word for each in ("另", "新", "重", "再开", "再办"))
        older = any(each in word for each in ("接着", "继续", "原来", "上次", "这份", "旧"))
        picked = ANEW if anew and not older else GO_ON if older and not anew else None
    if picked == ANEW and said is not None:
        return _open(talk.settled(), said, question.data.get("carry"))
    if picked == GO_ON:
        act = ReadDraft(talk.city().code, UUID(question.data["case"]))
        return talk.settled().do(act, NAME, "taken_up", said=said)
    return None


def _open(talk: Talk, said: Understood, carry: Any = None) -> Step:
    act = OpenDraft(talk.city().code)
    return talk.do(act, NAME, "opened", said=said, carry=dict(carry or {}))


def opened(talk: Talk, after: After, event: Done | Refused) -> Step:
    """A new draft: what was said already is filled in, then the first question."""
    if isinstance(event, Refused):
        return refused(talk, event)
    return _take(talk, Draft.of(event.told), after.data["said"], after.data.get("carry"))


def _take(talk: Talk, draft: Draft, said: Understood, carry: Any = None) -> Step:
    """Fill in what is known, then what was said, then ask the first question."""
    form = form_for(talk, Sheet("B", draft.city))
    put = carrying.fitting(form, carry or {}, draft.values)
    if carrying.other_firm(said.text):
        put = carrying.of_firm(draft)
    if not put:
        return _first(talk, draft, said)
    fields = {key: (value, draft.version) for key, value in put.items()}
    assert draft.case is not None  # noqa: S101 - a draft just opened has an id
    keys = [key for key, value in put.items() if value is not None]
    return talk.do(SaveFields(draft.case, fields), NAME, "carried", said=said, keys=keys)


def carried(talk: Talk, after: After, event: Done | Refused) -> Step:
    """What was taken over is told, and can be changed like anything else."""
    if isinstance(event, Refused):
        return refused(talk, event)
    return _first(talk, Draft.of(event.told), after.data["said"], after.data["keys"])


def _first(talk: Talk, draft: Draft, said: Understood, keys: Sequence[str] = ()) -> Step:
    talk = seen(talk.with_sheet(None), draft)
    sheet = talk.state.sheet
    assert sheet is not None  # noqa: S101 - a draft just opened is the sheet
    form = form_for(talk, sheet)
    begun = chat("apply.begun", city=talk.city().name, title=form.title)
    talk = talk.say(begun, links.draft(talk.facts, draft.case))
    filled = [each for each in draft.filled(form) if each.key not in keys]
    known = chat("apply.known", labels="、".join(f.label for f in filled)) if filled else ""
    known = "\n".join(filter(None, [carrying.told(form, list(keys)), known]))
    return taking.take(talk, sheet, draft, said, before=known)


def taken_up(talk: Talk, after: After, event: Done | Refused) -> Step:
    """The draft that was there, with what was said just now."""
    if isinstance(event, Refused):
        return refused(talk, event)
    draft = Draft.of(event.told)
    talk = seen(talk.with_sheet(None), draft)
    sheet = talk.state.sheet
    assert sheet is not None  # noqa: S101 - a draft just read is the sheet
    said = after.data.get("said")
    if said is None or taking.read(talk, sheet, said).nothing:
        return look(talk, sheet, "resume")
    return taking.take(talk, sheet, draft, said)


def by_key(talk: Talk, said: Understood) -> Step:
    """From the custom menu."""
    return begin(talk, replace(said, intent=Intent.APPLY))


APPLYING = Topic(
    name=NAME,
    begin={
        Intent.APPLY: begin,
        Intent.RENAME_TRANSFER: begin,
    },
    keys={"menu:apply": by_key},
    answers={"which": answer_which, "other": answer_other},
    told={"found": found, "opened": opened, "carried": carried, "taken_up": taken_up},
)
