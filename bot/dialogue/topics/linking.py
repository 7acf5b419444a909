"""Joining this chat to the person of the mini-program: by a one-time code that only that person's
own mini-program shows. Whoever knows a telephone number or a credit code learns nothing by it.
"""

import re

from bot.dialogue import menus
from bot.dialogue.acts import Link
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
    """Try a code."""
    return talk.do(Link(code), NAME, "joined")


def offer_link(talk: Talk, before: str = "") -> Step:
    """Say how to be known here, and wait for the digits."""
    if talk.facts.linked:
        return talk.say("\n".join(filter(None, [before, chat("linking.linked_before")]))).end()
    page = _page(talk)
    how = chat("linking.how" if page else "linking.how_no_page")
    told = "\n".join(filter(None, [before, chat("linking.offer"), how]))
    offered = ((APPLY, chat("linking.apply")), (LATER, chat("linking.not_now")))
    question = chat("linking.question")
    return talk.ask(NAME, "code", question, offered, before=told, links=page, numbered=False).end()


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
    if isinstance(event, Done):
        return offer(talk, chat("linking.linked"), ("query_status", "resume_draft")).end()
    if event.code in (Code.TOO_MANY, Code.LOCKED_OUT):
        return talk.say(chat("linking.too_many")).end()
    if event.code is Code.CHAT_CODE_WRONG:
        page = _page(talk)
        offered = ((LATER, chat("linking.not_now")),)
        return _ask(talk, offered, chat("linking.wrong"), page)
    return talk.say(why(event)).end()


def expects(talk: Talk, question: Question) -> Pending:
    """Digits."""
    return Pending("integer", tuple(choice.label for choice in question.choices))


LINKING = Topic(name=NAME, answers={"code": answer}, told={"joined": joined}, expects=expects)
