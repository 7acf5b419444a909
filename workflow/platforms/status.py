"""Status as platforms pull it: states, deadlines, number. Nothing personal, no free text."""

from typing import Any
from urllib.parse import unquote

from config.texts import words
from models import Application, Deadline, Registration, RegistrationVisit, UtilityRequest
from models.queries import integration as sql
from rules.actors import Actor
from rules.errors import Code, DomainError
from rules.states import Stage
from workflow import directory
from workflow.encoding import SHANGHAI, shown
from workflow.inputs import clean_text
from workflow.ports import Services
from workflow.unit import Answer

PAGE = 200
"""Moves in one page of the feed at most."""


def reference(part: str) -> str:
    """A platform's ref from its place in a path. ``NOT_FOUND`` for what cannot be one."""
    try:
        return str(clean_text(unquote(part, errors="strict")))
    except ValueError:
        raise DomainError(Code.NOT_FOUND) from None


async def read_registration(services: Services, actor: Actor, ref: str) -> Answer:
    """A registration the platform pushed. ``NOT_FOUND`` for anybody else's."""
    row = await Registration.filter(platform=actor.platform, platform_ref=reference(ref)).first()
    if row is None:
        raise DomainError(Code.NOT_FOUND)
    return Answer(await registration_status(services, row), version=row.version)


async def read_application(services: Services, actor: Actor, ref: str) -> Answer:
    """An application the platform pushed. ``NOT_FOUND`` for anybody else's."""
    row = await Application.filter(platform=actor.platform, platform_ref=reference(ref)).first()
    if row is None:
        raise DomainError(Code.NOT_FOUND)
    return Answer(await application_status(services, row), version=row.version)


async def registration_status(services: Services, row: Registration) -> dict[str, Any]:
    """Where a registration stands, and the applications made from it."""
    visits = await RegistrationVisit.filter(registration_id=row.id).order_by("id")
    names = await directory.names([visit.organization_id for visit in visits])
    made = await Application.filter(registration_id=row.id).order_by("id")
    permit = row.planning_permit_on
    return {
        "ref": row.platform_ref,
        "id": str(row.id),
        "state": row.state.value,
        "version": row.version,
        "received_at": shown(row.created_at),
        "due_at": shown(row.due_at),
        "agreed_connection_at": shown(row.agreed_connection_at),
        "planning_permit_on": permit.isoformat() if permit else None,
        "visits": [
            {"organization": names[v.organization_id], "visited_at": shown(v.visited_at)}
            for v in visits
        ],
        "deadlines": await _deadlines(registration_id=row.id),
        "applications": [
            {"number": number_of(services, app), "stage": app.stage.value}
            for app in made
            if app.stage is not Stage.DRAFT
        ],
    }


async def application_status(services: Services, row: Application) -> dict[str, Any]:
    """Where an application stands: its number, stage, requests, deadlines, what to correct."""
    requests = await UtilityRequest.filter(application_id=row.id).order_by("id")
    names = await directory.names([request.organization_id for request in requests])
    told = row.faults_told[-1]["faults"] if row.stage is Stage.RETURNED and row.faults_told else []
    return {
        "ref": row.platform_ref,
        "id": str(row.id),
        "number": number_of(services, row),
        "stage": row.stage.value,
        "version": row.version,
        "due_at": shown(row.due_at),
        "submitted_at": shown(row.submitted_at),
        "accepted_at": shown(row.accepted_at),
        "connected_at": shown(row.connected_at),
        "closed_at": shown(row.closed_at),
        "corrections": [{"field": f["field"], "reason": f.get("reason")} for f in told],
        "requests": [
            {
                "utility": each.utility,
                "provider": names[each.organization_id],
                "kind": each.kind,
                "state": each.state.value,
                "permit": each.permit_state.value if each.permit_state else None,
                "due_at": shown(each.due_at),
                "connection_at": shown(each.connection_at),
                "connected_at": shown(each.connected_at),
            }
            for each in requests
        ],
        "deadlines": await _deadlines(application_id=row.id),
    }


async def feed(services: Services, actor: Actor, after: int, limit: int) -> Answer:
    """Moves on what the platform pushed, in order, each once; ``next`` is the next cursor."""
    rows, cursor = await sql.feed(actor.platform or "", after, limit)
    return Answer(
        {
            "events": [
                {
                    "id": row["id"],
                    "subject": row["subject"],
                    "ref": row["ref"],
                    "number": _number(services, row["city"], row["year"], row["sequence"]),
                    "utility": row["utility"],
                    "provider": row["provider"],
                    "event": row["name"],
                    "from": row["source"] or None,
                    "to": row["target"],
                    "happened_at": shown(row["happened_at"]),
                    "entered_at": shown(row["entered_at"]),
                }
                for row in rows
            ],
            "next": cursor,
            "more": len(rows) == limit,
        }
    )


def number_of(services: Services, row: Application) -> str | None:
    """联合报装编号; ``None`` before the first submit."""
    return _number(services, row.city, row.year, row.sequence)


def _number(
    services: Services, city: str | None, year: int | None, sequence: int | None
) -> str | None:
    if city is None or year is None or sequence is None:
        return None
    day = services.clock.now().astimezone(SHANGHAI).date()
    return services.cities.on(city, day).numbering.format(year, sequence)


async def _deadlines(**of: Any) -> list[dict[str, Any]]:
    """Open deadlines, the earliest first."""
    rows = await Deadline.filter(closed_at=None, **of).order_by("due_at", "id")
    names = await directory.names([row.organization_id for row in rows if row.organization_id])
    return [
        {
            "step": row.step,
            "holder": names[row.organization_id]
            if row.organization_id
            else words.role(row.holder.value),
            "opened_at": shown(row.opened_at),
            "target_at": shown(row.target_at),
            "due_at": shown(row.due_at),
            "provisional": row.provisional,
            "paused": row.pause_reason,
        }
        for row in rows
    ]
