"""Joining a chat of the official account to the person known in the mini-program, and parting them.

Where the platform does not tell that both are one person (``workflow.chat.unionid``), the signed-in
mini-program shows a one-time code that is typed into the chat. Knowing somebody's telephone number
or credit code never joins anything. Two persons stay two: what came along is given back when they
part (decision 0017).
"""

import secrets
from dataclasses import replace
from datetime import timedelta
from typing import Final
from uuid import UUID

from models import ChatLink, Conversation, Identity, Membership, Person
from models.base import new_id
from models.queries import belongings
from models.queries import chat as query
from rules.errors import Code, DomainError
from workflow.chat.joined import audit_chat, known_as, locked, note, take_apart
from workflow.encoding import shown
from workflow.people.identity import SessionKind, actor_of_person
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


async def look(unit: Unit, chat: UUID, code: str) -> Answer:
    """Whose code it is, masked, and how many cases of the chat would become that account's.

    Joins nothing and leaves the code good. Refuses, and counts, as ``join`` does. ``joined``: the
    chat is that account's already.
    """
    talk = await _talk(unit, chat)
    link = await _tried(unit, talk, code)
    joined = link.person_id == talk.person_id
    if not joined:
        await _refuse(talk.person_id, link.person_id)
    cases = 0 if joined else await belongings.count_cases(talk.person_id)
    who = await known_as(unit.services, link.person_id)
    return Answer({**who, "joined": joined, "cases": cases})


async def join(unit: Unit, chat: UUID, code: str) -> Answer:
    """Join a chat to the person whose code it is; what the chat's person has goes along, and comes
    back when they part.

    Raises ``CHAT_CODE_WRONG`` for an unknown, used and expired code alike (counted, although it is
    refused), ``TOO_MANY`` after five of those in an hour, ``CHAT_JOINED`` where the chat belongs
    to somebody known already, ``CHAT_NOT_SAME`` where the platform tells the two apart.
    """
    talk = await _talk(unit, chat)
    link = await _tried(unit, talk, code)
    person, home = link.person_id, talk.person_id
    if person == home:
        await ChatLink.filter(id=link.id).update(used_at=unit.now)
        await talk.change(tries=0, tried_at=None)
        who = await known_as(unit.services, person)
        return Answer({"joined": True, "person": str(person), **who, "cases": 0})
    cases = await _bring(unit, talk, link)
    await note(unit, person, "chat_joined", chat, home)
    who = await known_as(unit.services, person)
    return Answer({"joined": True, "person": str(person), **who, "cases": cases})


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
                    "by_code": row.home_id is not None,
                    "last_at": shown(row.updated_at),
                }
                for row in rows
            ]
        }
    )


async def part(unit: Unit, chat: UUID) -> Answer:
    """Part a chat from the signed-in person. Joined by a code, it gets back what came along; else
    it gets a person of its own, and cases stay where they are.

    Raises ``NOT_FOUND`` for a chat of somebody else, ``CONFLICT`` where the person is known from
    nowhere else: nobody could reach its cases any more.
    """
    person = unit.actor.person
    found = await Conversation.filter(id=chat, person_id=person).first()
    if found is None or person is None:
        raise DomainError(Code.NOT_FOUND)
    await query.wait_for_turn(found.appid, found.openid)
    talk = await _talk(unit, chat)
    if talk.person_id != person:
        raise DomainError(Code.NOT_FOUND)
    if talk.home_id is not None:
        await take_apart(unit, talk, tell="chat_parted")
    else:
        await _set_apart(unit, talk)
    return Answer({"id": str(chat), "parted_at": shown(unit.now)})


async def standing(unit: Unit, chat: UUID) -> Answer:
    """Whom a chat is joined to, for whoever writes in it. ``by``: ``code``, ``platform``, or empty
    where the person is known from the chat alone; ``cases``: what would be given back.
    """
    talk = await _talk(unit, chat)
    person = talk.person_id
    who = await known_as(unit.services, person)
    if talk.home_id is not None:
        cases = await belongings.count_brought(talk.brought or {}, person)
        return Answer({**who, "by": "code", "cases": cases})
    return Answer({**who, "by": "platform" if await _is_known(person) else "", "cases": 0})


