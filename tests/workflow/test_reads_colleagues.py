"""My cases hold the registrations of colleagues, by the rule of the list of registrations."""

from typing import Any

from rules.actors import Actor
from tests.workflow.registering import enterprise_of, registered
from tests.workflow.world import World
from workflow.reading.mine import MineQuery, mine
from workflow.registrations import listing


async def cases(world: World, actor: Actor, **asked: Any) -> dict[str, Any]:
    """A page of my cases."""
    answer = await mine(world.services, actor, MineQuery(**asked), world.clock.now())
    return dict(answer.body)


async def test_a_colleague_finds_the_registration_a_namesake_does_not(world: World) -> None:
    owner, colleague = await world.person("李"), await world.person("赵")
    namesake = await world.person("孙")
    await enterprise_of(world, owner, colleague)
    await enterprise_of(world, colleague, owner)  # entered by both: still one line
    await enterprise_of(world, namesake)
    id_ = await registered(world, "daye", owner)
    [own] = (await cases(world, owner))["items"]
    assert (own["kind"], own["id"], own["entered_by_me"]) == ("registration", str(id_), True)
    for group in ("all", "open"):
        seen = (await cases(world, colleague, group=group))["items"]
        assert seen == [{**own, "entered_by_me": False}]
    assert (await cases(world, colleague, group="ended"))["items"] == []
    assert (await cases(world, namesake))["items"] == []


async def test_another_enterprise_of_a_colleague_is_no_business_of_mine(world: World) -> None:
    owner, colleague = await world.person("李"), await world.person("赵")
    await enterprise_of(world, owner, colleague)
    other = {"enterprise.credit_code": "91411600MA40000046", "enterprise.name": "样例面粉有限公司"}
    await registered(world, "zhoukou", owner, values=other)
    assert (await cases(world, colleague))["items"] == []


async def test_both_lists_agree_page_by_page(world: World) -> None:
    owner, colleague = await world.person("李"), await world.person("赵")
    await enterprise_of(world, owner, colleague)
    for who in (owner, colleague, owner, colleague, owner):
        await registered(world, "daye", who)
        world.clock.forward(minutes=1)
    asked = listing.Mine()
    listed = (await listing.mine(world.services, colleague, asked, world.clock.now())).body
    joined: list[Any] = []
    after = None
    while True:
        got = await cases(world, colleague, limit=2, after=after)
        joined += got["items"]
        after = got["next"]
        if after is None:
            break
    assert [item["id"] for item in joined] == [item["id"] for item in listed["items"]]
    assert [item["entered_by_me"] for item in joined] == [False, True, False, True, False]
