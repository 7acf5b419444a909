"""Different messages of one person to two processes: in the order they came."""

import asyncio

from tests.faults.chatting import Chat
from tests.faults.product import Product

HELD_S = 0.3
"""While the first message is held up the second comes, to the other process."""


async def test_one_persons_messages_over_two_processes(chat: Chat, product: Product) -> None:
    """The second waits for the first, whichever process heard them, though it only asks."""
    await chat.say("sun", "你好")
    await chat.say("sun", "大冶，报装用水")
    with product.serve("other", WORKERS="1") as other:
        other.wait_ready()
        here, there = product.address, other.address
        phones = ["联系电话13800001001", "联系电话13800001002"]
        first, second = await over_both(chat, [here, there], phones)
        assert "13800001001" in first
        assert "13800001001 → 13800001002" in second, "it has seen what the first has saved"
        await chat.say("sun", "改成新的")
        texts = ["申请单位是大冶样例甲有限公司", "报装要几天"]
        first, second = await over_both(chat, [there, here], texts)
        assert "大冶样例甲有限公司" in first
        assert "工作日" in second


async def over_both(chat: Chat, addresses: list[str], texts: list[str]) -> list[str]:
    """Each text to its own process, while nothing can be saved; what is answered."""
    saying = []
    async with chat.held("LOCK TABLE applications IN SHARE MODE"):
        for address, text in zip(addresses, texts, strict=True):
            await chat.goes_to(address)
            saying.append(asyncio.create_task(chat.say("sun", text)))
            await asyncio.sleep(HELD_S)
        assert not any(each.done() for each in saying), "the second waits for the first"
    told = await asyncio.gather(*saying)
    await chat.goes_to(addresses[0])
    return [each["attempts"][-1]["reply"]["Content"] for each in told]
