"""The ledger check: what a client saw acknowledged is there, once, with everything beside it.

``Ledger`` holds the answers a test has seen; ``check`` looks for each in the database, then at
the whole of it: numbers without gaps, an audit row for every event, no key left open, the outbox
told to its end, the audit chains whole.
"""

from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import orjson

from storage.seal import Seal
from tests.faults.product import until
from workflow.background.audit_chain import ZERO, digest
from workflow.unit import ANSWER_PURPOSE

OUTBOX_S = 45.0
CHAIN_S = 5.0
"""Patience. An entry should be chained within one second; a worker may be starting anew."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One acknowledged act on a case: who, under which key, and the answer as it came."""

    person: UUID
    key: str
    event: str
    kind: str
    id: UUID
    status: int
    body: bytes

    @property
    def told(self) -> Mapping[str, Any]:
        """The answer."""
        found: dict[str, Any] = orjson.loads(self.body)
        return found


@dataclass(slots=True)
class Ledger:
    """Of one database."""

    database_url: str
    seal: Seal
    entries: list[Entry] = field(default_factory=list)

    def note(
        self,
        answer: httpx.Response,
        person: UUID | None,
        key: str,
        event: str,
        id: str,
        kind: str = "application",
    ) -> None:
        """An act was acknowledged."""
        assert answer.is_success, answer.text
        assert person is not None
        status, body = answer.status_code, answer.content
        self.entries.append(Entry(person, key, event, kind, UUID(id), status, body))

    async def check(self) -> None:
        """Everything. AssertionError naming what does not fit."""
        async with AsyncExitStack() as stack:
            connection = await asyncpg.connect(self.database_url)
            stack.push_async_callback(connection.close)
            for entry in self.entries:
                await _acknowledged(connection, self.seal, entry)
            await _numbers(connection)
            await _all_or_nothing(connection)
            await _told(connection)
            await _chained(connection)


async def _acknowledged(connection: asyncpg.Connection, seal: Seal, entry: Entry) -> None:
    """Its answer under its key, its one event, its one audit row, one notice for the owner."""
    kept = await connection.fetch(
        "SELECT status, body FROM stored_answers WHERE scope = $1 AND key = $2",
        str(entry.person),
        entry.key,
    )
    found = [(row["status"], seal.open(bytes(row["body"]), ANSWER_PURPOSE)) for row in kept]
    assert found == [(entry.status, entry.body)]
    column = {"application": "application_id", "request": "request_id"}[entry.kind]
    version = entry.told["version"]
    events = await connection.fetchval(
        f"SELECT count(*) FROM events WHERE {column} = $1 AND subject = $2 AND name = $3"  # noqa: S608
        " AND version = $4 AND person_id = $5",
        entry.id,
        entry.kind,
        entry.event,
        version,
        entry.person,
    )
    assert events == 1, f"{entry.event} of {entry.id} has {events} events at version {version}"
    if entry.kind == "application":
        number = await connection.fetchval(
            "SELECT count(*) FROM applications WHERE id = $1 AND version >= $2", entry.id, version
        )
        assert number == 1, f"{entry.id} is behind what was acknowledged"


async def _numbers(connection: asyncpg.Connection) -> None:
    """1, 2, 3 … for each city and year, to exactly where the counter stands."""
    rows = await connection.fetch(
        "SELECT c.city, c.year, c.newest, array_agg(a.sequence ORDER BY a.sequence) AS given"
        " FROM case_counters c LEFT JOIN applications a"
        "  ON a.city = c.city AND a.year = c.year AND a.sequence IS NOT NULL"
        " GROUP BY c.city, c.year, c.newest"
    )
    for row in rows:
        assert row["given"] == list(range(1, row["newest"] + 1)), dict(row)
    without = await connection.fetchval(
        "SELECT count(*) FROM applications a WHERE (submitted_at IS NULL) <> (sequence IS NULL)"
        " OR sequence IS NOT NULL AND NOT EXISTS (SELECT FROM case_counters c"
        "  WHERE c.city = a.city AND c.year = a.year)"
    )
    assert without == 0


