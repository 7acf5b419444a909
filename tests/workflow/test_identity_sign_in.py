"""Signing in: one person behind several openids, codes used once, sessions that end."""

import asyncio
from uuid import uuid4

import pytest

from models import (
    AuditEntry,
    Enterprise,
    EnterpriseMember,
    Identity,
    InboxMessage,
    Membership,
    Person,
    Session,
)
from rules.actors import OrgKind, Role
from rules.errors import Code, DomainError
from tests.workflow.identity_world import DAYE, MP, OA, World, world
from wechat.accounts import Identity as PlatformIdentity
from workflow.people import sessions
from workflow.people.identity import ANONYMOUS, SessionKind, actor_of

__all__ = ["world"]


async def sign_in(
    world: World, openid: str, unionid: str | None = None, kind: str = "mp", address: str = "a"
) -> dict[str, object]:
    code = uuid4().hex
    appid = MP if kind == "mp" else OA
    world.platform.logins[code] = PlatformIdentity(appid, openid, unionid)
    body = sessions.SignIn.model_validate({"kind": kind, "code": code})
    found = await sessions.recognise(world.services, body, address)
    return await world.act(ANONYMOUS, sessions.sign_in, found)


async def who(world: World, answer: dict[str, object]) -> object:
    actor = await actor_of(world.services.tokens, str(answer["token"]), world.clock.at)
    return actor.person


async def test_the_first_sign_in_makes_a_person_the_second_finds_it(world: World) -> None:
    first, second = await sign_in(world, "o1"), await sign_in(world, "o1")
    assert await who(world, first) == await who(world, second)
    assert first["token"] != second["token"]
    assert (first["phone_bound"], first["staff"]) == (False, False)
    assert await Person.all().count() == 1


async def test_ten_first_sign_ins_at_once_make_one_person(world: World) -> None:
    answers = await asyncio.gather(*(sign_in(world, "o1", "u1") for _ in range(10)))
    assert len({await who(world, each) for each in answers}) == 1
    assert await Person.all().count() == 1


async def test_the_unionid_joins_both_accounts(world: World) -> None:
    phone = await sign_in(world, "o1", "u1")
    page = await sign_in(world, "g1", "u1", kind="h5")
    assert await who(world, phone) == await who(world, page)
    assert await Identity.all().count() == 2


async def test_a_unionid_that_appears_later_links(world: World) -> None:
    phone = await sign_in(world, "o1")
    await sign_in(world, "o1", "u1")
    page = await sign_in(world, "g1", "u1", kind="h5")
    assert await who(world, phone) == await who(world, page)


async def test_two_people_who_turn_out_to_be_one_are_joined(world: World) -> None:
    phone = await sign_in(world, "o1")
    elder = await who(world, phone)
    world.clock.forward(days=1)
    page = await sign_in(world, "g1", "u1", kind="h5")
    younger = await who(world, page)
    assert younger != elder
    await world.employ(younger, Role.CREW, DAYE, OrgKind.UTILITY, "gas")  # type: ignore[arg-type]
    shop = await Enterprise.create(
        created_by=younger, credit_code="x", name="测试商行", created_at=world.clock.at
    )
    for person in (elder, younger):
        await EnterpriseMember.create(
            enterprise_id=shop.id, person_id=person, relation="owner", created_at=world.clock.at
        )
        await InboxMessage.create(
            person_id=person, city=DAYE, code="c", origin="event:1", created_at=world.clock.at
        )
    await Person.filter(id=younger).update(phone_lookup="abc", phone_sealed=b"abc")
    again = await sign_in(world, "o1", "u1")
    assert await who(world, again) == await who(world, page) == await who(world, phone) == elder
    row = await Person.get(id=elder)
    assert (row.unionid, row.phone_lookup) == ("u1", "abc")
    assert await Membership.filter(person_id=elder, ended_at=None).count() == 1
    assert await EnterpriseMember.filter(person_id=elder).count() == 1
    assert await InboxMessage.filter(person_id=elder).count() == 1
    assert (await Enterprise.get(id=shop.id)).created_by == elder
    assert await AuditEntry.filter(action="merge_person", city=DAYE).count() == 1


async def test_who_was_both_owner_and_colleague_of_an_enterprise_is_its_owner(world: World) -> None:
    elder = await who(world, await sign_in(world, "o1"))
    world.clock.forward(days=1)
    younger = await who(world, await sign_in(world, "g1", "u1", kind="h5"))
    shop = await Enterprise.create(
        created_by=younger, credit_code="x", name="测试商行", created_at=world.clock.at
    )
    for person, relation in ((younger, "owner"), (elder, "agent")):
        await EnterpriseMember.create(
            enterprise_id=shop.id, person_id=person, relation=relation, created_at=world.clock.at
        )
    await sign_in(world, "o1", "u1")
    (left,) = await EnterpriseMember.filter(enterprise_id=shop.id)
    assert (left.person_id, left.relation) == (elder, "owner")