async def leave(unit: Unit, chat: UUID) -> Answer:
    """Part a chat, from the chat, from whom it was joined to by a code; what came along comes back.

    Raises ``CONFLICT`` where it is not joined by a code.
    """
    talk = await _talk(unit, chat)
    if talk.home_id is None:
        raise DomainError(Code.CONFLICT)
    cases = await take_apart(unit, talk)
    unit.actor = replace(await actor_of_person(talk.person_id), channel=unit.actor.channel)
    return Answer({"id": str(chat), "parted_at": shown(unit.now), "cases": cases})


async def _talk(unit: Unit, chat: UUID) -> Conversation:
    """The chat, locked. The turn of whoever writes in it is held already."""
    query_ = Conversation.filter(id=chat).using_db(unit.connection)
    talk = await query_.select_for_update(no_key=True).first()
    if talk is None:
        raise DomainError(Code.NOT_FOUND)
    return talk


async def _fresh(seal: Seal) -> tuple[str, str]:
    """A code nobody holds now, and what is kept of it."""
    while True:
        code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"
        hashed = _hash(seal, code)
        if not await ChatLink.filter(code_hash=hashed).exists():
            return code, hashed


def _hash(seal: Seal, code: str) -> str:
    return seal.lookup(code, LOOKUP).hex()


async def _tried(unit: Unit, talk: Conversation, code: str) -> ChatLink:
    """The unused, unexpired code. A wrong one is counted."""
    await _refuse_too_many(unit, talk)
    hashed = _hash(unit.services.seal, "".join(code.split()))
    link = await ChatLink.filter(code_hash=hashed, used_at=None, expires_at__gt=unit.now).first()
    if link is None:
        await _count(unit, talk)
        raise Remembered(Code.CHAT_CODE_WRONG)
    return link


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
    await audit_chat(unit, "join_chat", talk.id, talk.person_id, success=False)


async def _refuse(home: UUID, person: UUID) -> None:
    """Somebody known is not taken over; whom the platform tells apart is never joined."""
    if await _is_known(home):
        raise DomainError(Code.CHAT_JOINED)
    one, other = await Person.get(id=home), await Person.get(id=person)
    if one.unionid and other.unionid:
        raise DomainError(Code.CHAT_NOT_SAME)


async def _is_known(person: UUID) -> bool:
    """Whether somebody is known from more than this chat."""
    if await Identity.filter(person_id=person, kind=KIND).exists():
        return True
    if await Membership.filter(person_id=person, ended_at=None).exists():
        return True
    row = await Person.get(id=person)
    return row.phone_lookup is not None


async def _bring(unit: Unit, talk: Conversation, link: ChatLink) -> int:
    """The chat becomes the code's person's, with all its own person has; how many cases.

    Cases are locked before persons, as everywhere; then the code is looked at again: whoever uses
    it first has it.
    """
    person, home = link.person_id, talk.person_id
    await belongings.hold_cases(home)
    await locked(unit, person, home)
    await _refuse(home, person)
    used = await ChatLink.filter(id=link.id, person_id=person, used_at=None).update(
        used_at=unit.now
    )
    if not used:
        raise DomainError(Code.CHAT_CODE_WRONG)
    brought = await belongings.bring(home, person)
    await revoke_all(home, unit.now, SessionKind.WEB)  # they would go on without what has moved
    await talk.change(
        person_id=person,
        home_id=home,
        brought=brought,
        joined_at=unit.now,
        tries=0,
        tried_at=None,
        updated_at=unit.now,
    )
    unit.actor = replace(await actor_of_person(person), channel=unit.actor.channel)
    return sum(len(brought.get(table, ())) for table in belongings.CASES)


async def _set_apart(unit: Unit, talk: Conversation) -> None:
    """A chat the platform has recognised gets a person of its own."""
    person = talk.person_id
    if not await Identity.filter(person_id=person, kind=KIND).exists():
        raise DomainError(Code.CONFLICT)
    alone = await Person.create(id=new_id(), created_at=unit.now)
    await Identity.filter(appid=talk.appid, openid=talk.openid).update(person_id=alone.id)
    await talk.change(person_id=alone.id, state_sealed=None, updated_at=unit.now)
    await revoke_all(person, unit.now, SessionKind.WEB)  # one of those may be this openid's
    await note(unit, person, "chat_left", talk.id)
