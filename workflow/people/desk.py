"""Signing in on a desk: a QR there, a confirmation on the phone, a TOTP code back on the desk.

The QR alone gives nothing: its secret stays with the desk that asked for it, the person is named
by the phone, and the second factor is typed at the desk.
"""

import secrets
from datetime import timedelta
from enum import StrEnum
from typing import Annotated, Any, Final
from uuid import UUID

from pydantic import Field

from models import DeskLogin, Person
from models.base import new_id
from rules.actors import Actor
from rules.errors import Code, DomainError
from rules.visibility import mask_name
from workflow.encoding import shown
from workflow.inputs import Input
from workflow.people.identity import SessionKind
from workflow.people.me import locked, opened
from workflow.people.persons import cities_of
from workflow.people.secret_codes import digest
from workflow.people.sessions import begin
from workflow.people.totp import Totp, check
from workflow.ports import Services
from workflow.unit import Answer, Unit
from workflow.values import PERSON_NAME_PURPOSE

LIFE: Final = timedelta(minutes=2)
"""How long a QR waits, and how long the desk then has for its TOTP code."""
PAGE: Final = "/desk/confirm"
"""Where the QR leads, below the public address; the mini-program opens it by this prefix."""

PollSecret = Annotated[str, Field(pattern=r"^[0-9A-Za-z_-]{20,64}$")]


class State(StrEnum):
    """How far a desk's sign-in is."""

    WAITING = "waiting"
    CONFIRMED = "confirmed"
    FINISHED = "finished"
    EXPIRED = "expired"


class Finish(Input):
    """The secret the desk was given with the QR, and the code the person reads off its phone."""

    secret: PollSecret
    totp: Totp


async def open_login(unit: Unit) -> Answer:
    """A QR for a desk: its content, its id, and the secret by which only this desk goes on."""
    secret = secrets.token_urlsafe(32)
    login = await DeskLogin.create(
        id=new_id(),
        poll_hash=digest(secret),
        created_at=unit.now,
        expires_at=unit.now + LIFE,
    )
    return Answer(
        {
            "id": str(login.id),
            "secret": secret,
            "qr": f"{unit.services.public_url}{PAGE}?id={login.id}",
            "expires_at": shown(login.expires_at),
        },
        201,
        location=f"/desk/logins/{login.id}",
    )


async def look(services: Services, login_id: UUID, secret: str | None) -> dict[str, Any]:
    """How far it is, for the desk that holds the secret; ``NOT_FOUND`` for anybody else."""
    login = _own_desk(await DeskLogin.filter(id=login_id).first(), secret)
    state = _state(login, services)
    body: dict[str, Any] = {"state": state.value, "expires_at": shown(login.expires_at)}
    if state is State.CONFIRMED and login.person_id is not None:
        person = await Person.get(id=login.person_id)
        name = opened(services, person.name_sealed, PERSON_NAME_PURPOSE)
        body |= {"name": mask_name(name or ""), "totp": person.totp_sealed is not None}
    return body


async def confirm(unit: Unit, login_id: UUID) -> Answer:
    """Staff says on its phone: that desk is me. Once, within two minutes."""
    if not unit.actor.memberships or unit.actor.on_desk:
        raise DomainError(Code.FORBIDDEN)
    login = await _for_update(unit, login_id)
    if login is None or _state(login, unit.services) is not State.WAITING:
        raise DomainError(Code.NOT_FOUND)
    person = await Person.get(id=unit.actor.person)
    if person.totp_sealed is None:
        raise DomainError(Code.TOTP_NEEDED)
    expires = unit.now + LIFE
    await DeskLogin.filter(id=login.id).update(
        person_id=person.id, confirmed_at=unit.now, expires_at=expires
    )
    return Answer({"id": str(login.id), "state": State.CONFIRMED.value})


async def finish(unit: Unit, login_id: UUID, body: Finish) -> Answer:
    """The second factor opens the desk's session. Raises as ``totp.check``."""
    login = _own_desk(await _for_update(unit, login_id), body.secret)
    if _state(login, unit.services) is not State.CONFIRMED:
        raise DomainError(Code.CONFLICT, state=_state(login, unit.services).value)
    person = await locked(unit, login.person_id)
    unit.actor = Actor(person=person.id)
    if not await cities_of(person):
        raise DomainError(Code.FORBIDDEN)
    await check(unit, person, body.totp)
    await DeskLogin.filter(id=login.id).update(finished_at=unit.now)
    return await begin(unit, person, SessionKind.DESK)


def _state(login: DeskLogin, services: Services) -> State:
    if login.finished_at is not None:
        return State.FINISHED
    if login.expires_at <= services.clock.now():
        return State.EXPIRED
    return State.WAITING if login.confirmed_at is None else State.CONFIRMED


def _own_desk(login: DeskLogin | None, secret: str | None) -> DeskLogin:
    if login is None or not secrets.compare_digest(login.poll_hash, digest(secret or "")):
        raise DomainError(Code.NOT_FOUND)
    return login


async def _for_update(unit: Unit, login_id: UUID) -> DeskLogin | None:
    return await DeskLogin.filter(id=login_id).using_db(unit.connection).select_for_update().first()
