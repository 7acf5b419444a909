"""Who writes: people with one case under way, and people in the middle of their form.

All of them have an account in the mini-program too, and have written before: what happens once in a
talk's life is not measured.
"""

import itertools
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import asyncpg
import orjson

from bench.chat_pushes import Pushes, texts
from bench.ground import Broken, Ground, Running
from bench.load import Shots, Volley, fire
from models.base import new_id
from storage.seal import Seal
from workflow.chat.turns import STATE_PURPOSE

_ONE_CASE = """
SELECT a.owner_id, a.city, a.year, a.sequence, a.enterprise_name
FROM (SELECT owner_id, min(id::text)::uuid AS id FROM applications
      WHERE stage NOT IN ('draft', 'closed', 'withdrawn', 'rejected')
      GROUP BY owner_id HAVING count(*) = 1) AS one
JOIN applications a ON a.id = one.id
WHERE a.sequence IS NOT NULL ORDER BY a.owner_id LIMIT $1
"""
_MULTIPLIED = """
INSERT INTO {0} SELECT (jsonb_populate_record(t, given.value)).*
FROM {0} t, jsonb_array_elements($2::jsonb) AS given WHERE t.id = $1
"""


@dataclass(frozen=True, slots=True)
class Writer:
    """One person. ``case``: how an answer about its case under way begins, where it has one."""

    openid: str
    case: str = ""


@dataclass(slots=True)
class People:
    """Makes people on one database, and has them write to the product."""

    ground: Ground
    database: str
    pushes: Pushes
    seal: Seal
    _run: str
    _count: Iterator[int]

    @classmethod
    def on(cls, ground: Ground, database: str) -> "People":
        """Nobody yet, and nobody whom an earlier run has left waiting for an answer."""
        pushes, seal = Pushes(ground.settings(database).oa), ground.wiring(database).seal
        return cls(ground, database, pushes, seal, secrets.token_hex(4), itertools.count())

    def write(
        self, running: Running, said: Sequence[tuple[str, str]], *, connections: int = 16
    ) -> Volley:
        """Have (openid, content) written now, every answer kept."""
        shots = texts(self.pushes, said)
        return fire(Shots(running.port, shots, connections=connections, keep=True))

    def answered(self, volley: Volley) -> list[str]:
        """What everybody was told. Raises Broken where somebody was not, or not at once."""
        if set(volley.statuses) != {"200"}:
            raise Broken(f"answers {volley.statuses}, for instance {volley.sample}")
        try:
            return [self.pushes.said(each) for each in volley.kept]
        except ValueError as unanswered:
            raise Broken(str(unanswered)) from None

    async def with_case(self, count: int) -> list[Writer]:
        """Owners of exactly one application under way."""
        connection = await self.ground.connect(self.database)
        wiring = self.ground.wiring(self.database)
        today = datetime.now(UTC).date()
        try:
            rows = await connection.fetch(_ONE_CASE, count)
            found = {row["owner_id"]: self._openid() for row in rows}
            await self._identify(connection, found)
        finally:
            await connection.close()
        numbering = {
            code: wiring.cities.on(code, today).numbering for code in wiring.cities.codes()
        }
        return [
            Writer(
                found[row["owner_id"]],
                numbering[row["city"]].format(row["year"], row["sequence"])
                + f" {row['enterprise_name']}",
            )
            for row in rows
        ]

    async def newcomers(self, count: int) -> list[Writer]:
        """People without any case."""
        persons = {new_id(): self._openid() for _ in range(count)}
        connection = await self.ground.connect(self.database)
        try:
            await self._persons(connection, persons)
        finally:
            await connection.close()
        return [Writer(openid) for openid in persons.values()]

    async def like(self, one: Writer, count: int, *, sealed: bool = True) -> list[Writer]:
        """People whose talk and draft stand where those of ``one`` do."""
        connection = await self.ground.connect(self.database)
        persons = {new_id(): self._openid() for _ in range(count)}
        try:
            talk = await connection.fetchrow(
                "SELECT id, person_id, state_sealed FROM conversations WHERE openid = $1",
                one.openid,
            )
            draft = await connection.fetchval(
                "SELECT id FROM applications WHERE owner_id = $1 AND stage = 'draft'",
                talk["person_id"],
            )
            await self._persons(connection, persons)
            drafts = {person: new_id() for person in persons}
            await self._multiply(
                connection,
                "applications",
                draft,
                [{"id": new, "owner_id": person} for person, new in drafts.items()],
            )
            state = self.opened(talk["state_sealed"])
            seal = self._sealed if sealed else bytes
            await self._multiply(
                connection,
                "conversations",
                talk["id"],
                [
                    {
                        "id": new_id(),
                        "person_id": person,
                        "openid": openid,
                        "state_sealed": "\\x" + seal(_of(state, draft, drafts[person])).hex(),
                    }
                    for person, openid in persons.items()
                ],
            )
        finally:
            await connection.close()
        return [Writer(openid) for openid in persons.values()]

    async def saves(self) -> int:
        """How often anybody's draft was written to."""
        connection = await self.ground.connect(self.database)
        try:
            query = "SELECT count(*) FROM audit WHERE action = 'save'"
            return int(await connection.fetchval(query))
        finally:
            await connection.close()

    async def state_of(self, writer: Writer) -> Mapping[str, Any]:
        """Where the talk with somebody stands."""
        connection = await self.ground.connect(self.database)
        try:
            sealed = await connection.fetchval(
                "SELECT state_sealed FROM conversations WHERE openid = $1", writer.openid
            )
        finally:
            await connection.close()
        found: dict[str, Any] = orjson.loads(self.opened(sealed))
        return found

    def opened(self, sealed: bytes) -> bytes:
        """A talk's state as it is kept."""
        return self.seal.open(sealed, STATE_PURPOSE)

    def _sealed(self, state: bytes) -> bytes:
        return self.seal.seal(state, STATE_PURPOSE)

    def _openid(self) -> str:
        return f"oBench{self._run}{next(self._count):014d}"

    async def _persons(self, connection: asyncpg.Connection, openids: Mapping[UUID, str]) -> None:
        now = datetime.now(UTC)
        await connection.copy_records_to_table(
            "persons",
            records=[(person, now, 1, 0, 0) for person in openids],
            columns=["id", "created_at", "version", "totp_last", "totp_failures"],
        )
        await self._identify(connection, openids)

    async def _identify(self, connection: asyncpg.Connection, openids: Mapping[UUID, str]) -> None:
        """Known in the official account and in the mini-program, as one person."""
        settings, now = self.ground.settings(self.database), datetime.now(UTC)
        accounts = (("h5", settings.wechat_oa_appid, ""), ("mp", settings.wechat_mp_appid, "m"))
        await connection.copy_records_to_table(
            "identities",
            records=[
                (new_id(), person, kind, appid, f"{openid}{mark}", now)
                for person, openid in openids.items()
                for kind, appid, mark in accounts
            ],
            columns=["id", "person_id", "kind", "appid", "openid", "created_at"],
        )

    async def _multiply(
        self, connection: asyncpg.Connection, table: str, one: UUID, others: list[dict[str, Any]]
    ) -> None:
        """Rows like ``one`` but for what is given."""
        given = orjson.dumps(others, default=str).decode()
        await connection.execute(_MULTIPLIED.format(table), one, given)


def _of(state: bytes, old: UUID, new: UUID) -> bytes:
    """A state that names another draft."""
    return state.replace(str(old).encode(), str(new).encode())
