"""Reading registrations: one's own, every utility of the city, contact as far as it is needed."""

from typing import Any
from uuid import UUID

import pytest

from models import Application, AuditEntry
from rules.actors import Actor, OrgKind, Role
from rules.errors import Code, DomainError
from rules.states import RegistrationState
from tests.workflow.registering import (
    convert,
    enterprise_of,
    registered,
    visit,
    visited,
    visitors,
)
from tests.workflow.world import World
from workflow.registrations import listing as lists
from workflow.registrations import view as registration_view


async def seen(world: World, actor: Actor, id_: UUID) -> dict[str, Any]:
    """The registration as the actor sees it."""
    return await world.act(actor, lambda unit: registration_view.view(unit, id_))


async def listed(world: World, actor: Actor, **asked: Any) -> dict[str, Any]:
    """A page of a city's."""
    query = lists.OfCity(**{"city": "daye", **asked})
    return dict((await lists.of_city(world.services, actor, query, world.clock.now())).body)


async def test_the_owner_sees_all_of_it_and_leaves_no_audit_row(world: World) -> None:
    owner = await world.person("李")
    id_ = await registered(world, "daye", owner)
    body = await seen(world, owner, id_)
    assert body["values"]["contact.phone"] == "13800001234"
    (line,) = body["timeline"]
    assert line["text"] == "已收到意向登记，已推送各公用事业单位"
    assert line["at"] == "2026-03-16T09:00:00+08:00"
    assert {line["holder"] for line in body["deadlines"]} >= {"清润水务集团", "中国电信"}
    assert not await AuditEntry.filter(action="read_personal").exists()


async def test_who_has_to_call_sees_the_contact_and_is_audited(world: World) -> None:
    id_ = await registered(world, "daye", await world.person("李"))
    clerk = (await visitors(world, "daye", id_))[0]
    body = await seen(world, clerk, id_)
    assert body["values"]["contact.phone"] == "13800001234"
    entry = await AuditEntry.get(action="read_personal")
    assert (entry.person_id, entry.object_id, entry.role) == (
        clerk.person,
        str(id_),
        "utility_clerk",
    )


async def test_the_lead_bureau_sees_it_where_it_calls_and_only_until_then(world: World) -> None:
    lead = await world.coordinator("zhoukou")
    id_ = await registered(world, "zhoukou", await world.person("李"))
    assert (await seen(world, lead, id_))["values"]["contact.phone"] == "13800001234"
    await visit(world, lead, id_)
    after = await seen(world, lead, id_)
    assert after["values"]["contact.phone"] == "138****1234"
    assert after["values"]["contact.name"] == "李**"
    assert after["values"]["enterprise.name"] == "样例铸造有限公司"


async def test_once_converted_the_contact_is_masked_for_staff(world: World) -> None:
    owner = await world.person("李")
    id_ = await registered(world, "daye", owner)
    clerk = (await visitors(world, "daye", id_))[0]
    await visited(world, "daye", id_)
    await convert(world, owner, id_)
    assert (await seen(world, clerk, id_))["values"]["contact.phone"] == "138****1234"
    assert len((await seen(world, owner, id_))["applications"]) == 1
    assert (await seen(world, clerk, id_))["applications"] == []


async def test_nobody_else_sees_it(world: World) -> None:
    id_ = await registered(world, "daye", await world.person("李"))
    for actor in (
        await world.person("王"),
        await world.coordinator("zhoukou"),
        await world.staff("daye", Role.AUDITOR, OrgKind.ADMINISTRATION, "administration"),
    ):
        with pytest.raises(DomainError) as caught:
            await seen(world, actor, id_)
        assert caught.value.code is Code.NOT_FOUND


async def test_mine_pages_newest_first(world: World) -> None:
    owner = await world.person("李")
    made = [str(await registered(world, "daye", owner)) for _ in range(3)]
    await registered(world, "daye", await world.person("王"))
    now = world.clock.now()
    first = (await lists.mine(world.services, owner, lists.Mine(limit=2), now)).body
    rest = lists.Mine(limit=2, after=first["next"])
    second = (await lists.mine(world.services, owner, rest, now)).body
    assert [item["id"] for item in first["items"] + second["items"]] == made[::-1]
    assert second["next"] is None


async def test_every_utility_sees_every_registration_of_its_city_only(world: World) -> None:
    here = str(await registered(world, "daye", await world.person("李")))
    await registered(world, "zhoukou", await world.person("李"))
    gas = await world.staff("daye", Role.UTILITY_CLERK, OrgKind.UTILITY, "gas")
    page = await listed(world, gas)
    assert [item["id"] for item in page["items"]] == [here]
    assert "13800001234" not in str(page)
    assert "李样" not in str(page)
    with pytest.raises(DomainError) as caught:
        await listed(world, gas, city="zhoukou")
    assert caught.value.code is Code.FORBIDDEN


async def test_what_is_owed_and_how_urgent(world: World) -> None:
    id_ = await registered(world, "daye", await world.person("李"))
    clerk = (await visitors(world, "daye", id_))[0]
    assert [i["light"] for i in (await listed(world, clerk, owed=True))["items"]] == ["normal"]
    world.clock.forward(days=2)
    assert [i["light"] for i in (await listed(world, clerk, owed=True))["items"]] == ["red"]
    await visit(world, clerk, id_)
    assert (await listed(world, clerk, owed=True))["items"] == []


async def test_filters(world: World) -> None:
    owner = await world.person("李")
    other = {"project.code": "2026-420281-33-01-999999"}
    first = str(await registered(world, "daye", owner))
    second = str(await registered(world, "daye", owner, values=other))
    await convert(world, owner, UUID(first))
    window = await world.window("daye")
    received = await listed(world, window, state=RegistrationState.RECEIVED)
    of_project = await listed(world, window, project_code=other["project.code"])
    assert [i["id"] for i in received["items"]] == [second]
    assert [i["id"] for i in of_project["items"]] == [second]
    assert (await listed(world, window, town="baoan"))["items"] == []


async def test_a_colleague_has_a_part_in_it_a_namesake_has_none(world: World) -> None:
    """Knowing the credit code, or entering an enterprise of one's own with it, opens nothing."""
    owner, colleague = await world.person("李"), await world.person("赵")
    namesake = await world.person("孙")
    enterprise = await enterprise_of(world, owner, colleague)
    await enterprise_of(world, namesake)
    id_ = await registered(world, "daye", owner)
    now = world.clock.now()
    for actor, expected in ((owner, 1), (colleague, 1), (namesake, 0)):
        page = (await lists.mine(world.services, actor, lists.Mine(), now)).body
        assert len(page["items"]) == expected
    assert (await seen(world, colleague, id_))["values"]["contact.phone"] == "13800001234"
    with pytest.raises(DomainError) as caught:
        await seen(world, namesake, id_)
    assert caught.value.code is Code.NOT_FOUND
    made = await convert(world, colleague, id_)
    assert made["values"]["enterprise.address"] == "样例路一号"
    app = await Application.get(id=made["id"])
    assert (app.owner_id, app.enterprise_id) == (owner.person, enterprise.id)
