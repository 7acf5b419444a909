"""Who a follower is in the mini-program: the platform tells by the unionid of both accounts."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from models import Conversation
from models.queries import chat as query
from rules.actors import SYSTEM
from workflow.chat.turns import CHAT_KIND, Writer
from workflow.people.persons import person_of
from workflow.ports import Services
from workflow.unit import Answer, Unit, perform


async def learn_unionid(services: Services, payload: Mapping[str, Any]) -> str:
    """Ask the platform who writes in a chat, and join it to that person. Raises ``SendTrouble``."""
    chat = await Conversation.filter(id=UUID(payload["conversation"])).first()
    if chat is None:
        return "gone"
    unionid = await services.platform.unionid_of(chat.openid)
    if unionid is None:
        return "not_told"
    writer = Writer(chat.appid, chat.openid, unionid)

    async def act(unit: Unit) -> Answer:
        await query.wait_for_turn(chat.appid, chat.openid)
        person = await person_of(unit, CHAT_KIND, writer)
        await (
            Conversation.filter(id=chat.id)
            .exclude(person_id=person.id)
            .update(person_id=person.id, updated_at=unit.now)
        )
        return Answer({})

    await perform(services, SYSTEM, act)
    return "learnt"
