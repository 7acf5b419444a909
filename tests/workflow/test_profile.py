"""The enterprise a case belongs to, and whose submit changes its profile."""

from typing import Any
from uuid import UUID

import pytest

from models import Application, Enterprise, EnterpriseMember
from models.base import new_id
from rules.actors import Actor, Role
from rules.errors import Code, DomainError
from rules.states import Channel
from tests.workflow.drive import Drive
from tests.workflow.forms import DAYE
from tests.workflow.registering import FORM_A, convert, enterprise_of, registered
from tests.workflow.world import World
from workflow.cases import draft
from workflow.people import enterprises, me
from workflow.platforms import inputs as integration_inputs
from workflow.platforms import pushes as integration

NEW = "样例路九号"
OTHER_CODE = "91411628MA40QQ1N8Q"
PORTAL = Actor(
    person=None,
    roles=frozenset({Role.PLATFORM}),
    channel=Channel.PLATFORM,
    platform="portal@daye",
)


async def drafted(world: World, actor: Actor, enterprise: Enterprise, **changed: Any) -> Drive:
    """A draft of a named enterprise, filled in."""
    body = draft.NewDraft(city="daye", enterprise_id=enterprise.id)
    made = await world.act(
        actor, lambda unit: draft.create_draft(unit, body, channel=Channel.MINIPROGRAM)
    )
    drive = Drive(world, "daye", actor, UUID(made["id"]))
    await drive.save(DAYE | {"enterprise.address": NEW} | changed)
    return drive


async def stands(enterprise: Enterprise) -> tuple[str, int]:
    """The address a profile holds, and its version."""
    row = await Enterprise.get(id=enterprise.id)
    return str(row.profile["enterprise.address"]), row.version


async def cast(world: World) -> tuple[Actor, Actor, Enterprise]:
    """An enterprise's owner, a colleague it has let in, and the enterprise."""
    owner, colleague = await world.person("李"), await world.person("赵")
    return owner, colleague, await enterprise_of(world, owner, colleague)


async def test_a_draft_of_a_named_enterprise_is_everybodys_who_acts_for_it(world: World) -> None:
    owner, colleague, enterprise = await cast(world)
    drive = await drafted(world, colleague, enterprise)
    assert (await drive.app()).enterprise_id == enterprise.id
    await drive.save({"site.address": "样例大道 9 号"}, owner)
    with pytest.raises(DomainError) as refused:
        await drafted(world, await world.person("王"), enterprise)
    assert refused.value.code is Code.NOT_FOUND


async def test_the_owners_submit_changes_the_profile_and_its_version(world: World) -> None:
    owner, _, enterprise = await cast(world)
    drive = await drafted(world, owner, enterprise)
    await drive.submit()
    assert (await drive.app()).enterprise_id == enterprise.id
    assert await stands(enterprise) == (NEW, 2)
    body = enterprises.Profile(
        city="daye",
        values={
            "enterprise.name": "样例铸造有限公司",
            "enterprise.credit_code": FORM_A["enterprise.credit_code"],
        },
    )
    with pytest.raises(DomainError) as stale:
        await world.act(owner, lambda unit: enterprises.update(unit, enterprise.id, body, 1))
    assert stale.value.code is Code.VERSION_STALE


async def test_a_colleagues_submit_leaves_the_profile(world: World) -> None:
    _, colleague, enterprise = await cast(world)
    before = await stands(enterprise)
    drive = await drafted(world, colleague, enterprise)
    await drive.submit()
    app = await drive.app()
    assert (app.owner_id, app.enterprise_id) == (colleague.person, enterprise.id)
    assert await stands(enterprise) == before
    assert await Enterprise.all().count() == 1


async def test_the_owner_may_submit_what_a_colleague_has_filled_in(world: World) -> None:
    owner, colleague, enterprise = await cast(world)
    drive = await drafted(world, colleague, enterprise)
    drive.owner = owner
    await drive.submit()
    app = await drive.app()
    assert (app.owner_id, app.enterprise_id) == (colleague.person, enterprise.id)
    assert await stands(enterprise) == (NEW, 2)


