"""The enterprise profile: asked once, remembered at submit, filled into the next draft."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import orjson

from models import Enterprise, Registration
from models.base import new_id
from rules.forms import Form, profile_of
from workflow.unit import Unit
from workflow.values import ENTERPRISE_PURPOSE, REGISTRATION_PURPOSE, at_rest, load


async def remember(
    unit: Unit, form: Form, values: Mapping[str, Any], owner: UUID, linked: UUID | None
) -> UUID:
    """Keep the profile as last submitted; the enterprise the case belongs to.

    It stays the ``linked`` one while whoever submits acts for it, else it becomes the case
    ``owner``'s own. A profile is changed by its own owner only, neither by a colleague's case nor
    by a platform's. One profile per person and credit code: knowing a code opens nobody else's.
    """
    kept = at_rest(unit.services.seal, form, profile_of(values), ENTERPRISE_PURPOSE)
    code, name = values["enterprise.credit_code"], values["enterprise.name"]
    profile, person = orjson.dumps(kept.plain).decode(), unit.actor.person
    rows: list[dict[str, Any]] = []
    if linked is not None:
        rows = await unit.connection.execute_query_dict(
            _OF_LINKED,
            [linked, person or owner, code, name, profile, kept.sealed, person is not None],
        )
    if not rows:
        rows = await unit.connection.execute_query_dict(
            _OWN_WRITTEN if person == owner else _OWN_LEFT,
            [new_id(), owner, code, name, profile, kept.sealed, unit.now, new_id()],
        )
    found: UUID = rows[0]["id"]
    return found


_OF_LINKED = """
WITH acted_for AS (
    SELECT e.id, m.relation FROM enterprises e
    JOIN enterprise_members m ON m.enterprise_id = e.id AND m.person_id = $2
    WHERE e.id = $1 AND e.credit_code = $3
), written AS (
    UPDATE enterprises e
    SET name = $4, profile = $5, personal_sealed = $6, version = e.version + 1
    FROM acted_for a WHERE e.id = a.id AND a.relation = 'owner' AND $7::bool
)
SELECT id FROM acted_for
"""
"""No row: nobody who acts for it submits, or the form is about another enterprise."""

_OWN = """
WITH enterprise AS (
    INSERT INTO enterprises (id, created_by, credit_code, name, profile, personal_sealed,
                             created_at, version)
    VALUES ($1, $2, $3, $4, $5, $6, $7, 1)
    ON CONFLICT (created_by, credit_code) DO UPDATE SET {known}
    RETURNING id
), member AS (
    INSERT INTO enterprise_members (id, enterprise_id, person_id, relation, created_at)
    SELECT $8, id, $2, 'owner', $7 FROM enterprise
    ON CONFLICT (enterprise_id, person_id) DO NOTHING
)
SELECT id FROM enterprise
"""
"""One statement: two submits of one person at once meet on the row instead of failing."""
_OWN_WRITTEN = _OWN.format(
    known="name = EXCLUDED.name, profile = EXCLUDED.profile,"
    " personal_sealed = EXCLUDED.personal_sealed, version = enterprises.version + 1"
)
_OWN_LEFT = _OWN.format(known="version = enterprises.version")
"""What is there already stays; made where there is none."""


async def known(unit: Unit, enterprise_id: UUID | None, person: UUID | None) -> dict[str, Any]:
    """What is known of an enterprise the person acts for (its latest one when none is named); where
    there is none yet, what the person told of it in its latest registration.
    """
    if person is None:
        return {}
    query = Enterprise.filter(members__person_id=person)
    if enterprise_id is not None:
        query = query.filter(id=enterprise_id)
    found = await query.order_by("-created_at").first()
    if found is None:
        return {} if enterprise_id is not None else await _registered(unit, person)
    personal = found.personal_sealed
    row = _Row(found.profile, personal)
    return load(unit.services.seal, row, ENTERPRISE_PURPOSE)


async def _registered(unit: Unit, person: UUID) -> dict[str, Any]:
    row = await Registration.filter(owner_id=person).order_by("-created_at").first()
    if row is None:
        return {}
    return profile_of(load(unit.services.seal, row, REGISTRATION_PURPOSE))


class _Row:
    def __init__(self, plain: dict[str, Any], sealed: bytes | None) -> None:
        self.fields_ = plain
        self.personal_sealed = sealed
