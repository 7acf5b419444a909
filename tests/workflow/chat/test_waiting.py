"""Whoever waits for its turn sees the talk as the turn before has left it."""

import asyncio

from tests.workflow.world import World
from workflow.chat import turns
from workflow.people.identity import ANONYMOUS
from workflow.unit import Answer, Unit, perform

LI = turns.Writer("wx-oa", "oa-li")


async def test_ten_turns_at_once_each_count_one(world: World) -> None:
    async def count(unit: Unit) -> Answer:
        talk = await turns.hold(unit, LI)
        reached = (talk.state or {}).get("n", 0) + 1
        await asyncio.sleep(0)
        await turns.save(unit, talk, {"n": reached})
        return Answer({"n": reached})

    keys = [turns.key_of(LI, f"m{number}") for number in range(10)]
    await asyncio.gather(*(perform(world.services, ANONYMOUS, count, key=key) for key in keys))
    talk = (await turns.opening(world.services, LI, turns.key_of(LI, "m"))).talk
    assert talk is not None
    assert talk.state == {"n": 10}
    assert talk.version == 11
