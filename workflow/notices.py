"""Notices: written with the change, into every recipient's inbox exactly once (domain §10)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from tortoise.backends.base.client import BaseDBAsyncClient

from rules.actors import Role
from workflow.encoding import encode


@dataclass(frozen=True, slots=True)
class Audience:
    """Who gets a notice: named people, everyone of a role in the city, staff of organisations."""

    persons: tuple[UUID, ...] = ()
    enterprise: UUID | None = None
    city_roles: tuple[Role, ...] = ()
    organizations: tuple[UUID, ...] = ()
    organization_roles: tuple[Role, ...] = ()


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing to tell. ``origin`` makes it happen once per person; params carry no secrets."""

    origin: str
    code: str
    city: str
    audience: Audience
    params: Mapping[str, Any] = field(default_factory=dict)
    application_id: UUID | None = None
    registration_id: UUID | None = None


_DELIVER = """
INSERT INTO inbox (person_id, city, code, params, application_id, registration_id, origin,
                   created_at)
SELECT person_id, $1, $2, $3, $4, $5, $6, $7 FROM (
    SELECT unnest($8::uuid[]) AS person_id
    UNION SELECT person_id FROM enterprise_members WHERE enterprise_id = $9
    UNION SELECT m.person_id FROM memberships m JOIN organizations o ON o.id = m.organization_id
          WHERE m.ended_at IS NULL AND o.city = $1 AND m.role = ANY($10::text[])
    UNION SELECT m.person_id FROM memberships m
          WHERE m.ended_at IS NULL AND m.organization_id = ANY($11::uuid[])
            AND m.role = ANY($12::text[])
) AS audience
ON CONFLICT (person_id, origin, code) DO NOTHING
RETURNING id
"""


async def deliver(connection: BaseDBAsyncClient, notice: Notice, now: datetime) -> int:
    """Put the notice into each recipient's inbox; how many it reached."""
    audience = notice.audience
    rows = await connection.execute_query_dict(
        _DELIVER,
        [
            notice.city,
            notice.code,
            encode(notice.params).decode(),
            notice.application_id,
            notice.registration_id,
            notice.origin,
            now,
            list(audience.persons),
            audience.enterprise,
            [role.value for role in audience.city_roles],
            list(audience.organizations),
            [role.value for role in audience.organization_roles],
        ],
    )
    return len(rows)
