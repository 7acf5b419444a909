"""The platform is answered in time while PostgreSQL is slow, frozen or gone, and only once."""

import asyncio
from collections.abc import Sequence

from tests.faults.chatting import ANSWERED_S, HICCUP_S, Chat, seconds
from tests.faults.product import Product, until

SPOOLED_S = 0.7
"""How long a database that cannot be reached is waited for."""
ASKED = ("报装要几天", "要准备什么材料", "专窗在哪里")


async def answered_once(chat: Chat, person: str, parts: Sequence[str]) -> None:
    """All that waited is answered in its order, and nothing of it a second time."""

    async def all_there() -> bool:
        return len(await chat.followed(person)) >= len(parts)

    await until(all_there, 30, "what waited is answered")
    told = await chat.say(person, "谢谢")
    behind: bool = told["outcome"] != "reply"  # its turn came while the last was being put away

    async def this_too() -> bool:
        return len(await chat.followed(person)) == len(parts) + behind

    await until(this_too, 30, "what is said next is answered")
    said = (await chat.followed(person))[: len(parts)]
    assert all(part in each for part, each in zip(parts, said, strict=True))


async def test_a_slow_database_that_lives_is_answered_for_in_time(chat: Chat) -> None:
    """It is read at once, and takes what is to be kept only after the platform has its answer."""
    await chat.say("li", "你好")
    async with chat.held("LOCK TABLE stored_answers IN SHARE MODE"):
        told = await chat.say("li", "大冶报装要几天", resends=0)
        assert told["outcome"] == "success"
        assert ANSWERED_S - 0.2 < seconds(told) < ANSWERED_S + HICCUP_S
    await answered_once(chat, "li", ["工作日"])


async def test_a_database_that_is_gone(chat: Chat, product: Product) -> None:
    """It refuses every connection; who writes meanwhile is answered when it is back."""
    await chat.say("zhao", "你好")
    await asyncio.to_thread(product.crash_postgres)
    try:
        for text in ASKED:
            told = await chat.say("zhao", f"大冶{text}", resends=1)
            assert told["outcome"] == "success"
            assert seconds(told) < SPOOLED_S + HICCUP_S
    finally:
        await asyncio.to_thread(product.start_postgres)
    await answered_once(chat, "zhao", ["工作日", "材料", "窗"])


async def test_who_follows_while_the_database_stands_still(chat: Chat, product: Product) -> None:
    event = {"MsgType": "event", "Event": "subscribe", "EventKey": ""}
    with product.frozen_postgres():
        told = await chat.deliver("oa", "sun", event, resends=0)
        assert told["outcome"] == "success"
        assert seconds(told) < ANSWERED_S + HICCUP_S
    await answered_once(chat, "sun", ["欢迎关注"])


async def test_the_mini_programs_pushes_wait_too(chat: Chat, product: Product) -> None:
    checked = {"MsgType": "event", "Event": "wxa_media_check", "trace_id": "t-in-time"}
    event = checked | {"errcode": 0, "result": {"suggest": "pass", "label": 100}}
    kept = "SELECT count(*) FROM media_verdicts WHERE trace_id = 't-in-time'"
    with product.frozen_postgres():
        told = await chat.deliver("mp", "li", event, resends=0)
        assert told["outcome"] == "success"
        assert SPOOLED_S - 0.1 < seconds(told) < SPOOLED_S + HICCUP_S

    async def once() -> bool:
        return await chat.count(kept) == 1

    await until(once, 20, "the verdict is kept")
