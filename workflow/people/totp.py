"""The second factor of staff: TOTP (RFC 6238), 6 digits, 30 seconds."""

import secrets
from datetime import timedelta
from typing import Annotated, Final, NoReturn

import pyotp
from pydantic import BeforeValidator, Field

from models import Person
from rules.errors import Code, DomainError
from workflow.inputs import Input, clean_text
from workflow.people.identity import SessionKind
from workflow.people.me import locked
from workflow.people.persons import cities_of
from workflow.people.sessions import revoke_all
from workflow.unit import Answer, Remembered, Unit

STEP_S: Final = 30
WINDOW: Final = (0, -1, 1)
"""Steps accepted beside the current one: a clock a little off, a slow hand."""
MOST_FAILURES: Final = 5
LOCKED: Final = timedelta(minutes=15)
PURPOSE: Final = "person.totp"
ISSUER: Final = "联合报装"

Totp = Annotated[str, BeforeValidator(clean_text), Field(pattern=r"^[0-9]{6}$")]
"""6 digits; full-width ones are understood."""


class Enrol(Input):
    """``totp``: the current code, where a second factor is enrolled already."""

    totp: Totp | None = None


class Prove(Input):
    """A code of the secret just taken over."""

    totp: Totp


async def enrol(unit: Unit, body: Enrol) -> Answer:
    """Offer a new secret, shown this once; it counts after ``confirm``.

    Replacing one needs a code of the old: a stolen phone does not get a factor of its own.
    """
    person = await locked(unit, unit.actor.person)
    if not unit.actor.memberships:
        raise DomainError(Code.FORBIDDEN)
    if person.totp_sealed is not None:
        if body.totp is None:
            raise DomainError(Code.TOTP_NEEDED)
        await check(unit, person, body.totp)
    secret = pyotp.random_base32(32)
    sealed = unit.services.seal.seal(secret.encode(), PURPOSE)
    await person.change(totp_pending_sealed=sealed)
    await _note(unit, person, "totp_offer")
    name = f"staff-{secrets.token_hex(3)}"
    uri = pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=ISSUER)
    return Answer({"secret": secret, "uri": uri, "account": name}, 201, location="/me/totp")


async def confirm(unit: Unit, body: Prove) -> Answer:
    """The first code of the offered secret makes it the person's second factor.

    Desks signed in with the old one are signed out.
    """
    person = await locked(unit, unit.actor.person)
    _refuse_locked(unit, person)
    if person.totp_pending_sealed is None:
        raise DomainError(Code.CONFLICT, reason="no_totp_offered")
    step = _matching(unit, person.totp_pending_sealed, body.totp)
    if step is None:
        await _failed(unit, person)
    await person.change(
        totp_sealed=person.totp_pending_sealed,
        totp_pending_sealed=None,
        totp_last=step,
        totp_failures=0,
    )
    await revoke_all(person.id, unit.now, SessionKind.DESK)
    await _note(unit, person, "totp_confirm")
    return Answer({"totp": True})


async def check(unit: Unit, person: Person, code: str) -> None:
    """Accept one code of the person's secret, once; ``person`` is locked.

    Raises ``TOTP_NEEDED`` (none enrolled), ``LOCKED_OUT`` (5 failures, 15 minutes), ``TOTP_WRONG``
    (wrong, or its time step was used); failures are counted although refused.
    """
    if person.totp_sealed is None:
        raise DomainError(Code.TOTP_NEEDED)
    _refuse_locked(unit, person)
    step = _matching(unit, person.totp_sealed, code)
    if step is None or step <= person.totp_last:
        await _failed(unit, person)
    await person.change(totp_last=step, totp_failures=0)


def _refuse_locked(unit: Unit, person: Person) -> None:
    if person.locked_until is not None and person.locked_until > unit.now:
        wait = int((person.locked_until - unit.now).total_seconds()) + 1
        raise DomainError(Code.LOCKED_OUT, retry_after=wait)


def _matching(unit: Unit, sealed: bytes, code: str) -> int | None:
    """The time step a code belongs to; every step is compared, whichever matches."""
    totp = pyotp.TOTP(unit.services.seal.open(bytes(sealed), PURPOSE).decode(), interval=STEP_S)
    current = int(unit.now.timestamp()) // STEP_S
    found = [
        current + offset
        for offset in WINDOW
        if secrets.compare_digest(totp.generate_otp(current + offset), code)
    ]
    return found[0] if found else None


async def _failed(unit: Unit, person: Person) -> NoReturn:
    """Count a failure for good and refuse."""
    failures = person.totp_failures + 1
    out = failures >= MOST_FAILURES
    await person.change(
        totp_failures=0 if out else failures,
        locked_until=unit.now + LOCKED if out else None,
    )
    await _note(unit, person, "totp_lock" if out else "totp_fail", success=False)
    if out:
        raise Remembered(Code.LOCKED_OUT, retry_after=int(LOCKED.total_seconds()))
    raise Remembered(Code.TOTP_WRONG, left=MOST_FAILURES - failures)


async def _note(unit: Unit, person: Person, action: str, *, success: bool = True) -> None:
    for city, role in await cities_of(person):
        unit.audit(city, role, action, "person", person.id, success=success)
