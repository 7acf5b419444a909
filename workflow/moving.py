"""In which role, and for which organisation, an actor makes a move; the same for every table."""

from collections.abc import Collection
from uuid import UUID

from rules.actors import Actor, Role
from rules.lifecycle import Move, Organisers, organiser_role


def acting_role(move: Move, roles: frozenset[Role], organisers: Organisers) -> Role:
    """The first role of the row that the actor has; LookupError when it has none."""
    for who in move.who:
        role = who if isinstance(who, Role) else organiser_role(who, organisers)
        if role in roles:
            return role
    raise LookupError(move.event)


def acting_organization(
    actor: Actor, role: Role, city: str, parties: Collection[UUID] = ()
) -> UUID | None:
    """The organisation in which the actor holds a role of the city; ``None`` for an applicant.

    Whoever holds the role in several acts for the one among ``parties``, those with a part in it.
    """
    held = [m.org for m in actor.memberships_in(city, role)]
    return next((org for org in held if org in parties), next(iter(held), None))
