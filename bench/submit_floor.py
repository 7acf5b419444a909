"""The floor of a submit: the same statements in one transaction, by hand, nothing checked.

The same rows are written as by ``workflow/cases/application.submit`` (``tests/bench`` compares
them); no form is validated, no move looked up, nothing sealed, the due times are any.
"""

import json
import os
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import uuid_utils
from sanic import Request, Sanic
from sanic.response import HTTPResponse, raw

from models.queries.actor import _ACTOR

_CLAIM = """
INSERT INTO stored_answers (scope, key, fingerprint, headers, created_at)
VALUES ($1, $2, $3, '{}', $4) ON CONFLICT (scope, key) DO NOTHING RETURNING id"""
_LOCK = "SELECT * FROM applications WHERE id = $1 FOR UPDATE"
_ENTERPRISE = """
WITH enterprise AS (
    INSERT INTO enterprises (id, created_by, credit_code, name, profile, personal_sealed,
                             created_at, version)
    VALUES ($1, $2, $3, $4, $5, $6, $7, 1)
    ON CONFLICT (created_by, credit_code) DO UPDATE
    SET name = EXCLUDED.name, profile = EXCLUDED.profile,
        personal_sealed = EXCLUDED.personal_sealed, version = enterprises.version + 1
    RETURNING id
), member AS (
    INSERT INTO enterprise_members (id, enterprise_id, person_id, relation, created_at)
    SELECT $8, id, $2, 'owner', $7 FROM enterprise
    ON CONFLICT (enterprise_id, person_id) DO NOTHING
)
SELECT id FROM enterprise"""
_OTHERS = """
SELECT count(*) FROM applications
WHERE city = $1 AND credit_code = $2
  AND stage NOT IN ('draft', 'closed', 'withdrawn', 'rejected') AND id <> $3"""
_WINDOW = "SELECT id FROM organizations WHERE city = $1 AND kind = 'window' AND active LIMIT 1"
_COUNT = """
INSERT INTO case_counters (id, city, year, newest) VALUES (gen_random_uuid(), $1, $2, 1)
ON CONFLICT (city, year) DO UPDATE SET newest = case_counters.newest + 1 RETURNING newest"""
_SURVEY = """
INSERT INTO surveys (id, version, city, at, ends_at, state, reason, created_at, application_id)
VALUES ($1, 1, $2, $3, $3::timestamptz + interval '1 hour', 'held', '', $4, $5)"""
_DEADLINE = """
INSERT INTO deadlines (id, city, step, holder, opened_at, due_at, yellow_at, provisional, "limit",
                       paused_minutes, warned, application_id, organization_id)
VALUES ($1, $2, 'acceptance', 'window_clerk', $3, $4, $5, false, '{"working_days": "0.5"}', 0, '',
        $6, $7)"""
_UPDATE = """
UPDATE applications
SET fields = $2, personal_sealed = $3, utilities = $4, town = $5, enterprise_name = $6,
    credit_code = $7, project_code = $8, contact_lookup = $9, enterprise_id = $10, year = $11,
    sequence = $12, judged_on = $13, submitted_at = $14, stage = 'submitted', version = 2,
    due_at = $15, updated_at = $14
WHERE id = $1"""
_NOTED = """
WITH event AS (
    INSERT INTO events (city, subject, application_id, name, source, target, role, person_id,
                        version, data, happened_at, entered_at)
    VALUES ($1, 'application', $2, 'submit', 'draft', 'submitted', 'applicant', $3, 2,
            '{"same_enterprise": 0}', $4, $4)
), entry AS (
    INSERT INTO audit (city, at, person_id, role, action, object_kind, object_id, success, detail,
                       correlation)
    VALUES ($1, $4, $3, 'applicant', 'submit', 'application', $2::uuid::text, true, '{}', $5)
), told AS (
    INSERT INTO inbox (person_id, city, code, params, application_id, origin, created_at)
    SELECT person_id, $1, 'submit', $6, $2, $7, $4 FROM (
        SELECT $3::uuid AS person_id
        UNION SELECT person_id FROM enterprise_members WHERE enterprise_id = $8
        UNION SELECT m.person_id FROM memberships m JOIN organizations o ON o.id = m.organization_id
              WHERE m.ended_at IS NULL AND o.city = $1 AND m.role = 'window_clerk'
    ) AS audience
    ON CONFLICT (person_id, origin, code) DO NOTHING RETURNING origin
), sent AS (
    INSERT INTO outbox (topic, payload, created_at, available_at, attempts, outcome)
    SELECT DISTINCT 'notice', jsonb_build_object('origin', origin, 'code', 'submit'), $4, $4, 0, ''
    FROM told
)
UPDATE stored_answers SET status = 200, body = $10, headers = '{"etag": "2"}' WHERE id = $9"""


def install(app: Sanic[Any, Any]) -> None:
    """``POST /submit/<application>/<session>``."""

    async def open_pool(*_: object) -> None:
        url = os.environ["DATABASE_URL"]
        app.ctx.pool = await asyncpg.create_pool(url, min_size=1, max_size=8)

    async def close_pool(*_: object) -> None:
        await app.ctx.pool.close()

    async def submit(_: Request, application: str, session: str) -> HTTPResponse:
        now = datetime.now(UTC)
        async with app.ctx.pool.acquire() as connection:
            who = await connection.fetchrow(
                _ACTOR, UUID(session), now, "desk", now - timedelta(minutes=30)
            )
        async with app.ctx.pool.acquire() as connection, connection.transaction():
            body = await _submitted(connection, UUID(application), who["person_id"], now)
        return raw(body, 200, {"etag": '"2"'}, content_type="application/json")

    app.register_listener(open_pool, "before_server_start")
    app.register_listener(close_pool, "after_server_stop")
    app.add_route(submit, "/submit/<application:str>/<session:str>", methods=["POST"], name="s")


async def _submitted(
    connection: asyncpg.Connection, application: UUID, person: UUID, now: datetime
) -> bytes:
    key = await connection.fetchval(_CLAIM, str(person), str(application), b"f" * 32, now)
    app = await connection.fetchrow(_LOCK, application)
    city, due, at = app["city"], now + timedelta(hours=9), now + timedelta(days=3)
    enterprise = await connection.fetchval(
        _ENTERPRISE,
        _id(),
        person,
        app["credit_code"],
        app["enterprise_name"],
        app["fields"],
        app["personal_sealed"],
        now,
        _id(),
    )
    await connection.fetchval(_OTHERS, city, app["credit_code"], application)
    window = await connection.fetchval(_WINDOW, city)
    number = await connection.fetchval(_COUNT, city, now.year)
    await connection.execute(_SURVEY, _id(), city, at, now, application)
    await connection.execute(_DEADLINE, _id(), city, now, due, due, application, window)
    await connection.execute(
        _UPDATE,
        application,
        app["fields"],
        app["personal_sealed"],
        app["utilities"],
        app["town"],
        app["enterprise_name"],
        app["credit_code"],
        app["project_code"],
        app["contact_lookup"],
        enterprise,
        now.year,
        number,
        now.date(),
        now,
        due,
    )
    told = json.dumps({"number": number, "stage": "submitted"})
    body = json.dumps({"id": str(application), "number": number, "stage": "submitted"}).encode()
    await connection.execute(
        _NOTED,
        *(city, application, person, now, _id().hex, told, str(_id()), enterprise, key, body),
    )
    return body


def _id() -> UUID:
    return UUID(int=uuid_utils.uuid7().int)
