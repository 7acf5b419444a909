"""One unit of work per act (house: never nested, opened by the door).

Key, effect, events, audit rows, notices, outbox rows and the stored answer are written in ONE
transaction: either all of it is there or nothing.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
from tortoise.backends.base.client import BaseDBAsyncClient

from models import noted
from models.db import in_transaction, pool
from models.records import Event
from rules.actors import Actor, Role
from rules.errors import Code, DomainError
from workflow.encoding import encode
from workflow.notices import Notice
from workflow.ports import Seal, Services

ANSWER_PURPOSE = "stored_answer.body"


@dataclass(frozen=True, slots=True)
class Key:
    """An ``Idempotency-Key`` within its scope, with the fingerprint of what it was sent with."""

    scope: str
    value: str
    fingerprint: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """What an act answers. ``version`` becomes the ETag."""

    body: Mapping[str, Any]
    status: int = 200
    version: int | None = None
    location: str | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """An answer as sent and stored."""

    status: int
    body: bytes
    headers: Mapping[str, str]
    replayed: bool = False


class Remembered(DomainError):
    """A refusal whose trace must stay: what the act has written and noted is committed first.

    For counters of wrong attempts and audit rows of failures; the key stays unused.
    """


@dataclass(slots=True)
class Unit:
    """What one act writes besides its effect; flushed once at the end."""

    actor: Actor
    services: Services
    now: datetime
    connection: BaseDBAsyncClient
    correlation: str = ""
    events: list[Event] = field(default_factory=list)
    audits: noted.Rows = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    outbox: noted.Rows = field(default_factory=list)

    def audit(
        self,
        city: str,
        role: Role | str,
        action: str,
        kind: str,
        object_id: UUID | str,
        *,
        success: bool = True,
        **detail: Any,
    ) -> None:
        """Note who did what to which object. ``detail`` never holds personal data."""
        self.audits.append(
            {
                "city": city,
                "at": self.now,
                "person_id": self.actor.person,
                "role": str(role),
                "action": action,
                "object_kind": kind,
                "object_id": str(object_id),
                "success": success,
                "detail": detail,
                "correlation": self.correlation,
            }
        )

    def send(
        self, topic: str, payload: Mapping[str, Any], *, wait: timedelta = timedelta(0)
    ) -> None:
        """Have a worker tell the outside, at least once, after the commit and after ``wait``."""
        self.outbox.append(
            {
                "topic": topic,
                "payload": payload,
                "created_at": self.now,
                "available_at": self.now + wait,
                "attempts": 0,
                "outcome": "",
            }
        )

    @asynccontextmanager
    async def attempt(self) -> AsyncIterator[None]:
        """One act among others of this unit: when it fails, nothing of it alone remains.

        A ``Remembered`` refusal keeps what it has written. What is raised goes on to the caller.
        """
        lists: tuple[list[Any], ...] = (self.events, self.audits, self.notices, self.outbox)
        lengths = [len(each) for each in lists]
        await pool().execute("SAVEPOINT attempt")
        try:
            yield
        except Remembered:
            await pool().execute("RELEASE SAVEPOINT attempt")
            raise
        except Exception:  # invalid bodies too become refusals of the chat
            await pool().execute("ROLLBACK TO SAVEPOINT attempt")
            for each, length in zip(lists, lengths, strict=True):
                del each[length:]
            raise
        # a savepoint that is kept costs nothing: the next attempt's own hides it until the commit

    async def flush(self, kept: noted.Kept | None = None) -> None:
        """Write everything noted, and the answer under its key, in one statement."""
        events = [{name: getattr(event, name) for name in noted.EVENT} for event in self.events]
        notices = [notice.row() for notice in self.notices]
        rows = noted.Noted(events, self.audits, notices, self.outbox)
        await noted.write(rows, kept, self.now)


async def perform(
    services: Services,
    actor: Actor,
    act: Callable[[Unit], Awaitable[Answer]],
    *,
    key: Key | None = None,
    correlation: str = "",
) -> Done:
    """Run ``act`` once in its own transaction.

    The same key gives the stored answer; another body under it raises ``KEY_REUSED``. A second
    caller with the same key waits for the first to end.
    """
    now = services.clock.now()
    async with in_transaction() as connection:
        row: int | None = None
        if key is not None:
            claimed = await _claim(services.seal, key, now)
            if isinstance(claimed, Done):
                return claimed
            row = claimed
        unit = Unit(actor, services, now, connection, correlation)
        try:
            outcome: Done | Remembered = _done(await act(unit))
        except Remembered as refusal:
            outcome = refusal
        if isinstance(outcome, Done):
            await unit.flush(_kept(services.seal, row, outcome))
        else:
            await unit.flush()
            await _let_go(row)
    if isinstance(outcome, Remembered):
        raise outcome
    return outcome


def _done(answer: Answer) -> Done:
    headers: dict[str, str] = {}
    if answer.version is not None:
        headers["etag"] = f'"{answer.version}"'
    if answer.location is not None:
        headers["location"] = answer.location
    return Done(answer.status, encode(answer.body), headers)


async def _claim(seal: Seal, key: Key, now: datetime) -> int | Done:
    row = await pool().fetchval(
        "INSERT INTO stored_answers (scope, key, fingerprint, headers, created_at)"
        " VALUES ($1, $2, $3, '{}', $4) ON CONFLICT (scope, key) DO NOTHING RETURNING id",
        key.scope,
        key.value,
        key.fingerprint,
        now,
    )
    if row is not None:
        return int(row)
    found = await pool().fetchrow(
        "SELECT fingerprint, status, body, headers FROM stored_answers"
        " WHERE scope = $1 AND key = $2",
        key.scope,
        key.value,
    )
    if found is None or found["fingerprint"] != key.fingerprint:
        raise DomainError(Code.KEY_REUSED)
    body = seal.open(found["body"], ANSWER_PURPOSE)
    return Done(found["status"], body, orjson.loads(found["headers"]), replayed=True)


def _kept(seal: Seal, row: int | None, done: Done) -> noted.Kept | None:
    """An answer as it is kept under its key: sealed, it may hold contact data."""
    if row is None:
        return None
    return noted.Kept(row, done.status, seal.seal(done.body, ANSWER_PURPOSE), done.headers)


async def _let_go(row: int | None) -> None:
    """A refusal's key is free."""
    await pool().execute("DELETE FROM stored_answers WHERE id = $1", row)
