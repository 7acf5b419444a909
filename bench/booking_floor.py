"""The floor of a booking: its rows in one transaction, by hand, nothing planned or checked.

The same rows are written as by ``workflow/surveys/booking`` (``tests/bench`` compares them): which
crews come is told beforehand, so that nobody waits for anybody.
"""

import os
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import uuid_utils
from sanic import Request, Sanic
from sanic.response import HTTPResponse, raw

from models.crews import LANES

_CLAIM = """
INSERT INTO stored_answers (scope, key, fingerprint, headers, created_at)
VALUES ($1, $2, $3, '{}', $4) ON CONFLICT (scope, key) DO NOTHING RETURNING id"""
_LOCK = "SELECT * FROM applications WHERE id = $1 FOR UPDATE"
_REQUESTS = "SELECT id, organization_id FROM requests WHERE application_id = $1"
_CREWS = """
SELECT organization_id, array_agg(id ORDER BY number) AS crews,
       array_agg(number ORDER BY number) AS numbers
FROM crews WHERE organization_id = ANY($1) GROUP BY organization_id"""
_SURVEY = """
INSERT INTO surveys (id, version, city, town, lon, lat, at, ends_at, state, reason, created_at,
                     application_id)
VALUES ($1, 1, $2, $3, 114.65, 33.62, $4, $5, 'confirmed', '', $6, $7)"""
_VISIT = """
INSERT INTO survey_visits (id, version, survey_id, city, organization_id, request_id, crew_id, lane,
                           at, ends_at, lon, lat, active, state, reason, late_minutes, arrival)
SELECT uuidv7(), 1, $1, $2, v.organization, v.request, v.crew, v.lane, $3, $4, 114.65, 33.62, true,
       'planned', '', 0, '{}'
FROM unnest($5::uuid[], $6::uuid[], $7::uuid[], $8::int8[]) AS v (organization, request, crew, lane)
"""
_UPDATE = "UPDATE applications SET stage = 'surveying', version = 2, updated_at = $2 WHERE id = $1"
_NOTED = """
WITH event AS (
    INSERT INTO events (city, subject, application_id, name, source, target, role, person_id,
                        version, data, happened_at, entered_at)
    VALUES ($1, 'application', $2, 'book_survey', 'accepted', 'surveying', 'applicant', $3, 2,
            '{}', $4, $4)
), entry AS (
    INSERT INTO audit (city, at, person_id, role, action, object_kind, object_id, success, detail,
                       correlation)
    VALUES ($1, $4, $3, 'applicant', 'book_survey', 'application', $2::uuid::text, true, '{}', '')
), told AS (
    INSERT INTO inbox (person_id, city, code, params, application_id, origin, created_at)
    VALUES ($3, $1, 'book_survey', '{}', $2, $5, $4)
), sent AS (
    INSERT INTO outbox (topic, payload, created_at, available_at, attempts, outcome)
    VALUES ('notice', jsonb_build_object('origin', $5::text, 'code', 'book_survey'), $4, $4, 0, '')
)
UPDATE stored_answers SET status = 200, body = $7, headers = '{"etag": "2"}' WHERE id = $6"""


def install(app: Sanic[Any, Any]) -> None:
    """``POST /book/<application>/<seconds since 1970>/<which crew of each organisation>``."""

    async def open_pool(*_: object) -> None:
        url = os.environ["DATABASE_URL"]
        app.ctx.pool = await asyncpg.create_pool(url, min_size=1, max_size=8)

    async def close_pool(*_: object) -> None:
        await app.ctx.pool.close()

    async def book(_: Request, application: str, at: int, crew: int) -> HTTPResponse:
        when = datetime.fromtimestamp(at, UTC)
        async with app.ctx.pool.acquire() as connection, connection.transaction():
            body = await _booked(connection, UUID(application), when, crew)
        return raw(body, 200, {"etag": '"2"'}, content_type="application/json")

    app.register_listener(open_pool, "before_server_start")
    app.register_listener(close_pool, "after_server_stop")
    path = "/book/<application:str>/<at:int>/<crew:int>"
    app.add_route(book, path, methods=["POST"], name="book")


async def _booked(
    connection: asyncpg.Connection, application: UUID, at: datetime, crew: int
) -> bytes:
    now = datetime.now(UTC)
    key = await connection.fetchval(_CLAIM, "by hand", str(application), b"f" * 32, now)
    app = await connection.fetchrow(_LOCK, application)
    requests = await connection.fetch(_REQUESTS, application)
    organizations = [row["organization_id"] for row in requests]
    crews = {
        row["organization_id"]: (row["crews"][crew], row["numbers"][crew] * LANES)
        for row in await connection.fetch(_CREWS, organizations)
    }
    survey, ends = UUID(int=uuid_utils.uuid7().int), at + timedelta(hours=1)
    await connection.execute(_SURVEY, survey, app["city"], app["town"], at, ends, now, application)
    await connection.execute(
        _VISIT,
        *(survey, app["city"], at, ends, organizations),
        [row["id"] for row in requests],
        [crews[each][0] for each in organizations],
        [crews[each][1] for each in organizations],
    )
    await connection.execute(_UPDATE, application, now)
    body = b'{"id": "%s", "stage": "surveying"}' % str(application).encode()
    await connection.execute(
        _NOTED, app["city"], application, app["owner_id"], now, str(survey), key, body
    )
    return body
