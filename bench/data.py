"""Big data sets, built once by SQL, kept, and migrated like anybody's data."""

import asyncio
import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import orjson

from bench import form
from bench.ground import Ground
from models import db
from models.base import new_id
from rules.actors import OrgKind, Role
from server.commands.migrate import migrate
from workflow.encoding import SHANGHAI
from workflow.people import organisations
from workflow.people.identity import ABSOLUTE, SessionKind
from workflow.people.tokens import Tokens

SMALL = 10_000
BIG = 1_000_000
_FILLED = ("applications", "requests", "deadlines", "events", "enterprises", "persons")
_SQL = Path(__file__).with_name("data.sql")
_RANK = (
    "CASE stage WHEN 'draft' THEN 0 WHEN 'submitted' THEN 1 WHEN 'returned' THEN 1"
    " WHEN 'rejected' THEN 1 WHEN 'accepted' THEN 2 WHEN 'withdrawn' THEN 2"
    " WHEN 'surveying' THEN 3 WHEN 'planning' THEN 4 WHEN 'permitting' THEN 5"
    " WHEN 'constructing' THEN 6 WHEN 'inspecting' THEN 7 WHEN 'connecting' THEN 8"
    " WHEN 'connected' THEN 9 ELSE 10 END"
)


def built(ground: Ground, cases: int) -> str:
    """The database with so many cases; made when there is none yet."""
    prefix = f"cases_{cases}_"
    name = prefix + _fingerprint()
    asyncio.run(_clear(ground, prefix, name))
    if asyncio.run(_exists(ground, name)):
        migrate(ground.url(name))
    else:
        print(f"building {cases:,} cases (once) …", flush=True)
        drop = "DROP DATABASE IF EXISTS building WITH (FORCE)"
        asyncio.run(_admin(ground, drop, "CREATE DATABASE building"))
        migrate(ground.url("building"))
        asyncio.run(_fill(ground, cases))
        asyncio.run(_admin(ground, f'ALTER DATABASE building RENAME TO "{name}"'))
    return name


def copy(ground: Ground, database: str, name: str) -> str:
    """A copy to write into, replacing the one of an earlier run."""
    asyncio.run(
        _admin(
            ground,
            f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)',
            f'CREATE DATABASE "{name}" TEMPLATE "{database}" STRATEGY file_copy',
        )
    )
    return name


async def sign_in(
    ground: Ground, database: str, persons: Sequence[UUID], kind: SessionKind
) -> list[str]:
    """A token of a new session for each person."""
    tokens = Tokens(ground.settings(database).token_keys)
    now = datetime.now(UTC)
    ends = now + ABSOLUTE[kind]
    rows = [(new_id(), person, kind.value, now, now, ends) for person in persons]
    connection = await ground.connect(database)
    try:
        await connection.copy_records_to_table(
            "sessions",
            records=rows,
            columns=["id", "person_id", "kind", "created_at", "seen_at", "expires_at"],
        )
    finally:
        await connection.close()
    return [tokens.issue(row[0], now=now, expires_at=ends) for row in rows]


async def staff(
    ground: Ground, database: str, city: str, role: Role, kind: OrgKind, code: str
) -> str:
    """The token of somebody in office, at a desk."""
    person = new_id()
    connection = await ground.connect(database)
    try:
        await connection.execute(
            "INSERT INTO persons (id, created_at, version, totp_last, totp_failures)"
            " VALUES ($1, now(), 1, 0, 0)",
            person,
        )
        await connection.execute(
            "INSERT INTO memberships (id, person_id, organization_id, role, created_at)"
            " SELECT $1, $2, id, $3, now() FROM organizations"
            " WHERE city = $4 AND kind = $5 AND code = $6",
            new_id(),
            person,
            role.value,
            city,
            kind.value,
            code,
        )
    finally:
        await connection.close()
    return (await sign_in(ground, database, [person], SessionKind.DESK))[0]


async def drafts(ground: Ground, database: str, count: int) -> list[tuple[UUID, str]]:
    """Complete drafts, each of somebody else: application and the owner's token."""
    now = datetime.now(UTC)
    owners = [new_id() for _ in range(count)]
    ids = [new_id() for _ in range(count)]
    columns = [*form.COLUMNS, "id", "owner_id", "created_at", "updated_at"]
    filled = form.Filled(ground.wiring(database)).drafts(count)
    records = [
        (*draft, ident, owner, now, now)
        for draft, ident, owner in zip(filled, ids, owners, strict=True)
    ]
    connection = await ground.connect(database)
    try:
        await connection.copy_records_to_table(
            "persons",
            records=[(owner, now, 1, 0, 0) for owner in owners],
            columns=["id", "created_at", "version", "totp_last", "totp_failures"],
        )
        await connection.copy_records_to_table("applications", records=records, columns=columns)
    finally:
        await connection.close()
    tokens = await sign_in(ground, database, owners, SessionKind.MINIPROGRAM)
    return list(zip(ids, tokens, strict=True))


async def _fill(ground: Ground, cases: int) -> None:
    wiring = ground.wiring("building")
    await db.connect(ground.url("building"))
    try:
        await organisations.sync(wiring.cities, datetime.now(SHANGHAI).date())
    finally:
        await db.close()
    connection = await ground.connect("building")
    try:
        await connection.execute(
            "SET session_replication_role = replica; SET synchronous_commit = off;"
            " SET maintenance_work_mem = '256MB'; SET work_mem = '64MB';"
        )
        indexes = await connection.fetch(_INDEXES, list(_FILLED))
        for index in indexes:
            await connection.execute(f'DROP INDEX "{index["name"]}"')
        plain, sealed = form.Filled(wiring).kept()
        text = orjson.dumps(plain).decode().replace("'", "''")
        await connection.execute(
            _SQL.read_text("utf-8")
            .replace("$cases", str(cases))
            .replace("$rank", _RANK)
            .replace("$form", f"'{text}'")
            .replace("$sealed", f"'\\x{sealed.hex()}'")
        )
        for index in indexes:
            await connection.execute(index["made_by"])
        await connection.execute("VACUUM ANALYZE")
    finally:
        await connection.close()


_INDEXES = """
SELECT c.relname AS name, pg_get_indexdef(i.indexrelid) AS made_by
FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
WHERE i.indrelid = ANY($1::text[]::regclass[])
  AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid)
"""
"""Indexes that are quicker made afterwards, at once."""


def _fingerprint() -> str:
    """Of what the rows follow from; newer migrations are applied to the rows that are there."""
    files = (_SQL, Path(form.__file__))
    return hashlib.sha256(b"\0".join(file.read_bytes() for file in files)).hexdigest()[:12]


async def _exists(ground: Ground, name: str) -> bool:
    connection = await ground.connect("postgres")
    try:
        found = await connection.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", name)
        return found is not None
    finally:
        await connection.close()


async def _clear(ground: Ground, prefix: str, but: str) -> None:
    """Drop what was built for tables or cities that have changed since."""
    connection = await ground.connect("postgres")
    try:
        old = await connection.fetch(
            "SELECT datname FROM pg_database WHERE starts_with(datname, $1) AND datname <> $2",
            prefix,
            but,
        )
    finally:
        await connection.close()
    await _admin(ground, *(f'DROP DATABASE "{row["datname"]}" WITH (FORCE)' for row in old))


async def _admin(ground: Ground, *statements: str) -> None:
    connection = await ground.connect("postgres")
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()
