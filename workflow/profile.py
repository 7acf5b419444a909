"""The enterprise profile: asked once, remembered at submit, filled into the next draft."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from models import Enterprise, EnterpriseMember
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
    columns = {
        "name": values["enterprise.name"],
        "profile": kept.plain,
        "personal_sealed": kept.sealed,
    }
    if enterprise_id is not None and await Enterprise.filter(
        id=enterprise_id, credit_code=code
    ).update(**columns):
        return enterprise_id
    found = await Enterprise.filter(created_by=owner, credit_code=code).first()
    if found is not None:
        await Enterprise.filter(id=found.id).update(**columns)
        return found.id
    enterprise = await Enterprise.create(
        id=new_id(), created_by=owner, credit_code=code, created_at=unit.now, **columns
    )
    await EnterpriseMember.create(
        enterprise_id=enterprise.id, person_id=owner, relation="owner", created_at=unit.now
    )
    return enterprise.id


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
