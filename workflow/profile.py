"""The enterprise profile: asked once, remembered at submit, filled into the next draft."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import orjson

from models import Enterprise
from models.base import new_id
from rules.forms import Form, profile_of
from workflow.unit import Unit
from workflow.values import ENTERPRISE_PURPOSE, at_rest, load


async def remember(
    unit: Unit, form: Form, values: Mapping[str, Any], owner: UUID, enterprise_id: UUID | None
) -> UUID:
    """Keep the profile as last submitted; the enterprise's id.

    One profile per person and credit code: knowing a credit code opens nobody else's.
    """
    kept = at_rest(unit.services.seal, form, profile_of(values), ENTERPRISE_PURPOSE)
    code = values["enterprise.credit_code"]
    if enterprise_id is not None and await Enterprise.filter(
        id=enterprise_id, credit_code=code
    ).update(name=values["enterprise.name"], profile=kept.plain, personal_sealed=kept.sealed):
        return enterprise_id
    rows = await unit.connection.execute_query_dict(
        _UPSERT,
        [
            new_id(),
            owner,
            code,
            values["enterprise.name"],
            orjson.dumps(kept.plain).decode(),
            kept.sealed,
            unit.now,
            new_id(),
        ],
    )
    found: UUID = rows[0]["id"]
    return found


_UPSERT = """
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
SELECT id FROM enterprise
"""
"""One statement: two submits of one person at once meet on the row instead of failing."""


async def known(unit: Unit, enterprise_id: UUID | None, person: UUID | None) -> dict[str, Any]:
    """What is known of an enterprise the person acts for (its latest one when none is named)."""
    if person is None:
        return {}
    query = Enterprise.filter(members__person_id=person)
    if enterprise_id is not None:
        query = query.filter(id=enterprise_id)
    found = await query.order_by("-created_at").first()
    if found is None:
        return {}
    personal = found.personal_sealed
    row = _Row(found.profile, personal)
    return load(unit.services.seal, row, ENTERPRISE_PURPOSE)


class _Row:
    def __init__(self, plain: dict[str, Any], sealed: bytes | None) -> None:
        self.fields_ = plain
        self.personal_sealed = sealed
