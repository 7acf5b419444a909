"""Who works where: listed, ended, and helped back in by the security administrator."""

from typing import Any
from uuid import UUID

from models import Membership, Person
from rules.actors import Actor, Role
from rules.errors import Code, DomainError
from rules.staffing import HOMES, fits
from workflow.encoding import shown
from workflow.inputs import CodeName, Input
from workflow.people.identity import SessionKind
from workflow.people.me import locked, masked_phone, opened
from workflow.people.office import hidden_unless, require
from workflow.people.organisations import listed
from workflow.people.persons import cities_of
from workflow.people.sessions import revoke_all
from workflow.reading.cursor import PAGE, Cursor, PageSize, decode, encode, uuid_of
from workflow.unit import Answer, Unit
from workflow.values import PERSON_NAME_PURPOSE

_LIST = "staff"


class StaffQuery(Input):
    """Staff of one city, of one organisation or role when named."""

    city: CodeName
    organization: UUID | None = None
    role: Role | None = None
    after: Cursor | None = None
    limit: PageSize = PAGE


async def staff(unit: Unit, query: StaffQuery) -> Answer:
    """Live memberships in the order in which they began; the read is audited."""
    require(unit.actor, Role.SECURITY_ADMIN, query.city)
    found = Membership.filter(organization__city=query.city, ended_at=None)
    if query.organization is not None:
        found = found.filter(organization_id=query.organization)
    if query.role is not None:
        found = found.filter(role=query.role)
    if (after := decode(_LIST, query.after)) is not None:
        found = found.filter(id__gt=uuid_of(after[1]))
    rows = (
        await found.order_by("id").limit(query.limit + 1).prefetch_related("person", "organization")
    )
    page = rows[: query.limit]
    unit.audit(query.city, Role.SECURITY_ADMIN, "read_staff", "city", query.city, rows=len(page))
    more = len(rows) > query.limit
    return Answer(
        {
            "items": [_body(unit, row) for row in page],
            "next": encode(_LIST, "", page[-1].id) if more else None,
        }
    )


async def organizations(actor: Actor, city: str) -> dict[str, Any]:
    """Every organisation of a city in force, with the roles that are held there."""
    require(actor, Role.SECURITY_ADMIN, city)
    return {
        "items": [
            {
                "id": str(org.id),
                "kind": org.kind.value,
                "code": org.code,
                "name": org.name,
                "utility": org.utility,
                "town": org.town,
                "roles": [role.value for role in HOMES if fits(role, org.kind)],
            }
            for org in await listed(city)
        ]
    }


def _body(unit: Unit, row: Any) -> dict[str, Any]:
    person: Person = row.person
    until = person.locked_until
    return {
        "membership": str(row.id),
        "person": str(person.id),
        "name": opened(unit.services, person.name_sealed, PERSON_NAME_PURPOSE),
        "phone": masked_phone(unit.services, person),
        "role": row.role.value,
        "organization": str(row.organization.id),
        "organization_name": row.organization.name,
        "since": shown(row.created_at),
        "totp": person.totp_sealed is not None,
        "locked_until": shown(until) if until is not None and until > unit.now else None,
    }


async def end_membership(unit: Unit, membership_id: UUID) -> Answer:
    """End a role: gone with the next request. Nobody ends its own (``FORBIDDEN``)."""
    row, city = await _of_city(unit, membership_id)
    if row.person_id == unit.actor.person:
        raise DomainError(Code.FORBIDDEN)
    ended = await Membership.filter(id=row.id, ended_at=None).update(ended_at=unit.now)
    if not ended:
        raise DomainError(Code.NOT_FOUND)
    if not await Membership.filter(person_id=row.person_id, ended_at=None).exists():
        await revoke_all(row.person_id, unit.now, SessionKind.DESK)
    unit.audit(
        city,
        Role.SECURITY_ADMIN,
        "end_membership",
        "membership",
        row.id,
        of_role=row.role.value,
        person=str(row.person_id),
    )
    return Answer({"membership": str(row.id), "ended_at": shown(unit.now)})


async def reset_totp(unit: Unit, membership_id: UUID) -> Answer:
    """Take a lost second factor away; the person enrols a new one. Its desks are signed out."""
    row, city = await _of_city(unit, membership_id)
    if row.person_id == unit.actor.person:
        raise DomainError(Code.FORBIDDEN)
    person = await locked(unit, row.person_id)
    await person.change(
        totp_sealed=None, totp_pending_sealed=None, totp_failures=0, locked_until=None
    )
    await revoke_all(person.id, unit.now, SessionKind.DESK)
    for each, _ in await cities_of(person):
        role = Role.SECURITY_ADMIN if each == city else Role.SYSTEM
        unit.audit(each, role, "totp_reset", "person", person.id)
    return Answer({"membership": str(row.id), "totp": False})


async def _of_city(unit: Unit, membership_id: UUID) -> tuple[Membership, str]:
    row = (
        await Membership.filter(id=membership_id, ended_at=None)
        .prefetch_related("organization")
        .first()
    )
    if row is None:
        raise DomainError(Code.NOT_FOUND)
    city: str = row.organization.city
    hidden_unless(unit.actor, Role.SECURITY_ADMIN, city)
    return row, city
