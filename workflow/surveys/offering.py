"""A time kept for the applicant is told in its chats, to be taken or left by a tap.

The notice and the inbox tell it as well (``rules.moves``); here it can be answered at once.
"""

from uuid import UUID

from config import texts
from config.texts import words
from models import Conversation, Survey
from workflow.cases.case import Case
from workflow.chat.sending import plain, send_chat
from workflow.encoding import shown
from workflow.reading.wording import moment
from workflow.surveys.matter import Matter

TAKE, LEAVE = "joint:take", "joint:leave"
"""What a tap comes back as, with the survey's id (``bot.dialogue.topics.survey_kept``)."""


async def tell_in_chats(matter: Matter, kept: Survey, code: str, **data: str) -> None:
    """Say it with 要 and 不要, in words of ``config/texts/messages.toml``, in every chat of whoever
    applies.
    """
    case = matter.case
    if not isinstance(case, Case) or case.app.owner_id is None:
        return
    told = {
        "number": case.number() or "",
        "at": moment(shown(kept.at)),
        "due_at": moment(shown(kept.held_until)),
        **data,
    }
    said = {
        "kind": "menu",
        "head": plain(texts.render(words.message(code), told)),
        "choices": [
            {"id": f"{TAKE}:{kept.id}", "content": words.message("take_time")},
            {"id": f"{LEAVE}:{kept.id}", "content": words.message("leave_time")},
        ],
        "tail": "",
    }
    for openid in await _chats(case.app.owner_id):
        send_chat(matter.unit, openid, [said])


async def _chats(person: UUID) -> list[str]:
    found = await Conversation.filter(person_id=person).values_list("openid", flat=True)
    return [str(openid) for openid in found]
