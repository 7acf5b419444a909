"""One turn of the chat: opened by one statement, and kept by one when it changes nothing.

A turn that acts is a unit of work like any other (``workflow.unit``): the message's key, what was
done, where the talk stands and the reply are there together or not at all. A turn that only reads
goes the short way: its reply is kept unless the talk has moved meanwhile.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from tortoise.expressions import F

from config.texts import words
from models import Conversation
from models.base import new_id
from models.queries import chat as query
from models.queries.progress import Only, only_of
from rules.actors import Actor, Membership, OrgKind, Role
from rules.states import Channel
from workflow.people.persons import person_of
from workflow.ports import Seal, Services
from workflow.unit import ANSWER_PURPOSE, Key, Unit

STATE_PURPOSE = "conversation.state"
UNIONID = "chat_unionid"
"""Outbox topic: learn who a follower is in the mini-program."""
CHAT_KIND = "h5"
"""An openid of the official account is the same in its chat and on its web pages."""

State = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Writer:
    """Who writes: an openid of the official account. The platform tells no more here."""

    appid: str
    openid: str
    unionid: str | None = None


@dataclass(frozen=True, slots=True)
class Talk:
    """Where the talk with one person stands. ``state`` is None before the first turn;
    ``asked_since``: when the talk began, while the platform has not told who the person is.
    """

    id: UUID
    person: UUID
    version: int
    state: State | None
    linked: bool
    memberships: tuple[Membership, ...]
    asked_since: datetime | None = None

    @property
    def actor(self) -> Actor:
        """The person as it acts through the chat."""
        held = frozenset(each.role for each in self.memberships)
        return Actor(
            person=self.person,
            memberships=self.memberships,
            roles=frozenset({Role.APPLICANT}) | held,
            channel=Channel.CHAT,
        )


@dataclass(frozen=True, slots=True)
class Opening:
    """What one statement tells: the reply kept under the key, or where the talk stands.

    ``busy``: another turn of the person is running; what was read may be old. ``case``: the one
    open case of the person, where it was asked for.
    """

    answered: bytes | None
    busy: bool
    talk: Talk | None
    case: Only | None = None


def key_of(writer: Writer, message: str) -> Key:
    """The key of one message of one person; the platform sends it again with the same."""
    return Key(f"chat:{writer.appid}", f"{writer.openid}:{message}", b"")


async def opening(
    services: Services, writer: Writer, key: Key, *, with_case: bool = False
) -> Opening:
    """Look before answering. ``with_case``: the person will probably ask for its one open case."""
    door = query.Door(writer.appid, writer.openid, key.scope, key.value, words.inside())
    row = await (query.opened_with_case if with_case else query.opened)(door)
    if row["answered"] is not None:
        return Opening(services.seal.open(row["answered"], ANSWER_PURPOSE), row["busy"], None)
    case = only_of(row) if with_case else None
    return Opening(None, row["busy"], _talk(services.seal, row), case)


async def keep(
    services: Services, key: Key, talk: Talk, reply: bytes, state: State | None, now: datetime
) -> bool:
    """Keep the reply of a turn that only read, and where the talk goes on (None: as it was).

    False when the talk has moved since, or another has answered the message: then nothing is kept.
    """
    seal = services.seal
    answer = query.Answer(
        key.scope,
        key.value,
        key.fingerprint,
        seal.seal(reply, ANSWER_PURPOSE),
        now,
        talk.id,
        talk.version,
        b"" if state is None else _sealed(seal, state),
    )
    return await query.keep(answer)


async def hold(unit: Unit, writer: Writer) -> Talk:
    """Take the person's turn and see where the talk stands; begun with the first message.

    Holds until the end of the unit; ``unit.actor`` is the person from then on.
    """
    row = await query.talking(writer.appid, writer.openid)
    if row is None:
        await query.wait_for_turn(writer.appid, writer.openid)
        row = await query.talking(writer.appid, writer.openid)
    if row is None:
        await _begin(unit, writer)
        row = await query.talking(writer.appid, writer.openid)
    talk = _talk(unit.services.seal, row)
    assert talk is not None  # noqa: S101 - begun above in this very transaction
    unit.actor = talk.actor
    return talk


async def save(unit: Unit, talk: Talk, state: State) -> None:
    """Where the talk stands from now on."""
    await query.save(talk.id, _sealed(unit.services.seal, state), unit.now)


async def forget(unit: Unit, writer: Writer) -> None:
    """A follower who leaves: what was typed in the talk goes; drafts and cases stay."""
    await query.wait_for_turn(writer.appid, writer.openid)
    await Conversation.filter(appid=writer.appid, openid=writer.openid).update(
        state_sealed=None, version=F("version") + 1, updated_at=unit.now
    )


async def _begin(unit: Unit, writer: Writer) -> None:
    person = await person_of(unit, CHAT_KIND, writer)
    talk = await Conversation.create(
        id=new_id(),
        appid=writer.appid,
        openid=writer.openid,
        person_id=person.id,
        created_at=unit.now,
        updated_at=unit.now,
    )
    if person.unionid is None:
        unit.send(UNIONID, {"conversation": str(talk.id)})


def _talk(seal: Seal, row: Any) -> Talk | None:
    if row["talk_id"] is None:
        return None
    sealed = row["state_sealed"]
    held = orjson.loads(row["memberships"]) if row["memberships"] else []
    return Talk(
        id=row["talk_id"],
        person=row["person_id"],
        version=row["talk_version"],
        state=None if sealed is None else orjson.loads(seal.open(sealed, STATE_PURPOSE)),
        linked=bool(row["linked"]),
        memberships=tuple(_membership(each) for each in held),
        asked_since=row["asked_since"],
    )


def _membership(each: list[Any]) -> Membership:
    ident, role, city, org, kind, code, utility, town = each
    return Membership(UUID(ident), Role(role), city, UUID(org), OrgKind(kind), code, utility, town)


def _sealed(seal: Seal, state: State) -> bytes:
    return seal.seal(orjson.dumps(state), STATE_PURPOSE)
