"""Who is asking: a token → its live session → the person with the roles it holds right now."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from models.queries import actor as query
from rules.actors import Actor, Membership, OrgKind, Role
from rules.errors import Code, DomainError
from rules.states import Channel
from workflow.people.tokens import Tokens

ANONYMOUS: Final = Actor(person=None, roles=frozenset())
"""Nobody in particular: who asks before signing in."""


class SessionKind(StrEnum):
    """Where somebody signed in."""

    MINIPROGRAM = "mp"
    WEB = "h5"
    DESK = "desk"


ABSOLUTE: Final = {
    SessionKind.MINIPROGRAM: timedelta(days=30),
    SessionKind.WEB: timedelta(days=30),
    SessionKind.DESK: timedelta(hours=12),
}
"""How long a session lasts at most."""
DESK_IDLE: Final = timedelta(minutes=30)
"""A desk left alone signs out (等保 8.1.4.1); a phone locks itself."""
_NOTED_EVERY: Final = {
    SessionKind.MINIPROGRAM: timedelta(hours=1),
    SessionKind.WEB: timedelta(hours=1),
    SessionKind.DESK: timedelta(minutes=1),
}
"""How coarsely ``seen_at`` is kept: no write on every request."""


async def actor_of(tokens: Tokens, token: str, now: datetime) -> Actor:
    """The person behind a bearer token. Raises ``UNAUTHENTICATED``.

    Revoked, expired and idle sessions open nothing; ended memberships give nothing, at once.
    """
    session = tokens.read(token, now)
    rows = await query.rows_of(session, now, SessionKind.DESK, DESK_IDLE)
    if not rows:
        raise DomainError(Code.UNAUTHENTICATED)
    first = rows[0]
    kind = await note_use(session, first, now)
    memberships = tuple(_membership(row) for row in rows if row["membership"] is not None)
    return Actor(
        person=first["person_id"],
        session=session,
        memberships=memberships,
        roles=frozenset({Role.APPLICANT}) | {each.role for each in memberships},
        on_desk=kind is SessionKind.DESK,
        channel=Channel.H5 if kind is SessionKind.WEB else Channel.MINIPROGRAM,
    )


async def note_use(session: UUID, row: Any, now: datetime) -> SessionKind:
    """Keep when a live session was last used, coarsely. ``row``: its ``kind`` and ``seen_at``."""
    kind = SessionKind(row["kind"])
    if now - row["seen_at"] >= _NOTED_EVERY[kind]:
        await query.seen(session, now)
    return kind


async def actor_of_person(person: UUID) -> Actor:
    """A person who does not sign in now but left a link behind, with the roles it holds now."""
    memberships = tuple(_membership(row) for row in await query.held_by(person))
    roles = frozenset({Role.APPLICANT}) | {each.role for each in memberships}
    return Actor(person=person, memberships=memberships, roles=roles)


def _membership(row: Any) -> Membership:
    return Membership(
        id=row["membership"],
        role=Role(row["role"]),
        city=row["city"],
        org=row["org"],
        org_kind=OrgKind(row["org_kind"]),
        org_code=row["org_code"],
        utility=row["utility"],
        town=row["town"],
    )
