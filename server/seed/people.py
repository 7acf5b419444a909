"""The cast in the database: people with openid, name, telephone, office and second factor."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass

import pyotp

from models import Identity, Membership, Organization, Person
from models.base import new_id
from rules.actors import Actor
from server.seed.cast import Player
from workflow.people import me
from workflow.people.persons import person_of
from workflow.people.totp import PURPOSE as TOTP_PURPOSE
from workflow.ports import Services
from workflow.unit import Answer, Unit, perform


@dataclass(frozen=True, slots=True)
class _Known:
    """What the platform would tell at this person's first sign-in."""

    appid: str
    openid: str
    unionid: str | None


async def settle(services: Services, appid: str, players: Iterable[Player]) -> None:
    """Make everybody who is not there yet. Safe to run again, and after a crash.

    Whoever is there keeps what it has: name, telephone, ended memberships.
    """
    known = await Identity.filter(appid=appid).only("openid")
    there = {identity.openid for identity in known}
    for player in players:
        if player.mp_openid not in there:
            await perform(services, Actor(person=None), _arrival(appid, player))


def _arrival(appid: str, player: Player) -> Callable[[Unit], Awaitable[Answer]]:
    async def arrive(unit: Unit) -> Answer:
        found = _Known(appid, player.mp_openid, player.unionid)
        person = await person_of(unit, "mp", found)
        unit.actor = Actor(person=person.id)
        await me.set_name(unit, me.Name(name=player.name))
        await me.bind_phone(unit, player.phone)
        if player.post is not None:
            await _employ(unit, person, player)
        return Answer({})

    return arrive


async def _employ(unit: Unit, person: Person, player: Player) -> None:
    assert player.post is not None  # noqa: S101 - asked for staff only
    post = player.post
    org = await Organization.get(city=player.city, kind=post.kind, code=post.code)
    membership = await Membership.create(
        id=new_id(),
        person_id=person.id,
        organization_id=org.id,
        role=post.role,
        created_at=unit.now,
    )
    secret = unit.services.seal.seal(pyotp.random_base32(32).encode(), TOTP_PURPOSE)
    await Person.filter(id=person.id).update(totp_sealed=secret)
    unit.audit(player.city, post.role, "join", "membership", membership.id, demo=True)
