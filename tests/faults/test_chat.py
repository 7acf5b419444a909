"""The chat while everything breaks: once, in order, answered in time."""

import asyncio
import os
import signal
import time
from typing import Any

from tests.faults.chatting import GOOD, PLATFORM_S, Chat
from tests.faults.product import Product, until


async def test_overlapping_deliveries_act_once_and_get_the_same_reply(chat: Chat) -> None:
    """Four connections at once, spread over two workers."""
    await chat.say("li", "你好")
    before = await chat.count("SELECT count(*) FROM applications WHERE channel = 'chat'")
    told = await chat.say("li", "我们厂在大冶，要报装用水，帮我申请", resends=3, overlap=True)
    replies = [attempt["reply"] for attempt in told["attempts"]]
    assert len(replies) == 4
    assert {attempt["outcome"] for attempt in told["attempts"]} == {"reply"}
    assert len({reply["Content"] for reply in replies}) == 1
    after = await chat.count("SELECT count(*) FROM applications WHERE channel = 'chat'")
    assert after - before == 1


async def test_while_the_database_stands_still_messages_wait_and_are_answered_in_order(
    chat: Chat, product: Product
) -> None:
    for person in ("zhao", "sun"):
        await chat.say(person, "你好")
    asked = ("报装要几天", "要准备什么材料", "专窗在哪里")
    with product.frozen_postgres():
        for text in asked:
            told = await chat.say("zhao", f"大冶{text}", resends=0)
            assert told["outcome"] == "success"
            assert all(each["milliseconds"] < 1000 * PLATFORM_S for each in told["attempts"])
        told = await chat.say("sun", "你能做什么", resends=0)
        assert told["outcome"] == "success"

    async def answered() -> bool:
        zhao, sun = await chat.followed("zhao"), await chat.followed("sun")
        return len(zhao) >= len(asked) and len(sun) >= 1

    await until(answered, 30, "what was asked in the outage is answered")
    told = await chat.say("zhao", "谢谢")
    assert told["outcome"] == "reply", "nothing waits any more"
    zhao = await chat.followed("zhao")
    assert len(zhao) == len(asked), "each once"
    assert "工作日" in zhao[0]
    assert "窗" in zhao[2]


async def test_killed_workers_lose_no_message(chat: Chat, product: Product) -> None:
    """The platform sends again what got no answer; whoever takes it acts on it once."""
    await chat.say("wu", "你好")
    stored = "SELECT count(*) FROM stored_answers WHERE scope LIKE 'chat:%'"
    before, numbers = await chat.count(stored), range(16)

    async def kill() -> None:
        for _ in range(2):
            await asyncio.sleep(0.15)
            os.kill(product.serving.workers()[0], signal.SIGKILL)

    async def ask(number: int) -> dict[str, Any]:
        person = ("wu", "li", "zhao", "sun")[number % 4]
        await asyncio.sleep(0.02 * number)
        return await chat.say(person, "你能做什么", resends=3)

    began = time.monotonic()
    killing = asyncio.create_task(kill())
    told = await asyncio.gather(*(ask(number) for number in numbers))
    await killing
    assert all(each["outcome"] in GOOD for each in told)
    assert time.monotonic() - began < 30
    statuses = [a["status"] for each in told for a in each["attempts"] if a["status"]]
    assert max(statuses) < 500

    async def once() -> bool:
        return await chat.count(stored) - before >= len(numbers)

    await until(once, 20, "every message was acted on")
    assert await chat.count(stored) - before == len(numbers)
