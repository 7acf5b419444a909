"""Registrations in lists: one's own, and every one of the city for its staff. Nothing personal."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from config.texts import words
from models.queries import registrations as query
from rules.actors import Actor, Role
from rules.errors import Code, DomainError
from rules.states import RegistrationState
from workflow.encoding import shown
from workflow.inputs import CodeName, Input, Line
from workflow.ports import Services
from workflow.reading.cursor import PAGE, Cursor, PageSize, decode, encode, uuid_of
from workflow.reading.lights import worst
from workflow.unit import Answer

STAFF = (
    Role.WINDOW_CLERK,
    Role.COORDINATOR,
    Role.REGULATOR,
    Role.UTILITY_CLERK,
    Role.CREW,
)
"""A utility sees every registration of its city (domain §1)."""
_KIND = "registrations"


class Mine(Input):
    """One page of one's own."""

    after: Cursor | None = None
    limit: PageSize = PAGE


class OfCity(Input):
    """One page of a city's registrations."""

    city: CodeName
    state: RegistrationState | None = None
    town: CodeName | None = None
    project_code: Line | None = None
    owed: bool = False
    """Only those to whom the caller's organisation still owes a call."""
    after: Cursor | None = None
    limit: PageSize = PAGE


async def mine(services: Services, actor: Actor, asked: Mine, now: datetime) -> Answer:
    """The caller's own registrations and its enterprises', newest first."""
    if actor.person is None:
        raise DomainError(Code.FORBIDDEN)
    rows = await query.mine(actor.person, _after(asked.after), asked.limit + 1)
    return _page(services, rows, asked.limit, now)


async def of_city(services: Services, actor: Actor, asked: OfCity, now: datetime) -> Answer:
    """Every registration of a city for its staff. ``FORBIDDEN`` for anybody else."""
    held = actor.memberships_in(asked.city, *STAFF)
    if not held:
        raise DomainError(Code.FORBIDDEN)
    rows = await query.of_city(
        asked.city,
        _after(asked.after),
        asked.limit + 1,
        state=asked.state.value if asked.state else None,
        town=asked.town,
        project_code=asked.project_code,
        owed_by=[membership.org for membership in held] if asked.owed else None,
    )
    return _page(services, rows, asked.limit, now)


def _after(cursor: str | None) -> UUID | None:
    found = decode(_KIND, cursor)
    return uuid_of(found[1]) if found else None


def _page(
    services: Services, rows: Sequence[Mapping[str, Any]], limit: int, now: datetime
) -> Answer:
    shown_rows = rows[:limit]
    more = len(rows) > limit
    return Answer(
        {
            "items": [_item(services, row, now) for row in shown_rows],
            "next": encode(_KIND, "", shown_rows[-1]["id"]) if more else None,
        }
    )


def _item(services: Services, row: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    city = services.cities.on(row["city"], row["judged_on"])
    calendar = services.calendars.of(city)
    permit = row["planning_permit_on"]
    lights = (
        calendar.light(_at(opened), _at(due), now, _at(paused), paused_minutes=minutes)
        for opened, due, paused, minutes in row["clocks"]
    )
    return {
        "id": str(row["id"]),
        "city": row["city"],
        "state": row["state"],
        "state_label": words.state("registration", row["state"]),
        "version": row["version"],
        "channel": row["channel"],
        "enterprise": row["enterprise_name"],
        "project_code": row["project_code"],
        "project": row["project_name"],
        "town": row["town"],
        "utilities": row["utilities"],
        "received_at": shown(row["created_at"]),
        "due_at": shown(row["due_at"]),
        "light": worst(lights),
        "agreed_connection_at": shown(row["agreed_connection_at"]),
        "planning_permit_on": permit.isoformat() if permit else None,
    }


def _at(value: str | None) -> Any:
    return datetime.fromisoformat(value) if value else None