async def test_a_removed_colleague_submits_for_itself(world: World) -> None:
    owner, colleague, enterprise = await cast(world)
    before = await stands(enterprise)
    drive = await drafted(world, colleague, enterprise)
    gone = colleague.person
    assert gone is not None
    await world.act(owner, lambda unit: enterprises.remove_member(unit, enterprise.id, gone))
    await drive.submit()
    own = await Enterprise.get(created_by=gone)
    assert (await drive.app()).enterprise_id == own.id != enterprise.id
    assert await EnterpriseMember.filter(enterprise_id=own.id).values_list(
        "person_id", "relation"
    ) == [(gone, "owner")]
    assert await stands(enterprise) == before
    with pytest.raises(DomainError) as refused:
        await world.act(owner, lambda unit: draft.read_draft(unit, drive.id))
    assert refused.value.code is Code.NOT_FOUND


async def test_another_credit_code_is_another_enterprise(world: World) -> None:
    owner, colleague, enterprise = await cast(world)
    before = await stands(enterprise)
    drive = await drafted(world, colleague, enterprise, **{"enterprise.credit_code": OTHER_CODE})
    await drive.submit()
    own = await Enterprise.get(created_by=colleague.person, credit_code=OTHER_CODE)
    assert (await drive.app()).enterprise_id == own.id
    assert await stands(enterprise) == before
    # the owner's own case, submitted by the colleague: nobody's profile changes
    known = await Enterprise.create(
        id=new_id(),
        created_by=owner.person,
        credit_code=OTHER_CODE,
        name="样例制品有限公司",
        profile={"enterprise.address": "样例路二号"},
        created_at=world.clock.now(),
    )
    drive = await drafted(world, owner, enterprise, **{"enterprise.credit_code": OTHER_CODE})
    drive.owner = colleague
    await drive.submit()
    assert (await drive.app()).enterprise_id == known.id
    assert (await stands(known))[0] == "样例路二号"
    assert await stands(enterprise) == before


async def test_a_platforms_push_makes_a_profile_and_changes_none(world: World) -> None:
    owner = await world.person("李")
    await world.act(owner, lambda unit: me.bind_phone(unit, DAYE["contact.phone"]))
    for ref, address in (("P-1", "样例路一号"), ("P-2", NEW)):
        body = integration_inputs.PushedApplication(
            ref=ref, values=DAYE | {"enterprise.address": address}
        )
        await world.act(PORTAL, lambda unit, body=body: integration.push_application(unit, body))  # type: ignore[misc]
    known = await Enterprise.get(created_by=owner.person)
    assert known.profile["enterprise.address"] == "样例路一号"
    links = await Application.all().values_list("owner_id", "enterprise_id")
    assert links == [(owner.person, known.id)] * 2


async def test_a_colleague_converts_with_the_profile_it_may_read(world: World) -> None:
    """The registration's owner keeps another profile of the same code to herself."""
    owner, colleague, enterprise = await cast(world)
    await Enterprise.filter(id=enterprise.id).update(profile={"enterprise.address": "自用地址"})
    await EnterpriseMember.filter(person_id=colleague.person).delete()
    boss = await world.person("孙")
    shared = await Enterprise.create(
        id=new_id(),
        created_by=boss.person,
        credit_code=enterprise.credit_code,
        name=enterprise.name,
        profile={"enterprise.address": "共用地址"},
        created_at=world.clock.now(),
    )
    for person in (owner.person, colleague.person):
        await EnterpriseMember.create(
            enterprise_id=shared.id,
            person_id=person,
            relation="agent",
            created_at=world.clock.now(),
        )
    made = await convert(world, colleague, await registered(world, "daye", owner))
    assert made["values"]["enterprise.address"] == "共用地址"
    assert (await Application.get(id=made["id"])).enterprise_id == shared.id
