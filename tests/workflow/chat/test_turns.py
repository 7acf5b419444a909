"""One turn of the chat against a real database: opened, kept once, held in order."""

import asyncio

import orjson
import pytest

from models import Conversation, OutboxRow, Person, StoredAnswer
from rules.actors import OrgKind, Role
from rules.errors import Code, DomainError
from rules.states import Channel
from tests.workflow.world import World
from workflow.chat import turns
from workflow.people.identity import ANONYMOUS
from workflow.unit import Answer, Remembered, Unit, perform

LI = turns.Writer("wx-oa", "oa-li")


async def _turn(
    world: World, message: str, reply: str, state: dict[str, object] | None = None
) -> str:
    """A turn that acts: as a unit of work."""

    async def act(unit: Unit) -> Answer:
        talk = await turns.hold(unit, LI)
        if state is not None:
            await turns.save(unit, talk, state)
        return Answer({"said": reply})

    done = await perform(world.services, ANONYMOUS, act, key=turns.key_of(LI, message))
    return str(orjson.loads(done.body)["said"])


async def test_a_stranger_is_nobody_until_the_first_turn(world: World) -> None:
    before = await turns.opening(world.services, LI, turns.key_of(LI, "m1"))
    assert before.talk is None
    assert before.answered is None
    await _turn(world, "m1", "您好")
    after = await turns.opening(world.services, LI, turns.key_of(LI, "m2"))
    assert after.talk is not None
    assert after.talk.actor.channel is Channel.CHAT
    assert not after.talk.linked
    assert await Person.all().count() == 1
    row = await OutboxRow.get(topic=turns.UNIONID)
    assert row.payload == {"conversation": str(after.talk.id)}


async def test_the_same_message_gets_the_same_reply(world: World) -> None:
    first = await _turn(world, "m1", "第一次")
    again = await _turn(world, "m1", "第二次")
    assert (first, again) == ("第一次", "第一次")
    opened = await turns.opening(world.services, LI, turns.key_of(LI, "m1"))
    assert opened.answered is not None
    assert orjson.loads(opened.answered) == {"said": "第一次"}


async def test_overlapping_repeats_act_once(world: World) -> None:
    replies = await asyncio.gather(*(_turn(world, "m1", f"第{n}次") for n in range(6)))
    assert len(set(replies)) == 1
    assert await StoredAnswer.all().count() == 1
    assert await Conversation.all().count() == 1


async def test_a_read_is_kept_once_and_only_while_the_talk_stands(world: World) -> None:
    await _turn(world, "m1", "您好", {"city": "daye"})
    key = turns.key_of(LI, "m2")
    talk = (await turns.opening(world.services, LI, key)).talk
    assert talk is not None
    assert talk.state == {"city": "daye"}
    now = world.clock.now()
    assert await turns.keep(world.services, key, talk, b'{"said":"a"}', None, now)
    assert not await turns.keep(world.services, key, talk, b'{"said":"b"}', None, now)
    third = turns.key_of(LI, "m3")
    assert await turns.keep(world.services, third, talk, b"{}", {"city": "zhoukou"}, now)
    fourth = turns.key_of(LI, "m4")
    assert not await turns.keep(world.services, fourth, talk, b"{}", None, now), "the talk moved"
    assert not await turns.keep(world.services, fourth, talk, b"{}", {"city": "x"}, now)
    now_stands = (await turns.opening(world.services, LI, fourth)).talk
    assert now_stands is not None
    assert now_stands.state == {"city": "zhoukou"}


async def test_a_repeat_of_a_read_does_not_move_the_talk_twice(world: World) -> None:
    await _turn(world, "m1", "您好", {"n": 0})
    key = turns.key_of(LI, "m2")
    talk = (await turns.opening(world.services, LI, key)).talk
    assert talk is not None
    now = world.clock.now()
    kept = await asyncio.gather(
        *(turns.keep(world.services, key, talk, b"{}", {"n": 1}, now) for _ in range(5))
    )
    assert sorted(kept) == [False] * 4 + [True]
    row = await Conversation.get(openid="oa-li")
    assert row.version == talk.version + 1


async def test_a_running_turn_is_seen_and_waited_for(world: World) -> None:
    await _turn(world, "m1", "您好", {"n": 1})
    held, go_on = asyncio.Event(), asyncio.Event()

    async def slow(unit: Unit) -> Answer:
        talk = await turns.hold(unit, LI)
        held.set()
        await go_on.wait()
        await turns.save(unit, talk, {"n": 2})
        return Answer({"said": "慢"})

    running = asyncio.create_task(
        perform(world.services, ANONYMOUS, slow, key=turns.key_of(LI, "m2"))
    )
    await held.wait()
    assert (await turns.opening(world.services, LI, turns.key_of(LI, "m3"))).busy
    other = turns.Writer("wx-oa", "oa-zhao")
    assert not (await turns.opening(world.services, other, turns.key_of(other, "m3"))).busy
    seen: list[object] = []

    async def next_one(unit: Unit) -> Answer:
        seen.append((await turns.hold(unit, LI)).state)
        return Answer({})

    waiting = asyncio.create_task(
        perform(world.services, ANONYMOUS, next_one, key=turns.key_of(LI, "m3"))
    )
    await asyncio.sleep(0)
    go_on.set()
    await asyncio.gather(running, waiting)
    assert seen == [{"n": 2}]


