"""A token → the person and the roles of this very moment."""

import pytest

from models import Membership, Organization, Session
from rules.actors import OrgKind, Role
from rules.errors import Code, DomainError
from tests.workflow.identity_world import DAYE, ZHOUKOU, World, world
from workflow.people.identity import SessionKind, actor_of

__all__ = ["world"]


async def refused(world: World, token: str) -> Code:
    with pytest.raises(DomainError) as error:
        await actor_of(world.services.tokens, token, world.clock.at)
    return error.value.code


async def test_somebody_without_a_role_is_an_applicant(world: World) -> None:
    person = await world.person()
    actor = await world.actor(person)
    assert (actor.person, actor.memberships, actor.on_desk) == (person, (), False)
    assert actor.roles == {Role.APPLICANT}


async def test_every_live_membership_is_there_with_its_organisation(world: World) -> None:
    person = await world.person()
    await world.employ(person, Role.WINDOW_CLERK, DAYE, OrgKind.WINDOW, "window")
    await world.employ(person, Role.CREW, ZHOUKOU, OrgKind.UTILITY, "water")
    await world.employ(person, Role.APPROVER, DAYE, OrgKind.DEPARTMENT, "town-jinhu")
    actor = await world.actor(person)
    assert [m.role for m in actor.memberships_in(DAYE)] == [Role.WINDOW_CLERK, Role.APPROVER]
    (crew,) = actor.memberships_in(ZHOUKOU)
    assert (crew.utility, crew.org_kind, crew.org_code) == ("water", OrgKind.UTILITY, "water")
    assert actor.memberships_in(DAYE, Role.APPROVER)[0].town == "jinhu"
    assert actor.roles == {Role.APPLICANT, Role.WINDOW_CLERK, Role.CREW, Role.APPROVER}


async def test_an_ended_membership_gives_nothing_at_once(world: World) -> None:
    person = await world.person()
    membership = await world.employ(person, Role.CREW, DAYE, OrgKind.UTILITY, "gas")
    token, _ = await world.session(person)
    assert (await actor_of(world.services.tokens, token, world.clock.at)).memberships
    await Membership.filter(id=membership).update(ended_at=world.clock.at)
    assert not (await actor_of(world.services.tokens, token, world.clock.at)).memberships


async def test_an_organisation_that_is_gone_gives_no_role(world: World) -> None:
    person = await world.person()
    await world.employ(person, Role.CREW, DAYE, OrgKind.UTILITY, "gas")
    await Organization.filter(city=DAYE, code="gas").update(active=False)
    assert (await world.actor(person)).roles == {Role.APPLICANT}


async def test_a_revoked_session_opens_nothing(world: World) -> None:
    token, session = await world.session(await world.person())
    await Session.filter(id=session).update(revoked_at=world.clock.at)
    assert await refused(world, token) is Code.UNAUTHENTICATED


async def test_a_session_that_never_was_opens_nothing(world: World) -> None:
    token, session = await world.session(await world.person())
    await Session.filter(id=session).delete()
    assert await refused(world, token) is Code.UNAUTHENTICATED


async def test_a_phone_stays_signed_in_thirty_days(world: World) -> None:
    token, _ = await world.session(await world.person())
    world.clock.forward(days=30, seconds=-1)
    assert await actor_of(world.services.tokens, token, world.clock.at)
    world.clock.forward(seconds=1)
    assert await refused(world, token) is Code.UNAUTHENTICATED


async def test_a_desk_left_alone_for_half_an_hour_signs_out(world: World) -> None:
    token, _ = await world.session(await world.person(), SessionKind.DESK)
    world.clock.forward(minutes=29, seconds=59)
    assert (await actor_of(world.services.tokens, token, world.clock.at)).on_desk
    world.clock.forward(minutes=30)
    assert await refused(world, token) is Code.UNAUTHENTICATED


async def test_a_desk_in_use_stays_but_not_beyond_twelve_hours(world: World) -> None:
    token, _ = await world.session(await world.person(), SessionKind.DESK)
    for _ in range(35):
        world.clock.forward(minutes=20)
        await actor_of(world.services.tokens, token, world.clock.at)
    world.clock.forward(minutes=20)
    assert await refused(world, token) is Code.UNAUTHENTICATED


async def test_use_is_noted_once_a_minute_only(world: World) -> None:
    token, session = await world.session(await world.person(), SessionKind.DESK)
    start = world.clock.at
    world.clock.forward(seconds=59)
    await actor_of(world.services.tokens, token, world.clock.at)
    assert (await Session.get(id=session)).seen_at == start
    world.clock.forward(seconds=1)
    await actor_of(world.services.tokens, token, world.clock.at)
    assert (await Session.get(id=session)).seen_at == world.clock.at
