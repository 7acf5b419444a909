"""A person's own things: phone and what it claims, name, enterprises, colleagues."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from models import (
    Application,
    AuditEntry,
    ColleagueCode,
    Enterprise,
    EnterpriseMember,
    Person,
    Registration,
)
from rules.actors import Actor, OrgKind, Role
from rules.errors import Code, DomainError
from rules.states import Channel, RegistrationState, Stage
from tests.workflow.identity_world import DAYE, START, ZHOUKOU, World, world
from workflow.people import enterprises, me
from workflow.values import phone_lookup

__all__ = ["world"]

PHONE = "13800001234"
CREDIT = "91420281MA4900001H"
VALUES = {
    "enterprise.name": "大冶样例食品有限公司",
    "enterprise.credit_code": CREDIT,
    "enterprise.legal_person": "王样",
    "contact.name": "李样",
    "contact.phone": PHONE,
}


async def refusal(awaited: Any) -> DomainError:
    with pytest.raises(DomainError) as refused:
        await awaited
    return refused.value


async def bind(world: World, actor: Actor, phone: str = PHONE) -> dict[str, Any]:
    world.platform.phones["c"] = phone
    told = await me.verified_phone(world.services, actor, me.PhoneCode(code="c"))
    return await world.act(actor, me.bind_phone, told)


async def application(world: World, stage: Stage, phone: str, **more: Any) -> UUID:
    numbered = stage is not Stage.DRAFT
    count = await Application.all().count()
    row = await Application.create(
        city=DAYE,
        channel=Channel.WINDOW,
        stage=stage,
        year=2026 if numbered else None,
        sequence=count + 1 if numbered else None,
        judged_on=START.date() if numbered else None,
        contact_lookup=phone_lookup(world.services.seal, phone),
        created_at=START,
        updated_at=START,
        **more,
    )
    return row.id


async def test_a_verified_phone_takes_over_what_was_entered_for_it(world: World) -> None:
    stranger = await world.person()
    mine = await application(world, Stage.SUBMITTED, PHONE)
    draft = await application(world, Stage.DRAFT, PHONE)
    other = await application(world, Stage.SUBMITTED, "13800009999")
    owned = await application(world, Stage.SUBMITTED, PHONE, owner_id=stranger)
    registration = await Registration.create(
        city=ZHOUKOU,
        channel=Channel.PLATFORM,
        state=RegistrationState.RECEIVED,
        contact_lookup=phone_lookup(world.services.seal, PHONE),
        judged_on=START.date(),
        created_at=START,
    )
    actor = await world.actor(await world.person())
    answer = await bind(world, actor)
    assert answer == {"phone": "138****1234", "claimed": {"applications": 1, "registrations": 1}}
    owners = {row.id: row.owner_id for row in await Application.all()}
    assert owners == {mine: actor.person, draft: None, other: None, owned: stranger}
    assert (await Registration.get(id=registration.id)).owner_id == actor.person
    claims = {(row.city, row.object_id) for row in await AuditEntry.filter(action="claim")}
    assert claims == {(DAYE, str(mine)), (ZHOUKOU, str(registration.id))}
    assert (await bind(world, actor))["claimed"] == {"applications": 0, "registrations": 0}


async def test_a_phone_is_sealed_and_shown_masked(world: World) -> None:
    actor = await world.actor(await world.person())
    await bind(world, actor)
    await world.act(actor, me.set_name, me.Name(name=" 李样 "))
    row = await Person.get(id=actor.person)
    for sealed in (row.phone_sealed, row.name_sealed):
        assert sealed is not None
        assert PHONE.encode() not in bytes(sealed)
        assert "李样".encode() not in bytes(sealed)
    shown = await me.me(world.services, actor)
    assert (shown["name"], shown["phone"]) == ("李样", "138****1234")


async def test_a_number_from_abroad_stays_as_told(world: World) -> None:
    actor = await world.actor(await world.person())
    assert (await bind(world, actor, "+85251234567"))["phone"].endswith("67")


async def test_a_used_phone_code_and_too_many(world: World) -> None:
    actor = await world.actor(await world.person())
    await bind(world, actor)
    body = me.PhoneCode(code="c")
    used = await refusal(me.verified_phone(world.services, actor, body))
    assert used.code is Code.LOGIN_FAILED
    for _ in range(8):
        await refusal(me.verified_phone(world.services, actor, body))
    slowed = await refusal(me.verified_phone(world.services, actor, body))
    assert slowed.code is Code.TOO_MANY


async def test_me_names_every_role(world: World) -> None:
    person = await world.person()
    await world.employ(person, Role.APPROVER, DAYE, OrgKind.DEPARTMENT, "town-jinhu")
    shown = await me.me(world.services, await world.actor(person))
    (held,) = shown["memberships"]
    assert (held["role"], held["city_name"], held["town"]) == ("approver", "大冶市", "jinhu")
    assert (shown["name"], shown["phone"], shown["totp"]) == (None, None, False)


@pytest.mark.parametrize("name", ["", "  ", "李\n样", "李\x00样", "李\u202e样", "李" * 51])
def test_what_is_no_name(name: str) -> None:
    with pytest.raises(ValueError, match="name"):
        me.Name(name=name)


def profile(**changed: Any) -> enterprises.Profile:
    values = {key: value for key, value in (VALUES | changed).items() if value is not None}
    return enterprises.Profile(city=DAYE, values=values)


async def test_an_enterprise_is_entered_read_and_changed_by_its_owner(world: World) -> None:
    owner = await world.actor(await world.person())
    made = await world.act(owner, enterprises.create, profile())
    assert (made["relation"], made["version"], made["credit_code"]) == ("owner", 1, CREDIT)
    row = await Enterprise.get(id=made["id"])
    assert PHONE not in str(row.profile)
    assert row.personal_sealed is not None
    read = await enterprises.read(world.services, owner.person, row.id)
    assert read.body["values"] == VALUES
    new = profile(**{"enterprise.name": "大冶样例饮料有限公司"})
    changed = await world.act(owner, enterprises.update, row.id, new, 1)
    assert (changed["name"], changed["version"]) == ("大冶样例饮料有限公司", 2)
    stale = await refusal(world.act(owner, enterprises.update, row.id, new, 1))
    assert stale.code is Code.VERSION_STALE


async def test_every_fault_of_a_profile_at_once(world: World) -> None:
    owner = await world.actor(await world.person())
    bad = profile(
        **{
            "enterprise.name": None,
            "enterprise.credit_code": CREDIT[:-1] + "2",
            "contact.phone": "123",
            "site.address": "样例路1号",
            "nonsense": 1,
        }
    )
    refused = await refusal(world.act(owner, enterprises.create, bad))
    assert {fault.field: fault.code for fault in refused.faults} == {
        "enterprise.name": "required",
        "enterprise.credit_code": "credit_code_check",
        "contact.phone": "phone_wrong",
        "site.address": "not_in_form",
        "nonsense": "unknown_field",
    }


async def test_a_credit_code_opens_nobody_elses_enterprise(world: World) -> None:
    owner = await world.actor(await world.person())
    other = await world.actor(await world.person())
    first = await world.act(owner, enterprises.create, profile())
    second = await world.act(other, enterprises.create, profile())
    assert first["id"] != second["id"]
    again = await refusal(world.act(owner, enterprises.create, profile()))
    assert again.code is Code.ENTERPRISE_KNOWN
    for enterprise in (UUID(first["id"]), uuid4()):
        seen = await refusal(enterprises.read(world.services, other.person, enterprise))
        assert seen.code is Code.NOT_FOUND


async def test_a_colleague_joins_by_a_code_once(world: World) -> None:
    owner = await world.actor(await world.person())
    colleague, late = [await world.actor(await world.person()) for _ in range(2)]
    enterprise = UUID((await world.act(owner, enterprises.create, profile()))["id"])
    code = (await world.act(owner, enterprises.invite_colleague, enterprise))["code"]
    assert code not in str(await ColleagueCode.all().values())
    own = await refusal(world.act(owner, enterprises.join, enterprises.Join(code=code)))
    assert own.code is Code.ALREADY_MEMBER
    joined = await world.act(colleague, enterprises.join, enterprises.Join(code=code))
    assert joined["relation"] == "agent"
    used = await refusal(world.act(late, enterprises.join, enterprises.Join(code=code)))
    assert used.code is Code.INVITATION_INVALID
    listed = await enterprises.members(world.services, colleague.person, enterprise)
    assert [each["relation"] for each in listed["items"]] == ["owner", "agent"]
    assert (await enterprises.read(world.services, colleague.person, enterprise)).body["values"]
    for act, args in (
        (enterprises.invite_colleague, ()),
        (enterprises.update, (profile(), 1)),
        (enterprises.remove_member, (owner.person,)),
    ):
        refused = await refusal(world.act(colleague, act, enterprise, *args))
        assert refused.code is Code.FORBIDDEN


async def test_a_colleagues_code_ends_after_a_day(world: World) -> None:
    owner = await world.actor(await world.person())
    enterprise = UUID((await world.act(owner, enterprises.create, profile()))["id"])
    code = (await world.act(owner, enterprises.invite_colleague, enterprise))["code"]
    world.clock.forward(hours=24)
    late = await world.actor(await world.person())
    refused = await refusal(world.act(late, enterprises.join, enterprises.Join(code=code)))
    assert refused.code is Code.INVITATION_INVALID


async def test_colleagues_are_removed_or_leave_the_owner_stays(world: World) -> None:
    owner = await world.actor(await world.person())
    enterprise = UUID((await world.act(owner, enterprises.create, profile()))["id"])
    people = [await world.person() for _ in range(2)]
    for person in people:
        await EnterpriseMember.create(
            enterprise_id=enterprise, person_id=person, relation="agent", created_at=START
        )
    await world.act(owner, enterprises.remove_member, enterprise, people[0])
    leaver = await world.actor(people[1])
    await world.act(leaver, enterprises.remove_member, enterprise, people[1])
    seen = await refusal(enterprises.read(world.services, people[1], enterprise))
    assert seen.code is Code.NOT_FOUND
    stays = await refusal(world.act(owner, enterprises.remove_member, enterprise, owner.person))
    assert stays.code is Code.FORBIDDEN
    gone = await refusal(world.act(owner, enterprises.remove_member, enterprise, people[0]))
    assert gone.code is Code.NOT_FOUND
