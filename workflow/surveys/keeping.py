"""Whose crews somebody may keep or look at; a crew opened to be changed."""

from uuid import UUID

from models import Crew, Organization
from models.writes import locked
from rules.actors import Actor, Role
from rules.errors import Code, DomainError
from rules.staffing import GOES_OUT, KEEPS_CREWS

KEEPERS = (Role.SYSTEM_ADMIN, *dict.fromkeys(KEEPS_CREWS.values()))
"""Roles in which crews are kept: the city's administrator all, the others their own."""
ORGANISING = (Role.WINDOW_CLERK, Role.COORDINATOR)
"""Roles that look at every crew of their city: they agree the times with applicants."""
LOOKERS = tuple(dict.fromkeys((*KEEPERS, *GOES_OUT.values(), *ORGANISING)))


def keeps(actor: Actor, org: Organization) -> Role:
    """In which role the actor keeps the crews of an organisation.

    Raises ``NOT_FOUND`` where it does not, ``TOTP_NEEDED`` for an administrator off the desk.
    """
    own = KEEPS_CREWS.get(org.kind)
    if own is not None and _works_in(actor, org, own):
        return own
    if not actor.holds(Role.SYSTEM_ADMIN, org.city):
        raise DomainError(Code.NOT_FOUND)
    if not actor.on_desk:
        raise DomainError(Code.TOTP_NEEDED)
    return Role.SYSTEM_ADMIN


def looks(actor: Actor, org: Organization) -> Role:
    """In which role the actor looks at the crews of an organisation. Raises as ``keeps``."""
    for role in ORGANISING:
        if actor.holds(role, org.city):
            return role
    out = GOES_OUT.get(org.kind)
    if out is not None and _works_in(actor, org, out):
        return out
    return keeps(actor, org)


def sees_all(actor: Actor, city: str) -> bool:
    """Whether the actor looks at every crew of a city."""
    if any(actor.holds(role, city) for role in ORGANISING):
        return True
    return actor.holds(Role.SYSTEM_ADMIN, city) and actor.on_desk


async def of_crew(crew: Crew) -> Organization:
    """The organisation whose crew it is."""
    return await Organization.get(id=crew.organization_id)


async def to_look(actor: Actor, crew_id: UUID) -> tuple[Crew, Organization, Role]:
    """A crew to be looked at, its organisation, the role. ``NOT_FOUND`` without a part in it."""
    crew = await Crew.filter(id=crew_id).first()
    if crew is None:
        raise DomainError(Code.NOT_FOUND)
    org = await of_crew(crew)
    return crew, org, looks(actor, org)


async def to_keep(
    actor: Actor, crew_id: UUID, expect: int | None
) -> tuple[Crew, Organization, Role]:
    """A crew locked to be changed. Raises ``NOT_FOUND``, ``TOTP_NEEDED``, ``VERSION_STALE``."""
    crew = await locked(Crew, crew_id)
    if crew is None:
        raise DomainError(Code.NOT_FOUND)
    org = await of_crew(crew)
    role = keeps(actor, org)
    if expect is not None and expect != crew.version:
        raise DomainError(Code.VERSION_STALE, version=crew.version)
    return crew, org, role


def _works_in(actor: Actor, org: Organization, role: Role) -> bool:
    return any(m.org == org.id and m.role is role for m in actor.memberships)
