"""Who acts: roles, the organisations they belong to, and the actor of one request."""

from dataclasses import dataclass, replace
from enum import StrEnum
from uuid import UUID

from rules.states import Channel


class Role(StrEnum):
    """Roles of domain §1. ``SYSTEM`` is the product itself (sweepers), ``PLATFORM`` another one."""

    APPLICANT = "applicant"
    WINDOW_CLERK = "window_clerk"
    UTILITY_CLERK = "utility_clerk"
    CREW = "crew"
    APPROVER = "approver"
    REGULATOR = "regulator"
    COORDINATOR = "coordinator"
    SYSTEM_ADMIN = "system_admin"
    SECURITY_ADMIN = "security_admin"
    AUDITOR = "auditor"
    SYSTEM = "system"
    PLATFORM = "platform"


STAFF_ROLES = frozenset(Role) - {Role.APPLICANT, Role.SYSTEM, Role.PLATFORM}
ADMIN_ROLES = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR})
"""Three separate people: one person never holds two of these (GB/T 22239 8.1.4.2)."""


class OrgKind(StrEnum):
    """What an organisation is to a city's cases."""

    WINDOW = "window"
    UTILITY = "utility"
    CARRIER = "carrier"
    DEPARTMENT = "department"
    LEAD = "lead"
    REGULATOR = "regulator"
    ADMINISTRATION = "administration"
    PLATFORM = "platform"


@dataclass(frozen=True, slots=True)
class Membership:
    """One role a person holds in one organisation of one city."""

    id: UUID
    role: Role
    city: str
    org: UUID
    org_kind: OrgKind
    org_code: str
    """Code within its kind: the department's, the carrier's, the town's window …"""
    utility: str | None = None
    """The utility an organisation of kind UTILITY or CARRIER serves."""
    town: str | None = None
    """The town a 属地 department answers for; None serves the whole city."""


@dataclass(frozen=True, slots=True)
class Actor:
    """The person behind a request with every role it holds. ``person`` is None for the system."""

    person: UUID | None
    session: UUID | None = None
    memberships: tuple[Membership, ...] = ()
    roles: frozenset[Role] = frozenset({Role.APPLICANT})
    on_desk: bool = False
    channel: Channel = Channel.MINIPROGRAM
    """Through what it speaks to us."""
    platform: str | None = None
    """``code@city`` of another platform that calls us; its key opens that one city."""

    @property
    def platform_city(self) -> str | None:
        """The one city a platform may touch."""
        return self.platform.partition("@")[2] if self.platform else None

    def holds(self, role: Role, city: str | None = None) -> bool:
        """Whether the actor holds ``role`` (in ``city`` when given)."""
        if role in (Role.APPLICANT, Role.SYSTEM, Role.PLATFORM):
            return role in self.roles
        return any(m.role is role and city in (None, m.city) for m in self.memberships)

    def as_applicant(self) -> "Actor":
        """The same person without any office: as it stands towards its own cases."""
        return replace(self, memberships=(), roles=frozenset({Role.APPLICANT}))

    def memberships_in(self, city: str, *roles: Role) -> tuple[Membership, ...]:
        """The actor's memberships in one city, of the given roles when any are named."""
        return tuple(
            m for m in self.memberships if m.city == city and (not roles or m.role in roles)
        )


SYSTEM = Actor(person=None, roles=frozenset({Role.SYSTEM}))