async def test_a_read_never_moves_a_talk_that_a_turn_holds(world: World) -> None:
    """And who asks at the same moment about another talk does not wait for it."""
    await _turn(world, "m1", "您好", {"n": 1})
    zhao = turns.Writer("wx-oa", "oa-zhao")

    async def begin(unit: Unit) -> Answer:
        await turns.save(unit, await turns.hold(unit, zhao), {"n": 1})
        return Answer({})

    await perform(world.services, ANONYMOUS, begin, key=turns.key_of(zhao, "m1"))
    opened = [
        (await turns.opening(world.services, who, turns.key_of(who, "m2"))).talk
        for who in (LI, zhao)
    ]
    held, go_on = asyncio.Event(), asyncio.Event()

    async def slow(unit: Unit) -> Answer:
        talk = await turns.hold(unit, LI)
        held.set()
        await go_on.wait()
        await turns.save(unit, talk, {"n": 2})
        return Answer({})

    running = asyncio.create_task(
        perform(world.services, ANONYMOUS, slow, key=turns.key_of(LI, "m3"))
    )
    await held.wait()
    now, state = world.clock.now(), {"n": "read"}
    kept = await asyncio.gather(
        *(
            turns.keep(world.services, turns.key_of(who, "m2"), talk, b"{}", state, now)
            for who, talk in zip((LI, zhao), opened, strict=True)
            if talk is not None
        )
    )
    assert kept == [False, True]
    go_on.set()
    await running
    after = (await turns.opening(world.services, LI, turns.key_of(LI, "m4"))).talk
    assert after is not None
    assert after.state == {"n": 2}


async def test_the_same_number_from_two_people_is_two_messages(world: World) -> None:
    assert turns.key_of(LI, "m0") != turns.key_of(turns.Writer("wx-oa", "oa-zhao"), "m0")


async def test_the_state_is_sealed(world: World) -> None:
    await _turn(world, "m1", "您好", {"phone": "13800001234"})
    row = await Conversation.get(openid="oa-li")
    assert row.state_sealed is not None
    assert b"13800001234" not in bytes(row.state_sealed)


async def test_roles_come_along(world: World) -> None:
    await _turn(world, "m1", "您好")
    talk = (await turns.opening(world.services, LI, turns.key_of(LI, "m2"))).talk
    assert talk is not None
    crew = await world.staff("daye", Role.CREW, OrgKind.UTILITY, "water")
    await Conversation.filter(id=talk.id).update(person_id=crew.person)
    again = (await turns.opening(world.services, LI, turns.key_of(LI, "m2"))).talk
    assert again is not None
    assert again.actor.holds(Role.CREW, "daye")
    assert again.actor.memberships == crew.memberships


async def test_who_leaves_is_forgotten(world: World) -> None:
    await _turn(world, "m1", "您好", {"typed": "什么都有"})

    async def leave(unit: Unit) -> Answer:
        await turns.forget(unit, LI)
        return Answer({})

    before = (await Conversation.get(openid="oa-li")).version
    await perform(world.services, ANONYMOUS, leave)
    row = await Conversation.get(openid="oa-li")
    assert row.state_sealed is None
    assert row.version == before + 1, "a turn that was open cannot write it back"


async def _refused(unit: Unit, talk: turns.Talk, refusal: DomainError) -> None:
    async with unit.attempt():
        unit.send("inside", {})
        await turns.save(unit, talk, {"n": "inside"})
        raise refusal


@pytest.mark.parametrize("remembered", [False, True])
async def test_a_refused_act_leaves_the_turn_standing(world: World, *, remembered: bool) -> None:
    """What a refused act has written goes, the rest of the unit stays."""

    async def act(unit: Unit) -> Answer:
        talk = await turns.hold(unit, LI)
        unit.send("before", {})
        with pytest.raises(DomainError):
            await _refused(unit, talk, (Remembered if remembered else DomainError)(Code.CONFLICT))
        unit.send("after", {})
        return Answer({})

    await perform(world.services, ANONYMOUS, act, key=turns.key_of(LI, "m1"))
    rows = await OutboxRow.exclude(topic=turns.UNIONID).order_by("id")
    inside = ["inside"] if remembered else []
    assert [row.topic for row in rows] == ["before", *inside, "after"]
    talk = (await turns.opening(world.services, LI, turns.key_of(LI, "m2"))).talk
    assert talk is not None
    assert (talk.state == {"n": "inside"}) is remembered
