"""Joining a chat of the official account to the person known in the mini-program, and parting them.

Where the platform does not tell that both are one person (``workflow.chat.unionid``), the signed-in
mini-program shows a one-time code that is typed into the chat. Knowing somebody's telephone number
or credit code never joins anything.
"""

import secrets
from dataclasses import replace
from datetime import timedelta
from typing import Final
from uuid import UUID

from models import Application, ChatLink, Conversation, Identity, Membership, Person, Registration
from models.base import new_id
from models.queries import chat as query
from rules.actors import Role
from rules.errors import Code, DomainError
from workflow.chat.turns import Writer
from workflow.encoding import shown
from workflow.notices import Audience, Notice
from workflow.people.identity import SessionKind, actor_of_person
from workflow.people.persons import cities_of, hold, merge
from workflow.people.sessions import revoke_all
from workflow.ports import Seal
from workflow.unit import Answer, Remembered, Unit

DIGITS: Final = 8
LIFE: Final = timedelta(minutes=5)
TRIES: Final = 5
"""Wrong codes one chat may type within ``WINDOW``."""
WINDOW: Final = timedelta(hours=1)
LOOKUP: Final = "chat_link"
KIND: Final = "mp"


async def offer(unit: Unit) -> Answer:
    """A new one-time code for the signed-in person, shown this once; it ends the one before."""
    person = unit.actor.person
    if person is None:
        raise DomainError(Code.UNAUTHENTICATED)
    await ChatLink.filter(person_id=person).delete()
    await ChatLink.filter(expires_at__lt=unit.now).delete()
    code, hashed = await _fresh(unit.services.seal)
    expires = unit.now + LIFE
    await ChatLink.create(
        code_hash=hashed, person_id=person, created_at=unit.now, expires_at=expires
    )
    return Answer({"code": code, "expires_at": shown(expires)}, 201, location="/me/chat-links")


async def join(unit: Unit, chat: UUID, code: str) -> Answer:
    """Join a chat to the person whose code it is; what the chat's person has goes along.

    Raises ``CHAT_CODE_WRONG`` for an unknown, used and expired code alike (counted, although it is
    refused), ``TOO_MANY`` after five of those in an hour, ``CHAT_JOINED`` where the chat belongs
    to somebody of the mini-program already: that one parts them first.
    """
    talk = await Conversation.filter(id=chat).using_db(unit.connection).select_for_update().first()
    if talk is None:
        raise DomainError(Code.NOT_FOUND)
    await _refuse_too_many(unit, talk)
    await hold(unit, Writer(talk.appid, talk.openid))
    link = await _live(unit, code)
    if link is None:
        await _count(unit, talk)
        raise Remembered(Code.CHAT_CODE_WRONG)
    if link.person_id != talk.person_id:
        if await _is_known(talk.person_id):
            raise DomainError(Code.CHAT_JOINED)
        await _unite(unit, talk.person_id, link.person_id)
    joined = await Conversation.get(id=chat)
    await ChatLink.filter(id=link.id).update(used_at=unit.now)
    await joined.change(joined_at=unit.now, tries=0, tried_at=None, updated_at=unit.now)
    person = joined.person_id
    await _note(unit, person, "chat_joined", chat)
    return Answer({"joined": True, "person": str(person)})


async def own(person: UUID | None) -> Answer:
    """The chats in which the person's cases are told, the newest first."""
    if person is None:
        raise DomainError(Code.UNAUTHENTICATED)
    rows = await Conversation.filter(person_id=person).order_by("-created_at")
    return Answer(
        {
            "items": [
                {
                    "id": str(row.id),
                    "since": shown(row.joined_at or row.created_at),
                    "by_code": row.joined_at is not None,
                    "last_at": shown(row.updated_at),
                }
                for row in rows
            ]
        }
    )


