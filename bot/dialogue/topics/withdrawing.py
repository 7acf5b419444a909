"""Giving up: the form being filled in, or a case that was handed in. Never without a plain yes."""

import re
from dataclasses import replace
from typing import Any
from uuid import UUID

from bot.dialogue import links, menus
from bot.dialogue.acts import ReadCases, Withdraw
from bot.dialogue.commands import command_of
from bot.dialogue.filling.sheets import look
from bot.dialogue.heard import Done, Heard, Refused
from bot.dialogue.leaving import declines, leaves
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
    told = yes_or_no(question, heard) if picked is None else None
    if told is None and declines(heard.text) and "退" in word:
        told = False
    drops = any(each in word for each in ("作废", "删", "不要了", "撤回", "撤销"))
    if picked == LEAVE or _quits(word) or (told is True and not drops):
        talk = talk.with_sheet(replace(sheet, paused=True)).settled()
        kept = chat("form.paused_a") if sheet.case is None else chat("form.paused")
        return talk.say(kept, links.draft(talk.facts, sheet.case)).end()
    if picked == DROP or drops:
        if sheet.case is None:
            return talk.with_sheet(None).settled().say(chat("withdraw.dropped_a")).end()
        act = Withdraw(sheet.case)
        return talk.settled().do(act, NAME, "done", own=True, draft=not sheet.returned)
    if picked == STAY or told is False or word in ("继续", "接着填", "继续填"):
        return look(talk.settled(), sheet, "next", before=chat("withdraw.stayed"))
    return None


_QUITS = re.compile(
    "保留|以后|先不|留着|下次|^(?:是|对|好|嗯|要|确认|确定|我|就|先)*(?:取消|退出|离开)"
)


def _quits(word: str) -> bool:
    """Whether a whole message says once more that the form is to be left."""
    return _QUITS.search(word) is not None


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
        checking = talk.facts.checking
        return talk.say(chat("linking.checking" if checking else "withdraw.none")).end()
    if len(items) == 1:
        return _sure(talk, items[0])
    offered = tuple((f"{CASE}{at}", named(each)) for at, each in enumerate(items[: menus.MOST]))
    kept = [_kept(each) for each in items[: menus.MOST]]
    return talk.ask(NAME, "which", chat("withdraw.which"), offered, items=kept, passing=True).end()


def _digits(text: str) -> str:
    """Digits of a number, without leading zeros of its sequence: 2023(0188)号 → 2023-188."""
    parts = "".join(char if char.isdecimal() else " " for char in text).split()
    return "-".join(part.lstrip("0") for part in parts)


def _kept(item: Any) -> dict[str, Any]:
    return {
        "id": str(item["id"]),
        "kind": str(item.get("kind") or "application"),
        "name": named(item),
        "draft": item.get("state") == "draft",
    }


def _sure(talk: Talk, item: Any) -> Step:
    """Asked in passing: whoever goes on to something else has not said yes."""
    one = item if "draft" in item else _kept(item)
    code, yes, no = _DRAFT if one["draft"] else _CASE
    lines = (("yes", chat(yes)), ("no", chat(no)))
    kept = {each: one[each] for each in ("id", "kind", "draft")}
    text = chat(code, name=one["name"])
    return talk.ask(NAME, "sure", text, lines, passing=True, **kept).end()


_CASE = ("withdraw.sure", "choices.withdraw_yes", "choices.withdraw_no")
_DRAFT = ("leave.draft_sure", "leave.draft_yes", "leave.draft_no")


def answer_which(talk: Talk, question: Question, heard: Heard) -> Step | None:
    """The case picked."""
    picked = menus.picked(question, heard)
    if picked is None or not picked.startswith(CASE):
        return None
    return _sure(talk.to(asked=None), question.data["items"][int(picked.removeprefix(CASE))])


def answer_sure(talk: Talk, question: Question, heard: Heard) -> Step | None:
    """Only a yes gives it up."""
    told = yes_or_no(question, heard)
    if told is None:
        told = _plainly(heard.text)
    if told is None:
        return None
    talk = talk.to(asked=None)
    if not told:
        draft = question.data.get("draft")
        return talk.say(chat("leave.draft_kept" if draft else "withdraw.kept")).end()
    case = UUID(question.data["id"])
    registered = question.data["kind"] == "registration"
    act = Withdraw(case, "registration") if registered else Withdraw(case)
    return talk.do(
        act, NAME, "done", own=False, id=question.data["id"], draft=question.data.get("draft")
    )


_PLAINLY = re.compile(
    "(?:确认|确定|同意|要|是的?|对)?(?:撤回|撤销|撤|放弃|作废|不要了)(?:吧|了|掉)?"
)


def _plainly(text: str) -> bool | None:
    """确认撤回 is a yes and 不撤了 a no; a wish said again is asked again."""
    if _PLAINLY.fullmatch(menus.bare(text)):
        return True
    return False if declines(text) or leaves(text, command_of(text)) else None


def done(talk: Talk, after: After, event: Done | Refused) -> Step:
    """It is given up; a form of this talk that was about it is gone."""
    if isinstance(event, Refused):
        return refused(talk, event)
    sheet = talk.state.sheet
    gone = sheet is not None and (after.data["own"] or str(sheet.case) == after.data.get("id"))
    if gone:
        talk = talk.with_sheet(None).settled()
    code = "leave.draft_done" if after.data.get("draft") else "withdraw.done"
    return talk.say(chat(code)).end()


WITHDRAWING = Topic(
    name=NAME,
    begin={Intent.WITHDRAW: begin},
    answers={"form": answer_form, "which": answer_which, "sure": answer_sure},
    told={"listed": listed, "done": done},
)
