"""Messages to a chat: in order, inside the quota, going on where they stopped."""

from datetime import timedelta
from typing import Any

from tests.workflow.chat.talks import Talks
from workflow.chat.sending import TOPIC, send_chat, tell_in_chats
from workflow.chat.turns import Talk
from workflow.unit import Unit

SEND = "/cgi-bin/message/custom/send"
WHICH = {
    "kind": "menu",
    "head": "请选择城市",
    "choices": [{"id": "1.daye", "content": "大冶市"}, {"id": "1.zhoukou", "content": "周口市"}],
    "tail": "也可以直接输入",
}


def text(content: str) -> dict[str, Any]:
    """A text as the outbox takes it."""
    return {"kind": "text", "content": content}


async def says(talks: Talks, name: str, *said: dict[str, Any], wait: float = 0) -> None:
    """A turn that sends messages to whoever wrote."""

    async def act(unit: Unit, talk: Talk) -> None:
        send_chat(unit, f"oa-{name}", said, wait=timedelta(seconds=wait))

    await talks.turn(name, act)


async def test_messages_arrive_in_order_as_texts_and_menus(talks: Talks) -> None:
    await talks.may_be_sent("li")
    await says(talks, "li", text("一"), WHICH, text("三"))
    await talks.work()
    first, menu, last = await talks.sent("li")
    assert (first["text"]["content"], last["text"]["content"]) == ("一", "三")
    assert menu["msgmenu"]["head_content"] == "请选择城市"
    assert menu["msgmenu"]["list"][1] == {"id": "1.zhoukou", "content": "周口市"}
    (row,) = await talks.rows(TOPIC)
    assert row.outcome == "sent_3"
    assert "一" not in str(row.payload)


async def test_a_message_waits_as_long_as_it_is_told_to(talks: Talks) -> None:
    await talks.may_be_sent("li")
    await says(talks, "li", text("稍后"), wait=5)
    await talks.work()
    assert await talks.sent("li") == []
    await talks.later(seconds=6)
    await talks.work()
    assert await talks.texts("li") == ["稍后"]


async def test_nothing_to_say_writes_no_row(talks: Talks) -> None:
    await says(talks, "li")
    assert await talks.rows(TOPIC) == []


async def test_a_closed_window_is_given_up_with_its_reason(talks: Talks) -> None:
    await talks.control.post("/people", id="li")
    await says(talks, "li", text("太晚了"))
    await talks.work()
    (row,) = await talks.rows(TOPIC)
    assert (row.outcome, row.done_at, row.attempts) == ("window_closed", None, 1)
    assert row.failed_at is not None


async def test_a_spent_quota_is_given_up_after_what_fitted(talks: Talks) -> None:
    await talks.may_be_sent("li")
    await says(talks, "li", *(text(str(n)) for n in range(7)))
    await talks.work()
    assert await talks.texts("li") == ["0", "1", "2", "3", "4"]
    (row,) = await talks.rows(TOPIC)
    assert row.outcome == "quota_spent"
    assert row.failed_at is not None


async def test_a_retry_goes_on_where_it_stopped(talks: Talks) -> None:
    await talks.may_be_sent("li")
    await talks.control.inject(SEND, "delay", seconds=0)  # the first goes well
    await talks.control.inject(SEND, "errcode", errcode=-1)
    await says(talks, "li", text("一"), text("二"), text("三"))
    await talks.work()
    assert await talks.texts("li") == ["一"]
    (row,) = await talks.rows(TOPIC)
    assert (row.outcome, row.payload["sent"]) == ("platform_-1", 1)
    await talks.later(minutes=1)
    await talks.work()
    assert await talks.texts("li") == ["一", "二", "三"]
    (row,) = await talks.rows(TOPIC)
    assert row.outcome == "sent_3"


async def test_later_messages_of_a_person_wait_for_earlier_ones(talks: Talks) -> None:
    await talks.may_be_sent("li")
    await talks.may_be_sent("zhao")
    await talks.control.inject(SEND, "errcode", errcode=-1)
    await says(talks, "li", text("先"))
    await says(talks, "li", text("后"))
    await says(talks, "zhao", text("别人"))
    await talks.work()
    assert await talks.texts("li") == []
    assert await talks.texts("zhao") == ["别人"]
    for _ in range(4):
        await talks.later(minutes=1)
        await talks.work()
    assert await talks.texts("li") == ["先", "后"]


async def test_waiting_behind_an_earlier_message_is_no_failure(talks: Talks) -> None:
    await talks.may_be_sent("li")
    for _ in range(5):
        await talks.control.inject(SEND, "errcode", errcode=-1)
    await says(talks, "li", text("先"))
    await says(talks, "li", text("后"))
    await talks.work()
    for _ in range(5):
        earlier, later = await talks.rows(TOPIC)
        assert later.attempts == 0
        assert later.available_at <= earlier.available_at + timedelta(seconds=2)
        await talks.later(seconds=(later.available_at - talks.world.clock.now()).total_seconds())
        await talks.work()
    assert await talks.texts("li") == ["先", "后"]
    assert [each.attempts for each in await talks.rows(TOPIC)] == [6, 1]


async def test_what_is_told_in_every_chat_of_a_person_holds_no_tags(talks: Talks) -> None:
    person = (await talks.chatting("li")).person
    await talks.may_be_sent("li")
    assert person is not None

    async def act(unit: Unit, talk: Talk) -> None:
        data = {"reason": "<a href='https://example.invalid'>点我</a>"}
        await tell_in_chats(unit, person, "picture_refused", data)

    await talks.turn("zhao", act)
    await talks.work()
    (told,) = await talks.texts("li")
    assert "＜a href" in told
    assert "<" not in told
