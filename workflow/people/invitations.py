"""How staff joins: a one-time code of the security administrator, bound to a WeChat identity."""

from datetime import timedelta
from typing import Any, Final, NoReturn
from uuid import UUID

from models import Invitation, Membership, Organization
from models.base import new_id
from rules.actors import ADMIN_ROLES, SYSTEM, Actor, OrgKind, Role
from rules.errors import Code, DomainError, Fault
from rules.staffing import fits
from workflow.encoding import shown
from workflow.inputs import CodeName, Input
from workflow.people.attempts import JOIN_ACCOUNT, JOIN_ADDRESS, spend
from workflow.people.office import hidden_unless, require
from workflow.people.organisations import ADMINISTRATION
from workflow.people.secret_codes import SecretCode, hash_of, new_code
from workflow.ports import Services
from workflow.unit import Answer, Remembered, Unit, perform

LIFE: Final = timedelta(days=7)


class Invite(Input):
    """A role in one organisation of the administrator's city."""

    city: CodeName
    organization: UUID
    role: Role


class Accept(Input):
    """The code as handed over."""

    code: SecretCode


async def invite(unit: Unit, body: Invite) -> Answer:
    """A code, shown this once; whoever accepts it first holds the role."""
    require(unit.actor, Role.SECURITY_ADMIN, body.city)
    org = await Organization.filter(id=body.organization, city=body.city, active=True).first()
    if org is None:
        raise _invalid("organization")
    if not fits(body.role, org.kind):
        raise _invalid("role")
    issued = await _issue(unit, org, body.role)
    return Answer(issued, 201, location=f"/invitations/{issued['id']}")


async def bootstrap_invitation(services: Services, city: str, role: Role) -> str:
    """The code by which the first administrators of a city come in; for the command line.

    Raises ValueError for any other role, LookupError for a city without organisations.
    """
    if role not in ADMIN_ROLES:
        raise ValueError(f"{role.value} is invited by the security administrator")
    org = await Organization.filter(
        city=city, kind=OrgKind.ADMINISTRATION, code=ADMINISTRATION, active=True
    ).first()
    if org is None:
        raise LookupError(f"{city} has no {ADMINISTRATION}; run migrate")
    issued: dict[str, Any] = {}

    async def act(unit: Unit) -> Answer:
        issued.update(await _issue(unit, org, role))
        return Answer({})

    await perform(services, SYSTEM, act)
    return str(issued["code"])


async def _issue(unit: Unit, org: Organization, role: Role) -> dict[str, Any]:
    code = new_code()
    row = await Invitation.create(
        id=new_id(),
        code_hash=hash_of(code),
        organization_id=org.id,
        role=role,
        invited_by=unit.actor.person,
        created_at=unit.now,
        expires_at=unit.now + LIFE,
    )
    by = Role.SYSTEM if unit.actor.person is None else Role.SECURITY_ADMIN
    unit.audit(
        org.city, by, "invite", "invitation", row.id, for_role=role.value, organization=str(org.id)
    )
    return {**_body(row, org), "code": code}


async def guard_accept(services: Services, actor: Actor, address: str) -> None:
    """Count a try at a code. Raises ``TOO_MANY``."""
    await spend(services, JOIN_ADDRESS, address)
    await spend(services, JOIN_ACCOUNT, str(actor.person))


async def accept(unit: Unit, body: Accept) -> Answer:
    """Join by a code: the membership belongs to the WeChat identity that is signed in.

    Raises ``INVITATION_INVALID``, ``FORBIDDEN`` (one's own invitation, or from a desk),
    ``ALREADY_MEMBER``, ``ADMIN_ROLES_SEPARATE``.
    """
    person = unit.actor.person
    if person is None or unit.actor.on_desk:
        raise DomainError(Code.FORBIDDEN)
    row, org = await _acceptable(unit, body.code)
    if row.invited_by == person:
        _refuse(unit, row, org, Code.FORBIDDEN)
    await _check_free(unit, row, org, person)
    membership = await Membership.create(
        id=new_id(),
        person_id=person,
        organization_id=org.id,
        role=row.role,
        created_at=unit.now,
    )
    await Invitation.filter(id=row.id).update(used_by=person, used_at=unit.now)
    unit.audit(org.city, row.role, "join", "membership", membership.id, invitation=str(row.id))
    return Answer(
        {
            "membership": str(membership.id),
            "role": row.role.value,
            "city": org.city,
            "organization": str(org.id),
            "organization_name": org.name,
        },
        201,
        location=f"/memberships/{membership.id}",
    )


