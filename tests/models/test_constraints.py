"""What the migrations promise is in the catalogue, and the database keeps it by itself."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from tests.conftest import FreshDatabase

INDEXES = {
    "memberships_one_each",
    "memberships_one_admin_role",
    "applications_number",
    "applications_platform_ref",
    "registrations_platform_ref",
    "surveys_one_live",
    "annual_commitments_one",
    "deadlines_one_open",
    "audit_sequence",
}
CHECKS = {
    "applications_number_whole",
    "applications_number_once_submitted",
    "applications_judged",
    "ratings_level",
    "requests_connected",
    "deadlines_one_subject",
    "service_clock_one_row",
}
TRIGGERS = {"events_append_only", "audit_no_delete", "audit_chain_only"}


@pytest.fixture
async def database(fresh_database: FreshDatabase) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(await fresh_database())
    yield connection
    await connection.close()


async def names(database: asyncpg.Connection, query: str) -> set[str]:
    return {row[0] for row in await database.fetch(query)}


async def test_the_catalogue_holds_every_promise(database: asyncpg.Connection) -> None:
    unique = await names(
        database,
        "SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid"
        " WHERE i.indisunique",
    )
    assert unique >= INDEXES
    checks = await names(database, "SELECT conname FROM pg_constraint WHERE contype = 'c'")
    assert checks >= CHECKS
    triggers = await names(database, "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal")
    assert triggers >= TRIGGERS


async def insert(database: asyncpg.Connection, table: str, **values: Any) -> Any:
    columns = ", ".join(values)
    places = ", ".join(f"${n + 1}" for n in range(len(values)))
    return await database.fetchval(
        f"INSERT INTO {table} (id, {columns}) VALUES ('{uuid4()}', {places}) RETURNING id",  # noqa: S608
        *values.values(),
    )


async def test_one_person_never_holds_two_administrator_roles(
    database: asyncpg.Connection,
) -> None:
    now = await database.fetchval("SELECT now()")
    person = await insert(
        database, "persons", version=1, totp_last=0, totp_failures=0, created_at=now
    )
    office = await insert(
        database,
        "organizations",
        city="daye",
        kind="administration",
        code="administration",
        name="样例",
        active=True,
    )
    held = {"person_id": person, "organization_id": office, "created_at": now}
    await insert(database, "memberships", role="system_admin", **held)
    with pytest.raises(asyncpg.UniqueViolationError):
        await insert(database, "memberships", role="auditor", **held)


async def test_a_submitted_case_cannot_be_without_its_number(
    database: asyncpg.Connection,
) -> None:
    now = await database.fetchval("SELECT now()")
    with pytest.raises(asyncpg.CheckViolationError):
        await insert(
            database,
            "applications",
            city="daye",
            channel="miniprogram",
            stage="submitted",
            version=1,
            utilities=[],
            fields="{}",
            revisions="{}",
            faults_told="[]",
            gaps="[]",
            plan_state="drafting",
            works_started=False,
            road_opened=False,
            created_at=now,
            updated_at=now,
        )
