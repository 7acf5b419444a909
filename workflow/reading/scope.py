"""How far an actor's organisations reach, as arrays for the read models."""

from dataclasses import dataclass
from uuid import UUID

from rules.actors import Actor, Role
from workflow.cases.standing import CITY_WIDE


@dataclass(frozen=True, slots=True)
class Scope:
    """Cities seen whole, and the organisations whose part in a case opens it."""

    cities: tuple[str, ...] = ()
    providers: tuple[UUID, ...] = ()
    departments: tuple[UUID, ...] = ()
    windows: tuple[str, ...] = ()
    """Cities in which the actor works at the window, whose walk-in drafts it sees."""


NOTHING = Scope()


def scope_of(actor: Actor) -> Scope:
    """The reach of every membership of the actor; the same table as ``standing``."""
    if not actor.memberships:
        return NOTHING
    cities, providers, departments, windows = set(), set(), set(), set()
    for membership in actor.memberships:
        if membership.role in CITY_WIDE:
            cities.add(membership.city)
            if membership.role is Role.WINDOW_CLERK:
                windows.add(membership.city)
        elif membership.role in (Role.UTILITY_CLERK, Role.CREW):
            providers.add(membership.org)
        elif membership.role is Role.APPROVER:
            departments.add(membership.org)
    return Scope(tuple(cities), tuple(providers), tuple(departments), tuple(windows))