async def _all_or_nothing(connection: asyncpg.Connection) -> None:
    """As many audit rows as events of each name and object, first submits, notices, keys."""
    uneven = await connection.fetch(
        "WITH e AS (SELECT subject, name,"
        "   COALESCE(request_id, application_id, registration_id)::text AS object, count(*) AS n"
        "   FROM events GROUP BY 1, 2, 3),"
        " a AS (SELECT object_kind, action, object_id, count(*) AS n FROM audit WHERE success"
        "   GROUP BY 1, 2, 3)"
        " SELECT e.*, a.n AS audited FROM e LEFT JOIN a"
        "  ON a.object_kind = e.subject AND a.action = e.name AND a.object_id = e.object"
        " WHERE a.n IS DISTINCT FROM e.n"
    )
    assert uneven == [], f"events and audit rows differ: {[dict(row) for row in uneven]}"
    twice = await connection.fetch(
        "SELECT COALESCE(request_id, application_id) AS object, subject, version FROM events"
        " WHERE subject <> 'registration' AND role <> 'system' GROUP BY 1, 2, 3 HAVING count(*) > 1"
    )
    assert twice == [], f"two moves made one version: {[dict(row) for row in twice]}"
    untold = await connection.fetchval(
        "SELECT count(*) FROM events e JOIN applications a ON a.id = e.application_id"
        " WHERE e.name = 'submit' AND e.subject = 'application' AND a.owner_id IS NOT NULL"
        " AND (SELECT count(*) FROM inbox i WHERE i.application_id = a.id"
        "      AND i.person_id = a.owner_id AND i.code = 'submit')"
        "  <> (SELECT count(*) FROM events s WHERE s.application_id = a.id AND s.name = 'submit')"
    )
    assert untold == 0, f"{untold} submits without exactly one notice"
    unsent = await connection.fetchval(
        "SELECT count(*) FROM (SELECT DISTINCT origin, code FROM inbox) i WHERE NOT EXISTS"
        " (SELECT FROM outbox o WHERE o.topic = 'notice' AND o.payload->>'origin' = i.origin"
        "  AND o.payload->>'code' = i.code)"
    )
    assert unsent == 0, f"{unsent} notices nobody sends"
    open_keys = await connection.fetchval("SELECT count(*) FROM stored_answers WHERE body IS NULL")
    assert open_keys == 0, f"{open_keys} keys claimed and never answered"


async def _told(connection: asyncpg.Connection) -> None:
    """Every outbox row is done, or given up with a reason."""

    async def told() -> bool:
        waiting: int = await connection.fetchval(
            "SELECT count(*) FROM outbox WHERE done_at IS NULL AND failed_at IS NULL"
        )
        return waiting == 0

    await until(told, OUTBOX_S, "the outbox told to its end")
    silent = await connection.fetchval(
        "SELECT count(*) FROM outbox WHERE outcome IN ('', 'unsure')"
    )
    assert silent == 0, f"{silent} outbox rows ended without an outcome"


async def _chained(connection: asyncpg.Connection) -> None:
    """Every audit row in its place, and every chain whole."""

    async def chained() -> bool:
        waiting: int = await connection.fetchval(
            "SELECT count(*) FROM audit WHERE sequence IS NULL"
        )
        return waiting == 0

    await until(chained, CHAIN_S, "every audit row chained")
    ends: dict[str, tuple[int, bytes]] = {}
    for row in await connection.fetch("SELECT * FROM audit ORDER BY city, sequence"):
        place, previous = ends.get(row["city"], (0, ZERO))
        assert row["sequence"] == place + 1, f"{row['city']}: {row['sequence']} follows {place}"
        assert bytes(row["previous"]) == previous
        own = digest(previous, place + 1, dict(row))
        assert bytes(row["digest"]) == own, f"{row['city']}: entry {place + 1} was changed"
        ends[row["city"]] = (place + 1, own)
