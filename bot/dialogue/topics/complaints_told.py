"""What became of one's complaints: by number, or the newest ones."""

import re
from collections.abc import Mapping
from typing import Any

from bot.dialogue import clock
from bot.dialogue.acts import ReadComplaints
from bot.dialogue.heard import Done, Refused
from bot.dialogue.state import After
from bot.dialogue.talk import Step, Talk
from bot.dialogue.topics.offers import offer
from bot.dialogue.topics.refusing import said_why
from bot.understanding.types import Understood
from config.texts.chat import chat

NAME = "complaint"
_LONGEST = 30
_MOST = 3
_NUMBER = re.compile("[Tt][Ss] ?[0-9]{4,8}(?: ?- ?[0-9]{1,9})?")
_ASKS = re.compile(
    "(?:查|看|问|了解|打听)[^,，。;；]{0,8}投诉(?!电话|热线|渠道|方式|怎么[打办走])"
    "|投诉(?:的?(?:那?件)?(?:事情?|问题))?(?:现在|目前)?(?:处理|办理?|受理|回复|答复|解决)?(?:得|的|到|了|有)?"
    "(?:怎么样|咋样|怎样|哪一?步|哪了|哪儿了|结果|进度|进展|回音|下文|消息|没有?$|吗$|了没有?$|了吗$)"
)


def asked(talk: Talk, said: Understood) -> Step | None:
    """Answer a question about a complaint made before; None for anything else."""
    text = said.text.strip(" 。.!！~?？")
    number = _NUMBER.search(text)
    if number is None and (len(text) > _LONGEST or not _ASKS.search(text)):
        return None
    if number is not None and len(text) - len(number[0]) > _LONGEST:
        return None
    moved = talk.to(misses=0).aside()
    return moved.do(ReadComplaints(), NAME, "told", number=number[0] if number else "")


def told(talk: Talk, after: After, event: Done | Refused) -> Step:
    """The one with the number, else the newest ones."""
    if isinstance(event, Refused):
        return said_why(talk, event)
    items = [each for each in event.told.get("items", ()) if isinstance(each, Mapping)]
    if wanted := _plain(str(after.data.get("number") or "")):
        items = [each for each in items if _plain(str(each.get("number"))) == wanted]
    if not items:
        code = "complaint.no_such" if wanted else "complaint.none_made"
        return offer(talk, chat(code), ("complain", "human_agent")).end()
    lines = [_line(talk, each) for each in items[:_MOST]]
    late = any(each.get("light") == "red" for each in items[:_MOST])
    chips = ("human_agent", "complain") if late else ("query_status", "human_agent")
    return offer(talk, "\n".join(lines), chips).end()


def _line(talk: Talk, item: Mapping[str, Any]) -> str:
    """One complaint: when it was made, and its answer or when one is due."""
    now = talk.facts.now
    number, at = item.get("number") or "", clock.moment(item.get("created_at"), now)
    if item.get("answer"):
        return chat("complaint.answered", number=number, at=at, answer=item["answer"])
    due = clock.moment(item.get("due_at"), now)
    code = "complaint.late" if item.get("light") == "red" else "complaint.open"
    return chat(code, number=number, at=at, due=due)


def _plain(number: str) -> str:
    return number.replace(" ", "").upper()


TOLD = {"told": told}
