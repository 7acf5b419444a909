"""The audit trail as a city's auditor reads it; the reading is in it, too."""

from typing import Annotated, Any
from uuid import UUID

import orjson
from pydantic import Field

from models.queries import audit as query
from rules.actors import Role
from rules.visibility import mask_name
from workflow.encoding import shown
from workflow.inputs import CodeName, Input, Moment
from workflow.people.me import opened
from workflow.people.office import require
from workflow.reading.cursor import PAGE, Cursor, PageSize, decode, encode, number_of
from workflow.unit import Answer, Unit
from workflow.values import PERSON_NAME_PURPOSE

_LIST = "audit"
Plain = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[0-9A-Za-z_:.-]+$")]


class AuditQuery(Input):
    """One city, and what to look for in it."""

    city: CodeName
    person: UUID | None = None
    action: Plain | None = None
    object_kind: Plain | None = None
    object_id: Plain | None = None
    since: Moment | None = None
    until: Moment | None = None
    success: bool | None = None
    after: Cursor | None = None
    limit: PageSize = PAGE


async def audit_trail(unit: Unit, asked: AuditQuery) -> Answer:
    """Who did what to which object, the latest first."""
    require(unit.actor, Role.AUDITOR, asked.city)
    after = decode(_LIST, asked.after)
    filters = query.Filters(
        person=asked.person,
        action=asked.action,
        object_kind=asked.object_kind,
        object_id=asked.object_id,
        since=asked.since,
        until=asked.until,
        success=asked.success,
    )
    before = None if after is None else number_of(after[1])
    rows = await query.page(asked.city, before, filters, asked.limit + 1)
    page = rows[: asked.limit]
    unit.audit(asked.city, Role.AUDITOR, "read_audit", "audit", asked.city, rows=len(page))
    more = len(rows) > asked.limit
    return Answer(
        {
            "items": [_body(unit, row) for row in page],
            "next": encode(_LIST, "", page[-1]["id"]) if more else None,
        }
    )


def _body(unit: Unit, row: Any) -> dict[str, Any]:
    detail = row["detail"]
    return {
        "id": row["id"],
        "at": shown(row["at"]),
        "person": str(row["person_id"]) if row["person_id"] else None,
        "name": mask_name(opened(unit.services, row["name_sealed"], PERSON_NAME_PURPOSE) or ""),
        "role": row["role"],
        "action": row["action"],
        "object_kind": row["object_kind"],
        "object_id": row["object_id"],
        "success": row["success"],
        "detail": orjson.loads(detail) if isinstance(detail, str | bytes) else detail,
        "correlation": row["correlation"],
        "sequence": row["sequence"],
    }
