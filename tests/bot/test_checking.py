"""Right after the first message the platform may still be telling who somebody is."""

import pytest

from bot.talking import CHECKED_WITHIN, facts_of
from models import Conversation, Person
from tests.workflow.world import World
from workflow.chat import turns
from workflow.people.identity import ANONYMOUS
from workflow.unit import Answer, Unit

LI = turns.Writer("wx-oa", "oa-li")


async def checking(world: World) -> bool:
    """What the next message is told."""
    opened = await turns.opening(world.services, LI, turns.key_of(LI, "next"))
    return facts_of(world.services, opened.talk, world.clock.now(), "wx-mp").checking


@pytest.fixture
async def greeted(world: World) -> World:
    """李 has followed, and was greeted: the talk has a state."""

    async def greet(unit: Unit) -> Answer:
        talk = await turns.hold(unit, LI)
        await turns.save(unit, talk, {"city": "daye"})
        return Answer({})

    await world.act(ANONYMOUS, greet)
    return world


async def test_the_message_after_the_greeting_is_told_to_wait(greeted: World) -> None:
    assert await checking(greeted)
    greeted.clock.forward(seconds=CHECKED_WITHIN.total_seconds())
    assert not await checking(greeted), "the platform does not tell: the person may join by a code"


async def test_whom_the_platform_would_not_tell_is_not_checked(greeted: World) -> None:
    await Conversation.filter(openid=LI.openid).update(union_asked_at=greeted.clock.now())
    assert not await checking(greeted)


async def test_who_is_known_is_not_checked(greeted: World) -> None:
    await Person.all().update(unionid="u-li")
    assert not await checking(greeted)
