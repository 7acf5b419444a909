"""Signing in with the platform's code, and out again."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from models import Membership, Person, Session
from models.base import new_id
from models.queries import talks
from rules.actors import Actor
from rules.errors import Code, DomainError
from workflow.encoding import shown
from workflow.inputs import Input
from workflow.people.attempts import SIGN_IN_ACCOUNT, SIGN_IN_ADDRESS, spend
from workflow.people.identity import ABSOLUTE, SessionKind
from workflow.people.persons import cities_of, person_of
from workflow.ports import PlatformIdentity, Services
from workflow.unit import Answer, Unit

PlatformCode = Annotated[str, Field(min_length=1, max_length=512, pattern=r"^[!-~]+$")]
"""A one-time code of the platform."""


class SignIn(Input):
    """``mp``: a code of ``wx.login``; ``h5``: an OAuth code of the official account."""

    kind: Literal["mp", "h5"]
    code: PlatformCode


@dataclass(frozen=True, slots=True)
class Recognised:
    """Who the platform says it is."""

    kind: SessionKind
    identity: PlatformIdentity


async def recognise(services: Services, body: SignIn, address: str) -> Recognised:
    """Ask the platform whose code it is; before, and outside of, the unit of work.

    Raises ``LOGIN_FAILED`` (a bad or used code, a snapshot account), ``PLATFORM_UNAVAILABLE``,
    ``TOO_MANY``.
    """
    await spend(services, SIGN_IN_ADDRESS, address)
    kind = SessionKind(body.kind)
    ask = services.platform.login if kind is SessionKind.MINIPROGRAM else services.platform.h5_login
    identity = await ask(body.code)
    await spend(services, SIGN_IN_ACCOUNT, f"{identity.appid}:{identity.openid}")
    return Recognised(kind, identity)


async def sign_in(unit: Unit, found: Recognised) -> Answer:
    """A new session with its token for the person; made at the first sign-in."""
    person = await person_of(unit, found.kind.value, found.identity)
    joined = await talks.joined_to(found.identity.appid, found.identity.openid)
    if joined is not None:  # the pages of the official account show what its chat does
        person = await Person.get(id=joined)
    return await begin(unit, person, found.kind)


async def begin(unit: Unit, person: Person, kind: SessionKind) -> Answer:
    """Open a session and sign its token: a new one at every sign-in (ASVS 7.2.4)."""
    expires = unit.now + ABSOLUTE[kind]
    session = await Session.create(
        id=new_id(),
        person_id=person.id,
        kind=kind.value,
        created_at=unit.now,
        seen_at=unit.now,
        expires_at=expires,
    )
    unit.actor = Actor(person=person.id, session=session.id)
    for city, role in await cities_of(person):
        unit.audit(city, role, "sign_in", "session", session.id, door=kind.value)
    body = {
        "token": unit.services.tokens.issue(session.id, now=unit.now, expires_at=expires),
        "session": str(session.id),
        "expires_at": shown(expires),
        "phone_bound": person.phone_lookup is not None,
        "staff": await Membership.filter(person_id=person.id, ended_at=None).exists(),
    }
    return Answer(body, 201, location=f"/sessions/{session.id}")


async def own_sessions(person: UUID, current: UUID | None, now: datetime) -> dict[str, Any]:
    """Devices on which the person is signed in, the latest first."""
    rows = await Session.filter(person_id=person, revoked_at=None, expires_at__gt=now).order_by(
        "-created_at"
    )
    return {
        "items": [
            {
                "id": str(row.id),
                "kind": row.kind,
                "created_at": shown(row.created_at),
                "seen_at": shown(row.seen_at),
                "expires_at": shown(row.expires_at),
                "current": row.id == current,
            }
            for row in rows
        ]
    }


async def sign_out(unit: Unit, session: UUID | None) -> Answer:
    """End one of one's own sessions; at once, on every process."""
    ended = await Session.filter(id=session, person_id=unit.actor.person, revoked_at=None).update(
        revoked_at=unit.now
    )
    if session is None or not ended:
        raise DomainError(Code.NOT_FOUND)
    first = {each.city: each.role for each in reversed(unit.actor.memberships)}
    for city, role in first.items():
        unit.audit(city, role, "sign_out", "session", session)
    return Answer({"id": str(session), "ended_at": shown(unit.now)})


async def revoke_all(person: UUID, now: datetime, *kinds: SessionKind) -> int:
    """End every session of a person (of some kinds); how many."""
    query = Session.filter(person_id=person, revoked_at=None)
    if kinds:
        query = query.filter(kind__in=[kind.value for kind in kinds])
    return await query.update(revoked_at=now)
