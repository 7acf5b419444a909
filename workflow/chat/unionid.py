"""Who a follower is in the mini-program: the platform tells by the unionid of both accounts."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

import orjson
from tortoise.expressions import F
from tortoise.queryset import QuerySet

from models import Conversation, Person
from models.queries import chat as query
from rules.actors import SYSTEM
from workflow.chat.joined import take_apart
from workflow.chat.turns import CHAT_KIND, UNIONID, Writer
from workflow.people.persons import hold, person_of
from workflow.ports import Services
from workflow.unit import Answer, Unit, perform

AGAIN: Final = timedelta(days=1)
"""After so long the platform may know whom it could not tell before."""
_MOST: Final = 500


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


async def ask(unit: Unit, writer: Writer) -> None:
    """Ask about somebody again of whom the platform would not tell; nothing where it is being
    asked, or has told.
    """
    chats = Conversation.filter(appid=writer.appid, openid=writer.openid)
    await _send(unit, chats.filter(union_asked_at__isnull=False))


async def ask_again(services: Services) -> bool:
    """Ask about everybody of whom it would not tell a day ago and whose talk has gone on since."""
    done = await perform(services, SYSTEM, _due)
    return bool(orjson.loads(done.body)["asked"] == _MOST)


async def _due(unit: Unit) -> Answer:
    since = Conversation.filter(
        union_asked_at__lt=unit.now - AGAIN, updated_at__gt=F("union_asked_at") + AGAIN
    )
    return Answer({"asked": await _send(unit, since.limit(_MOST))})


async def _send(unit: Unit, chats: QuerySet[Conversation]) -> int:
    found = await chats.using_db(unit.connection).select_for_update(skip_locked=True, no_key=True)
    for chat in found:
        unit.send(UNIONID, {"conversation": str(chat.id)})
    await Conversation.filter(id__in=[each.id for each in found]).update(union_asked_at=None)
    return len(found)
