"""Who may call a route. A route without an answer to that cannot be declared."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from rules.actors import Actor, Role
from rules.errors import Code, DomainError
from rules.lifecycle import ORGANISER_ROLE, Move, Subject
from rules.moves import TABLES


class Kind(StrEnum):
    """How a right is judged."""

    PUBLIC = "public"
    SIGNED_IN = "signed_in"
    ROLES = "roles"
    MOVE = "move"


@dataclass(frozen=True, slots=True)
class Access:
    """``MOVE``: the table of moves judges, with the case at hand, and tells what is allowed now;
    ``roles`` then only documents who may in some city. ``desk``: a desk session is needed.
    """

    kind: Kind
    roles: frozenset[Role] = frozenset()
    desk: bool = False
    moves: tuple[Move, ...] = ()

    def judge(self, actor: Actor) -> None:
        """Raises ``FORBIDDEN`` or, where the role is there but not the desk, ``TOTP_NEEDED``."""
        if self.kind is Kind.ROLES and not any(actor.holds(role) for role in self.roles):
            raise DomainError(Code.FORBIDDEN)
        if self.desk and not actor.on_desk:
            raise DomainError(Code.TOTP_NEEDED)


PUBLIC = Access(Kind.PUBLIC)
"""Anybody, without a token."""

SIGNED_IN = Access(Kind.SIGNED_IN)
"""Every person with a session."""


def roles(*who: Role, desk: bool = False) -> Access:
    """People who hold one of the roles in some city; the use case looks at which."""
    return Access(Kind.ROLES, frozenset(who), desk)


def move(subject: Subject, event: str) -> Access:
    """Whoever the table of moves lets make ``event``. LookupError for an event it lacks."""
    rows = tuple(row for row in TABLES[subject] if row.event == event and row.public)
    if not rows:
        raise LookupError(f"{subject.value} has no public move {event}")
    return Access(Kind.MOVE, frozenset(_people(rows)), moves=rows)


def _people(rows: Iterable[Move]) -> Iterable[Role]:
    for row in rows:
        for who in row.who:
            if isinstance(who, Role):
                yield who
            else:
                yield from ORGANISER_ROLE.values()
