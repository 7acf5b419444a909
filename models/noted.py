"""What an act writes besides its effect, in one statement: a round trip less for each kind of row,
while the act may hold locks that others wait for.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import orjson

from models.db import pool

Rows = list[dict[str, Any]]

EVENT = (
    *("city", "subject", "application_id", "request_id", "registration_id", "platform", "name"),
    *("source", "target", "role", "person_id", "organization_id", "version", "data"),
    *("happened_at", "entered_at"),
)
AUDIT = (
    *("city", "at", "person_id", "role", "action", "object_kind", "object_id", "success"),
    *("detail", "correlation"),
)
OUTBOX = ("topic", "payload", "created_at", "available_at", "attempts", "outcome")


def _rows(table: str, columns: Sequence[str], parameter: str) -> str:
    """Insert the objects of a JSON array, in its order. Columns must be named as they are."""
    names = ", ".join(columns)
    return (
        f"INSERT INTO {table} ({names}) SELECT {names}"  # noqa: S608 - only constants are put in
        f" FROM json_populate_recordset(NULL::{table}, {parameter}::json)"
    )


_NOTED = f"""
WITH event AS ({_rows("events", EVENT, "$1")}),
entry AS ({_rows("audit", AUDIT, "$2")}),
told AS (
    INSERT INTO inbox (person_id, city, code, params, application_id, registration_id, origin,
                       created_at)
    SELECT audience.person_id, n.city, n.code, n.params, n.application_id, n.registration_id,
           n.origin, $5
    FROM json_to_recordset($3::json) AS n (
        city text, code text, params jsonb, application_id uuid, registration_id uuid, origin text,
        persons uuid[], enterprise uuid, city_roles text[], organizations uuid[],
        organization_roles text[])
    CROSS JOIN LATERAL (
        SELECT unnest(n.persons) AS person_id
        UNION SELECT person_id FROM enterprise_members WHERE enterprise_id = n.enterprise
        UNION SELECT m.person_id FROM memberships m JOIN organizations o ON o.id = m.organization_id
              WHERE m.ended_at IS NULL AND o.city = n.city AND m.role = ANY(n.city_roles)
        UNION SELECT m.person_id FROM memberships m
              WHERE m.ended_at IS NULL AND m.organization_id = ANY(n.organizations)
                AND m.role = ANY(n.organization_roles)
    ) AS audience
    ON CONFLICT (person_id, origin, code) DO NOTHING
    RETURNING id, origin, code
), sent AS (
    {_rows("outbox", OUTBOX, "$4")}
    UNION ALL
    (SELECT 'notice', jsonb_build_object('origin', origin, 'code', code), $5, $5, 0, ''
     FROM told GROUP BY origin, code ORDER BY min(id))
)
UPDATE stored_answers SET status = $7, body = $8, headers = $9::jsonb WHERE id = $6
"""  # noqa: S608 - only the constants above are put into it
"""Each notice that reaches somebody new has one outbox row."""


@dataclass(frozen=True, slots=True)
class Kept:
    """The answer kept under a key: the row that claimed the key, ``body`` sealed."""

    row: int
    status: int
    body: bytes
    headers: Mapping[str, str]


@dataclass(slots=True)
class Noted:
    """Rows by their columns; a notice also by its audience (``persons``, ``enterprise``,
    ``city_roles``, ``organizations``, ``organization_roles``).
    """

    events: Rows = field(default_factory=list)
    audits: Rows = field(default_factory=list)
    notices: Rows = field(default_factory=list)
    outbox: Rows = field(default_factory=list)


async def write(noted: Noted, kept: Kept | None, now: datetime) -> None:
    """Write everything, and the answer under its key, in the ambient transaction."""
    kinds = (noted.events, noted.audits, noted.notices, noted.outbox)
    if kept is None and not any(kinds):
        return
    answer = (kept.row, kept.status, kept.body, _json(kept.headers)) if kept else _NONE
    await pool().execute(_NOTED, *map(_json, kinds), now, *answer)


_NONE = (None, None, None, None)


def _json(value: Any) -> str:
    return orjson.dumps(value, default=_other).decode()


def _other(value: Any) -> Any:
    if isinstance(value, UUID):  # the driver's own kind
        return str(value)
    if isinstance(value, Decimal):
        return format(value, "f")
    raise TypeError(f"not for a row: {type(value).__name__}")
