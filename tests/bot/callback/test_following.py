"""Who follows goes to the talk and to the pushes, and is answered in time."""

import asyncio

from bot.door import OfficialAccount
from bot.rendering import Said
from tests.bot.callback.sender import xml
from wechat.messages import Pushed, parse


async def test_who_follows_is_answered_before_all_is_done_about_it() -> None:
    """What is done besides goes on, and is waited for when the process ends."""
    going_on, done = asyncio.Event(), []

    class Slow:
        async def take(self, pushed: Pushed) -> None:
            await going_on.wait()
            done.append(pushed.event)

    class Talk:
        async def take(self, pushed: Pushed) -> Said:
            return Said.of_text(f"收到：{pushed.event_key}")

    account = OfficialAccount(Talk(), Slow(), patience=0.05)
    follows = parse(xml(MsgType="event", Event="subscribe", EventKey="qrscene_hall"))
    said = await asyncio.wait_for(account.take(follows), 5)
    assert said == Said.of_text("收到：qrscene_hall")
    assert done == []
    going_on.set()
    await account.finish()
    assert done == ["subscribe"]