async def _acceptable(unit: Unit, code: str) -> tuple[Invitation, Organization]:
    """The invitation of a code, locked, and its organisation. Raises ``INVITATION_INVALID``."""
    row = (
        await Invitation.filter(code_hash=hash_of(code))
        .using_db(unit.connection)
        .select_for_update()
        .first()
    )
    if row is None:
        raise DomainError(Code.INVITATION_INVALID)
    org = await Organization.get(id=row.organization_id)
    if row.used_at or row.revoked_at or row.expires_at <= unit.now or not org.active:
        _refuse(unit, row, org, Code.INVITATION_INVALID)
    return row, org


async def _check_free(unit: Unit, row: Invitation, org: Organization, person: UUID) -> None:
    """What one person may hold together; the database holds the same against a race."""
    held = await Membership.filter(person_id=person, ended_at=None)
    if any(each.organization_id == org.id and each.role is row.role for each in held):
        raise DomainError(Code.ALREADY_MEMBER)
    if row.role in ADMIN_ROLES and any(each.role in ADMIN_ROLES for each in held):
        _refuse(unit, row, org, Code.ADMIN_ROLES_SEPARATE)


def _refuse(unit: Unit, row: Invitation, org: Organization, code: Code) -> NoReturn:
    unit.audit(org.city, row.role, "join", "invitation", row.id, success=False, code=code.value)
    raise Remembered(code)


async def revoke(unit: Unit, invitation_id: UUID) -> Answer:
    """Make an unused code worthless."""
    row = (
        await Invitation.filter(id=invitation_id)
        .using_db(unit.connection)
        .select_for_update()
        .first()
    )
    if row is None:
        raise DomainError(Code.NOT_FOUND)
    org = await Organization.get(id=row.organization_id)
    hidden_unless(unit.actor, Role.SECURITY_ADMIN, org.city)
    if row.used_at or row.revoked_at:
        raise DomainError(Code.CONFLICT, state=_state(row, unit.now))
    await Invitation.filter(id=row.id).update(revoked_at=unit.now)
    unit.audit(org.city, Role.SECURITY_ADMIN, "revoke_invitation", "invitation", row.id)
    return Answer({"id": str(row.id), "state": "revoked"})


async def open_invitations(services: Services, actor: Actor, city: str) -> dict[str, Any]:
    """Codes of a city that can still be accepted, the latest first; never the codes themselves."""
    require(actor, Role.SECURITY_ADMIN, city)
    now = services.clock.now()
    rows = (
        await Invitation.filter(
            organization__city=city, used_at=None, revoked_at=None, expires_at__gt=now
        )
        .order_by("-created_at")
        .limit(200)
        .prefetch_related("organization")
    )
    return {"items": [_body(row, row.organization) for row in rows]}


def _body(row: Invitation, org: Any) -> dict[str, Any]:
    return {
        "id": str(row.id),
        "city": org.city,
        "organization": str(org.id),
        "organization_name": org.name,
        "role": row.role.value,
        "created_at": shown(row.created_at),
        "expires_at": shown(row.expires_at),
    }


def _state(row: Invitation, now: Any) -> str:
    if row.used_at:
        return "used"
    if row.revoked_at:
        return "revoked"
    return "expired" if row.expires_at <= now else "open"


def _invalid(field: str) -> DomainError:
    return DomainError(Code.INVALID, faults=(Fault(field, "value_wrong"),))
