"""Messages to a person in the official account that no passive reply carries.

Written in the act that causes them, sent by the outbox as customer-service messages (客服消息):
in order, inside the platform's quota. What the platform will not take any more is given up with
its reason; what it may take later goes on where it stopped.
"""

import base64
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

import orjson

from config import texts
from config.texts import words
from models import Conversation
from models.base import new_id
from models.queries import messages
from workflow.ports import SendTrouble, Services
from workflow.unit import Unit

TOPIC: Final = "chat_message"
PURPOSE: Final = "outbox.chat_message"
"""What is said may repeat what a person has typed: sealed while it waits."""

Said = Mapping[str, Any]
"""``{"kind": "text", "content"}`` or ``{"kind": "menu", "head", "choices": [{"id", "content"}],
"tail"}``; contents as the platform shows them. Of any other kind only a content is said.
"""
_NO_TAGS = str.maketrans("<>", "＜＞")


def send_chat(
    unit: Unit, openid: str, said: Sequence[Said], *, wait: timedelta = timedelta(0)
) -> None:
    """Have messages sent to a follower, one after another, after the commit and after ``wait``."""
    if not said:
        return
    sealed = unit.services.seal.seal(orjson.dumps(list(said)), PURPOSE)
    payload = {
        "ref": str(new_id()),
        "openid": openid,
        "sealed": base64.b64encode(sealed).decode(),
        "sent": 0,
    }
    unit.send(TOPIC, payload, wait=wait)


def plain(text: str) -> str:
    """A text in which the platform finds no tags, whoever wrote parts of it."""
    return text.translate(_NO_TAGS)


async def tell_in_chats(unit: Unit, person: UUID, code: str, data: Mapping[str, Any]) -> None:
    """Say one thing, by its code of ``config/texts/messages.toml``, in every chat of a person."""
    content = plain(texts.render(words.message(code), data))
    for openid in await Conversation.filter(person_id=person).values_list("openid", flat=True):
        send_chat(unit, str(openid), [{"kind": "text", "content": content}])


async def send_messages(services: Services, payload: Mapping[str, Any]) -> str:
    """Send what a row holds from where it stopped. Raises ``SendTrouble`` with what is left."""
    openid, sent = payload["openid"], payload["sent"]
    until = await messages.earlier_until(openid, payload["ref"])
    if until is not None:
        trouble = SendTrouble("behind_an_earlier_one", final=False)
        trouble.until = until
        raise trouble
    sealed = base64.b64decode(payload["sealed"])
    for said in orjson.loads(services.seal.open(sealed, PURPOSE))[sent:]:
        try:
            await _send(services, openid, said)
        except SendTrouble as trouble:
            trouble.rest = {**payload, "sent": sent}
            raise
        sent += 1
    return f"sent_{sent}"


async def _send(services: Services, openid: str, said: Said) -> None:
    if said["kind"] == "menu":
        choices = [(each["id"], each["content"]) for each in said["choices"]]
        await services.platform.chat_menu(openid, said["head"], choices, said["tail"])
    elif said["content"]:
        await services.platform.chat_text(openid, said["content"])
