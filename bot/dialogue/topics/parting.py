"""解除关联: taking apart what a one-time code has joined, from the chat."""

import re

from bot.dialogue.acts import ReadJoined, Unlink
from bot.dialogue.heard import Done, Heard, Refused
from bot.dialogue.state import After, Question
from bot.dialogue.talk import Step, Talk
from bot.dialogue.topics.base import Topic
from bot.dialogue.topics.linking import who
from bot.dialogue.topics.refusing import why
from bot.dialogue.yes_no import yes_or_no
from config.texts.chat import chat

NAME = "parting"
_WISH = re.compile(
    "(?:我(?:要|想)?|请|帮我|麻烦|怎么|如何)*"
    "(?:(?:解除|取消|断开|撤销|去掉)(?:和|与|跟)?[^,。?？]{0,8}的?(?:关联|绑定)(?:关系)?|解绑|解除绑定)"
    "(?:小程序|公众号|账号|帐号)?[吧了呢吗啊?？。!！ ]*"
)


def is_wish(text: str) -> bool:
    """Whether a whole message asks for the chat to be parted."""
    return _WISH.fullmatch(text.strip()) is not None


def begin(talk: Talk) -> Step:
    """See whom the chat is joined to."""
    return talk.aside().do(ReadJoined(), NAME, "standing")


def standing(talk: Talk, after: After, event: Done | Refused) -> Step:
    """Ask for a yes where a code has joined it; else say how it is."""
    if isinstance(event, Refused):
        return talk.say(why(event)).end()
    by = event.told.get("by")
    if by != "code":
        return talk.say(chat("parting.by_platform" if by == "platform" else "parting.none")).end()
    cases = event.told.get("cases")
    back = chat("parting.back", count=cases) if cases else ""
    text = chat("parting.sure", who=who(event.told), back=back)
    offered = (("yes", chat("parting.yes")), ("no", chat("parting.no")))
    return talk.ask(NAME, "sure", text, offered, passing=True).end()


def sure(talk: Talk, question: Question, heard: Heard) -> Step | None:
    """Parted on a yes."""
    answered = yes_or_no(question, heard)
    if answered is None:
        return None
    if answered:
        return talk.to(asked=None).do(Unlink(), NAME, "parted")
    return talk.to(asked=None).say(chat("parting.kept")).end()


def parted(talk: Talk, after: After, event: Done | Refused) -> Step:
    """What the talk knew of the account's cases is let go."""
    if isinstance(event, Refused):
        return talk.say(why(event)).end()
    cases = event.told.get("cases")
    back = chat("parting.given", count=cases) if cases else ""
    forgot = talk.to(sheet=None, asked=None, held=None, memo={})
    return forgot.say(chat("parting.done", back=back)).end()


PARTING = Topic(name=NAME, answers={"sure": sure}, told={"standing": standing, "parted": parted})
