"""Who a follower is in the mini-program: the platform tells by the unionid of both accounts."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from tortoise.expressions import F

from models import Conversation, Person
from models.queries import chat as query
from rules.actors import SYSTEM
from workflow.chat.joined import take_apart
from workflow.chat.turns import CHAT_KIND, Writer
from workflow.people.persons import hold, person_of
from workflow.ports import Services
from workflow.unit import Answer, Unit, perform


async def learn_unionid(services: Services, payload: Mapping[str, Any]) -> str:
    """Ask the platform who writes in a chat, and join it to that person. Raises ``SendTrouble``."""
    chat = await Conversation.filter(id=UUID(payload["conversation"])).first()
    if chat is None:
        return "gone"
    unionid = await services.platform.unionid_of(chat.openid)
    if unionid is None:
        asked = services.clock.now()
        await Conversation.filter(id=chat.id).update(union_asked_at=asked)
        return "not_told"
    writer = Writer(chat.appid, chat.openid, unionid)

    async def act(unit: Unit) -> Answer:
        await hold(unit, writer)  # before the chat's turn, as whoever signs in
        await query.wait_for_turn(chat.appid, chat.openid)
        person = await person_of(unit, CHAT_KIND, writer)
        talk = await Conversation.get(id=chat.id)
        if talk.home_id is None:
            await (
                Conversation.filter(id=chat.id)
                .exclude(person_id=person.id)
                .update(person_id=person.id, version=F("version") + 1, updated_at=unit.now)
            )
        elif (await Person.get(id=talk.person_id)).unionid not in (None, unionid):
            await take_apart(unit, talk, tell="chat_told_apart")
        return Answer({})

    await perform(services, SYSTEM, act)
    return "learnt"