async def test_a_linked_unionid_is_never_replaced(world: World) -> None:
    one = await who(world, await sign_in(world, "o1", "u1"))
    other = await who(world, await sign_in(world, "g1", "u2", kind="h5"))
    assert await who(world, await sign_in(world, "o1", "u2")) == one
    assert await who(world, await sign_in(world, "g1", "u2", kind="h5")) == other
    assert (await Person.get(id=one)).unionid == "u1"


async def test_two_administrators_are_never_joined(world: World) -> None:
    one = await who(world, await sign_in(world, "o1"))
    other = await who(world, await sign_in(world, "g1", "u1", kind="h5"))
    place = (DAYE, OrgKind.ADMINISTRATION, "administration")
    await world.employ(one, Role.AUDITOR, *place)  # type: ignore[arg-type]
    await world.employ(other, Role.SYSTEM_ADMIN, *place)  # type: ignore[arg-type]
    assert await who(world, await sign_in(world, "o1", "u1")) == one
    assert await who(world, await sign_in(world, "g1", "u1", kind="h5")) == other


async def test_a_used_code_is_refused(world: World) -> None:
    world.platform.logins["c"] = PlatformIdentity(MP, "o1")
    body = sessions.SignIn(kind="mp", code="c")
    await sessions.recognise(world.services, body, "a")
    with pytest.raises(DomainError) as refused:
        await sessions.recognise(world.services, body, "a")
    assert refused.value.code is Code.LOGIN_FAILED


async def test_an_address_is_slowed_down_and_let_in_again(world: World) -> None:
    body = sessions.SignIn(kind="mp", code="wrong")
    for _ in range(120):
        with pytest.raises(DomainError, match="login_failed"):
            await sessions.recognise(world.services, body, "192.0.2.1")
    with pytest.raises(DomainError) as refused:
        await sessions.recognise(world.services, body, "192.0.2.1")
    assert refused.value.code is Code.TOO_MANY
    assert 0 < refused.value.data["retry_after"] <= 60
    assert await sign_in(world, "o1", address="192.0.2.2")
    world.clock.forward(seconds=60)
    assert await sign_in(world, "o1", address="192.0.2.1")


async def test_an_account_is_slowed_down_from_any_address(world: World) -> None:
    for turn in range(20):
        await sign_in(world, "o1", address=str(turn))
    with pytest.raises(DomainError, match="too_many"):
        await sign_in(world, "o1", address="another")


async def test_signing_out_ends_the_session_at_once(world: World) -> None:
    answer = await sign_in(world, "o1")
    other = await sign_in(world, "o1")
    actor = await actor_of(world.services.tokens, str(answer["token"]), world.clock.at)
    listed = await sessions.own_sessions(actor.person, actor.session, world.clock.at)  # type: ignore[arg-type]
    assert {each["id"]: each["current"] for each in listed["items"]} == {
        answer["session"]: True,
        other["session"]: False,
    }
    await world.act(actor, sessions.sign_out, actor.session)
    with pytest.raises(DomainError, match="unauthenticated"):
        await who(world, answer)
    assert await who(world, other) == actor.person


async def test_nobody_signs_somebody_else_out(world: World) -> None:
    answer = await sign_in(world, "o1")
    stranger = await world.actor(await world.person())
    for session in (answer["session"], str(uuid4())):
        with pytest.raises(DomainError) as refused:
            await world.act(stranger, sessions.sign_out, session)
        assert refused.value.code is Code.NOT_FOUND
    assert await who(world, answer)


async def test_only_the_sign_in_of_staff_is_audited(world: World) -> None:
    person = await who(world, await sign_in(world, "o1"))
    assert not await AuditEntry.all().count()
    await world.employ(person, Role.CREW, DAYE, OrgKind.UTILITY, "gas")  # type: ignore[arg-type]
    answer = await sign_in(world, "o1")
    (row,) = await AuditEntry.all()
    assert (row.city, row.role, row.action) == (DAYE, "crew", "sign_in")
    assert (row.person_id, row.object_id) == (person, answer["session"])


async def test_all_sessions_of_a_kind_end_together(world: World) -> None:
    person = await world.person()
    await world.session(person)
    await world.session(person, SessionKind.DESK)
    assert await sessions.revoke_all(person, world.clock.at, SessionKind.DESK) == 1
    assert await Session.filter(person_id=person, revoked_at=None).count() == 1
