"""Joining this chat to the person of the mini-program: by a one-time code that only that person's
own mini-program shows. Whoever knows a telephone number or a credit code learns nothing by it.
Whose code it is, is said before anything is joined: it may be a stranger's, sent with a promise.
"""

import re
from collections.abc import Mapping
from typing import Any

from bot.dialogue import menus
from bot.dialogue.acts import Link, ReadLink
from bot.dialogue.heard import Done, Heard, Refused
from bot.dialogue.replies import PageLink
from bot.dialogue.state import After, Question
from bot.dialogue.talk import Step, Talk
from bot.dialogue.topics.base import Topic
from bot.dialogue.topics.offers import offer
from bot.dialogue.topics.refusing import why
from bot.dialogue.yes_no import yes_or_no
from bot.understanding.types import Intent, Pending, Understood
from config.texts.chat import chat
from rules.errors import Code

NAME = "linking"
DIGITS = 8
PAGE = "pages/me/chat"
LATER, APPLY = "later", "apply"
YES, NO = "yes", "no"
_ALONE = re.compile(r"[0-9](?:[ -]?[0-9]){7}")
_NAMED = re.compile("(?:关联|绑定|验证)码?[^0-9]{0,4}([0-9]{8})(?![0-9])")
_WISH = re.compile(
    "(?:关联|绑定)[^,。]{0,6}(?:小程序|公众号|微信|身份|账号|帐号|手机)"
    "|(?:小程序|公众号|账号|帐号|身份)[^,。]{0,4}(?:关联|绑定)"
)
_PRIVATE = re.compile("[0-9]{11}|[0-9A-Z]{18}")


def code_in(text: str) -> str | None:
    """An 8-digit code that is the whole message, or named as such."""
    whole = _ALONE.fullmatch(text.strip())
    if whole is not None:
        return re.sub("[ -]", "", whole[0])
    named = _NAMED.search(text)
    return named[1] if named else None


def typed(talk: Talk, text: str) -> Step | None:
    """A code typed while nothing else waits for an answer is tried; who asks to be joined is told
    how. None for anything else.
    """
    code = code_in(text)
    if code is None and _WISH.search(text):
        return offer_link(talk)
    if code is None or talk.facts.linked:
        return None
    return join(talk, code) if talk.sheet is None or _NAMED.search(text) else None


def join(talk: Talk, code: str) -> Step:
    """See whose code it is."""
    return talk.do(ReadLink(code), NAME, "seen", code=code)


def seen(talk: Talk, after: After, event: Done | Refused) -> Step:
    """Ask whether that account is the writer's own; what joining would give away is said."""
    if isinstance(event, Refused):
        return _refused(talk, event)
    if event.told.get("joined"):
        return offer_link(talk) if talk.facts.linked else talk.say(chat("linking.same")).end()
    cases = event.told.get("cases")
    what = chat("linking.sure_cases", count=cases) if cases else chat("linking.sure_none")
    text = chat("linking.sure", who=who(event.told), what=what)
    offered = ((YES, chat("linking.sure_yes")), (NO, chat("linking.sure_no")))
    code = after.data["code"]
    return talk.ask(NAME, "sure", text, offered, numbered=False, passing=True, code=code).end()


def sure(talk: Talk, question: Question, heard: Heard) -> Step | None:
    """Only the choice itself joins, tapped or typed word for word: 好的 is soon said."""
    picked = menus.picked(question, heard)
    if picked == YES:
        return talk.to(asked=None).do(Link(str(question.data["code"])), NAME, "joined")
    answered = yes_or_no(question, heard)
    if picked == NO or answered is False:
        return talk.to(asked=None).say(chat("linking.cancelled")).end()
    return talk.again(chat("linking.sure_again")).end() if answered else None


def who(told: Mapping[str, Any]) -> str:
    """An account by what is shown of it: 王**（138****1234）."""
    name, phone = told.get("name") or chat("linking.no_name"), told.get("phone")
    return chat("linking.who", name=name, phone=phone) if phone else str(name)


def offer_link(talk: Talk, before: str = "") -> Step:
    """Say how to be known here, and wait for the digits. ``before``: what was not found; while the
    platform is still asked who this is, it may be found in a moment.
    """
    if talk.facts.linked:
        return talk.say("\n".join(filter(None, [before, chat("linking.linked_before")]))).end()
    if before and talk.facts.checking:
        return offer(talk, chat("linking.checking"), ("query_status", "apply")).end()
    page = _page(talk)
    how = chat("linking.how" if page else "linking.how_no_page")
    told = "\n".join(filter(None, [before, chat("linking.offer"), how]))
    offered = ((APPLY, chat("linking.apply")), (LATER, chat("linking.not_now")))
    return _ask(talk, offered, told, page)


def _ask(
    talk: Talk, offered: tuple[tuple[str, str], ...], before: str, page: tuple[PageLink, ...]
) -> Step:
    """Wait for the digits, as long as nothing else is begun; numbers are no choices here."""
    text = chat("linking.question")
    asked = talk.ask(
        NAME, "code", text, offered, before=before, links=page, numbered=False, passing=True
    )
    return asked.end()


def _page(talk: Talk) -> tuple[PageLink, ...]:
    if not talk.facts.mini_program:
        return ()
    return (PageLink(chat("linking.page"), PAGE),)


def answer(talk: Talk, question: Question, heard: Heard) -> Step | None:
    """Digits are tried; a telephone number or credit code is told why it does not help."""
    picked = menus.picked(question, heard)
    if picked == APPLY:
        return talk.to(asked=None).mean(Understood("", Intent.APPLY, 1.0))
    if picked == LATER or yes_or_no(question, heard) is False:
        return talk.to(asked=None).say(chat("linking.later")).end()
    text = re.sub("[ -]", "", heard.text).upper()
    if (code := code_in(heard.text)) is not None:
        return join(talk.to(asked=None), code)
    if _PRIVATE.fullmatch(text):
        return talk.again(chat("linking.why")).end()
    if re.fullmatch("[0-9]{4,12}", text):
        return talk.again(chat("linking.not_digits")).end()
    return None


def joined(talk: Talk, after: After, event: Done | Refused) -> Step:
    """The chat is joined, or why it is not."""
    if isinstance(event, Refused):
        return _refused(talk, event)
    cases = event.told.get("cases")
    moved = chat("linking.moved", count=cases) if cases else ""
    text = chat("linking.linked", who=who(event.told), moved=moved)
    return offer(talk, text, ("query_status", "resume_draft")).end()


def _refused(talk: Talk, event: Refused) -> Step:
    if event.code in (Code.TOO_MANY, Code.LOCKED_OUT):
        return talk.say(chat("linking.too_many")).end()
    if event.code is Code.CHAT_CODE_WRONG:
        page = _page(talk)
        offered = ((LATER, chat("linking.not_now")),)
        return _ask(talk, offered, chat("linking.wrong"), page)
    return talk.say(why(event)).end()


def expects(talk: Talk, question: Question) -> Pending:
    """Digits, or the choice."""
    kind = "confirm" if question.name == "sure" else "integer"
    return Pending(kind, tuple(choice.label for choice in question.choices))


LINKING = Topic(
    name=NAME,
    answers={"code": answer, "sure": sure},
    told={"seen": seen, "joined": joined},
    expects=expects,
)
