"""A turn opened with what it will probably ask for."""

from models import Conversation
from tests.workflow.steps import accepted
from tests.workflow.world import World
from workflow.chat import reading, turns
from workflow.people.identity import ANONYMOUS
from workflow.unit import Answer, Unit, perform

LI = turns.Writer("wx-oa", "oa-li")


async def begun(world: World) -> None:
    """A talk under way."""

    async def act(unit: Unit) -> Answer:
        await turns.hold(unit, LI)
        return Answer({"said": "您好"})

    await perform(world.services, ANONYMOUS, act, key=turns.key_of(LI, "m1"))


async def opened(world: World, message: str, *, with_case: bool = True) -> turns.Opening:
    """A turn that begins."""
    key = turns.key_of(LI, message)
    return await turns.opening(world.services, LI, key, with_case=with_case)


async def test_the_one_case_comes_along_as_it_would_be_read(world: World) -> None:
    drive = await accepted(world)
    await begun(world)
    await Conversation.filter(openid="oa-li").update(person_id=drive.owner.person)
    found = await opened(world, "m2")
    assert found.talk is not None
    assert found.case is not None
    assert found.case.case == drive.id
    actor, now = found.talk.actor, world.clock.now()
    known = await reading.status(world.services, actor, now, known=found.case)
    assert known == await reading.status(world.services, actor, now)
    assert known["id"] == str(drive.id)
    assert len(known["timeline"]) == 1
    assert (await opened(world, "m3", with_case=False)).case is None


async def test_whoever_has_no_case_is_told_so(world: World) -> None:
    await begun(world)
    found = await opened(world, "m2")
    assert found.talk is not None
    assert found.case is not None
    assert (found.case.count, found.case.found) == (0, None)
    told = await reading.status(
        world.services, found.talk.actor, world.clock.now(), known=found.case
    )
    assert told == {"items": []}


async def test_a_stranger_is_nobody_and_a_repeat_is_answered(world: World) -> None:
    assert (await opened(world, "m1")).talk is None
    await begun(world)
    assert (await opened(world, "m1")).answered == b'{"said":"\xe6\x82\xa8\xe5\xa5\xbd"}'