async def part(unit: Unit, chat: UUID) -> Answer:
    """Part a chat from the person: it gets a person of its own, cases stay where they are.

    Raises ``NOT_FOUND`` for a chat of somebody else, ``CONFLICT`` where the person is known from
    nowhere else: nobody could reach its cases any more.
    """
    person = unit.actor.person
    found = await Conversation.filter(id=chat, person_id=person).first()
    if found is None or person is None:
        raise DomainError(Code.NOT_FOUND)
    await query.wait_for_turn(found.appid, found.openid)
    talk = await Conversation.filter(id=chat, person_id=person).first()
    if talk is None:
        raise DomainError(Code.NOT_FOUND)
    await hold(unit, Writer(talk.appid, talk.openid))
    own_openid = Identity.filter(appid=talk.appid, openid=talk.openid)
    if not await Identity.filter(person_id=person, kind=KIND).exists():
        raise DomainError(Code.CONFLICT)
    alone = await Person.create(id=new_id(), created_at=unit.now)
    await own_openid.update(person_id=alone.id)
    await talk.change(person_id=alone.id, state_sealed=None, joined_at=None, updated_at=unit.now)
    await revoke_all(person, unit.now, SessionKind.WEB)  # one of those may be this openid's
    await _note(unit, person, "chat_left", chat)
    return Answer({"id": str(chat), "parted_at": shown(unit.now)})


async def _fresh(seal: Seal) -> tuple[str, str]:
    """A code nobody holds now, and what is kept of it."""
    while True:
        code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"
        hashed = _hash(seal, code)
        if not await ChatLink.filter(code_hash=hashed).exists():
            return code, hashed


def _hash(seal: Seal, code: str) -> str:
    return seal.lookup(code, LOOKUP).hex()


async def _live(unit: Unit, code: str) -> ChatLink | None:
    """The unused, unexpired code, locked: whoever types it first has it."""
    hashed = _hash(unit.services.seal, "".join(code.split()))
    return (
        await ChatLink.filter(code_hash=hashed, used_at=None, expires_at__gt=unit.now)
        .using_db(unit.connection)
        .select_for_update()
        .first()
    )


async def _refuse_too_many(unit: Unit, talk: Conversation) -> None:
    if talk.tries < TRIES or talk.tried_at is None:
        return
    left = talk.tried_at + WINDOW - unit.now
    if left > timedelta(0):
        raise DomainError(Code.TOO_MANY, retry_after=int(left.total_seconds()) + 1)


async def _count(unit: Unit, talk: Conversation) -> None:
    """Note a wrong code; the first one of an hour opens the window."""
    began = talk.tried_at
    over = began is None or began + WINDOW <= unit.now
    await talk.change(tries=1 if over else talk.tries + 1, tried_at=unit.now if over else began)
    for city, role in await _cities(talk.person_id):
        unit.audit(city, role, "join_chat", "conversation", talk.id, success=False)


async def _is_known(person: UUID) -> bool:
    """Whether somebody is known from more than this chat."""
    if await Identity.filter(person_id=person, kind=KIND).exists():
        return True
    if await Membership.filter(person_id=person, ended_at=None).exists():
        return True
    row = await Person.get(id=person)
    return row.phone_lookup is not None


async def _unite(unit: Unit, one: UUID, other: UUID) -> None:
    """Two persons become one; the elder stays."""
    kept = await merge(unit, await Person.get(id=one), await Person.get(id=other))
    if kept is None:
        raise DomainError(Code.CONFLICT)
    unit.actor = replace(await actor_of_person(kept.id), channel=unit.actor.channel)


async def _note(unit: Unit, person: UUID, code: str, chat: UUID) -> None:
    """Tell the person, and leave a trace in every city in which it has cases or works."""
    cities = await _cities(person)
    for city, role in cities:
        unit.audit(city, role, code, "conversation", chat)
    unit.notices.append(
        Notice(
            origin=f"{code}:{chat}:{int(unit.now.timestamp())}",
            code=code,
            city=cities[0][0] if cities else unit.services.cities.codes()[0],
            audience=Audience(persons=(person,)),
        )
    )


async def _cities(person: UUID) -> list[tuple[str, Role | str]]:
    held = await cities_of(await Person.get(id=person))
    found: dict[str, Role | str] = dict(held)
    for table in (Application, Registration):
        for city in await table.filter(owner_id=person).distinct().values_list("city", flat=True):
            found.setdefault(str(city), Role.APPLICANT)
    return list(found.items())
