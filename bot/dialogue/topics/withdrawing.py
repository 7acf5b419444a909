"""Giving up: the form being filled in, or a case that was handed in. Never without a plain yes."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from bot.dialogue import links, menus
from bot.dialogue.acts import ReadCases, Withdraw
from bot.dialogue.filling.sheets import look
from bot.dialogue.heard import Done, Heard, Refused
from bot.dialogue.refusals import refused
from bot.dialogue.state import After, Question, Sheet
from bot.dialogue.talk import Step, Talk
from bot.dialogue.topics.base import Topic
from bot.dialogue.topics.resuming import named
from bot.dialogue.yes_no import yes_or_no
from bot.understanding.types import Intent, Understood
from config.texts.chat import chat

NAME = "withdraw"
LEAVE, DROP, STAY = "leave", "drop", "stay"
CASE = "c:"
_ENDED = frozenset({"closed", "withdrawn", "rejected", "converted", "connected"})


def begin(talk: Talk, said: Understood) -> Step:
    """The form of this talk: keep it for later, drop it, or go on. Else: which case?"""
    sheet = talk.sheet
    if sheet is None or said.slots.application_no:
        return talk.do(ReadCases("all"), NAME, "listed", number=said.slots.application_no or "")
    return from_form(talk, sheet)


def from_form(talk: Talk, sheet: Sheet) -> Step:
    """Quit the form that is being filled in."""
    if sheet.returned:
        code, drop = "withdraw.returned", "choices.withdraw"
    else:
        code, drop = "withdraw.draft", "choices.drop"
    leave = "choices.leave_a" if sheet.case is None else "choices.leave"
    offered = ((LEAVE, chat(leave)), (DROP, chat(drop)), (STAY, chat("choices.go_on")))
    return talk.ask(NAME, "form", chat(code), offered).end()


def answer_form(talk: Talk, question: Question, heard: Heard) -> Step | None:
    """Leave, drop or go on."""
    sheet, picked, word = talk.sheet, menus.picked(question, heard), menus.bare(heard.text)
    if sheet is None:
        return None
    if picked == LEAVE or any(each in word for each in ("保留", "以后", "先不", "留着", "下次")):
        talk = talk.with_sheet(replace(sheet, paused=True)).settled()
        kept = chat("form.paused_a") if sheet.case is None else chat("form.paused")
        return talk.say(kept, links.draft(talk.facts, sheet.case)).end()
    if picked == DROP or any(each in word for each in ("作废", "删", "不要了", "撤回", "撤销")):
        if sheet.case is None:
            return talk.with_sheet(None).settled().say(chat("withdraw.dropped_a")).end()
        return talk.settled().do(Withdraw(sheet.case), NAME, "done", own=True)
    if (
        picked == STAY
        or yes_or_no(question, heard) is False
        or word in ("继续", "接着填", "继续填")
    ):
        return look(talk.settled(), sheet, "next", before=chat("withdraw.stayed"))
    return None


def listed(talk: Talk, after: After, event: Done | Refused) -> Step:
    """The case meant: the one with that number, the only one, or asked for."""
    if isinstance(event, Refused):
        return refused(talk, event)
    items = [each for each in event.told.get("items", ()) if each.get("state") not in _ENDED]
    number = _digits(after.data["number"])
    if number and (same := [i for i in items if _digits(i.get("number") or "") == number]):
        items = same
    elif number:
        return talk.say(chat("withdraw.no_such")).end()
    if not items:
        return talk.say(chat("withdraw.none")).end()
    if len(items) == 1:
        return _sure(talk, items[0])
    offered = tuple((f"{CASE}{at}", named(each)) for at, each in enumerate(items[: menus.MOST]))
    kept = [_kept(each) for each in items[: menus.MOST]]
    return talk.ask(NAME, "which", chat("withdraw.which"), offered, items=kept).end()


def _digits(text: str) -> str:
    """Digits of a number, without leading zeros of its sequence: 2023(0188)号 → 2023-188."""
    parts = "".join(char if char.isdecimal() else " " for char in text).split()
    return "-".join(part.lstrip("0") for part in parts)


def _kept(item: Any) -> dict[str, str]:
    return {
        "id": str(item["id"]),
        "kind": str(item.get("kind") or "application"),
        "name": named(item),
    }


def _sure(talk: Talk, item: Any) -> Step:
    one = item if "name" in item else _kept(item)
    offered = (("yes", chat("choices.withdraw_yes")), ("no", chat("choices.withdraw_no")))
    text = chat("withdraw.sure", name=one["name"])
    return talk.ask(NAME, "sure", text, offered, id=one["id"], kind=one["kind"]).end()


def answer_which(talk: Talk, question: Question, heard: Heard) -> Step | None:
    """The case picked."""
    picked = menus.picked(question, heard)
    if picked is None or not picked.startswith(CASE):
        return None
    return _sure(talk.to(asked=None), question.data["items"][int(picked.removeprefix(CASE))])


def answer_sure(talk: Talk, question: Question, heard: Heard) -> Step | None:
    """Only a yes gives it up."""
    told = yes_or_no(question, heard)
    if told is None and any(
        word in heard.text for word in ("确认撤回", "确定撤回", "撤回", "撤销")
    ):
        told = True
    if told is None:
        return None
    talk = talk.to(asked=None)
    if not told:
        return talk.say(chat("withdraw.kept")).end()
    case = UUID(question.data["id"])
    registered = question.data["kind"] == "registration"
    act = Withdraw(case, "registration") if registered else Withdraw(case)
    return talk.do(act, NAME, "done", own=False, id=question.data["id"])


def done(talk: Talk, after: After, event: Done | Refused) -> Step:
    """It is given up; a form of this talk that was about it is gone."""
    if isinstance(event, Refused):
        return refused(talk, event)
    sheet = talk.state.sheet
    gone = sheet is not None and (after.data["own"] or str(sheet.case) == after.data.get("id"))
    if gone:
        talk = talk.with_sheet(None).settled()
    return talk.say(chat("withdraw.done")).end()


WITHDRAWING = Topic(
    name=NAME,
    begin={Intent.WITHDRAW: begin},
    answers={"form": answer_form, "which": answer_which, "sure": answer_sure},
    told={"listed": listed, "done": done},
)
