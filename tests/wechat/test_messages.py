"""Subscription and customer-service messages through the client against the stand-in."""

import asyncio
from typing import Any

import pytest

from tests.wechat.conftest import Sandbox, connect
from tests.wechat.control import Control
from wechat.errors import (
    Concurrent,
    Kind,
    MessagesSpent,
    Misconfigured,
    NotSubscribed,
    Refused,
    ValueRefused,
    WindowClosed,
)
from wechat.platform import Platform
from wechat.service_messages import Choice

PAGE = "pages/case/case?id=1"
DATA = {"thing1": "联合报装", "time2": "2026年11月20日 09:30", "phrase3": "已受理"}
SEND = "/cgi-bin/message/subscribe/send"


async def accept(control: Control, count: int = 1, **more: Any) -> None:
    told = {"person": "li", "template_id": "T-progress", "count": count, **more}
    await control.post("/subscriptions", **told)


async def notify(platform: Platform, **changes: str) -> None:
    await platform.send_subscription("mp-li", "T-progress", PAGE, {**DATA, **changes})


async def test_one_acceptance_is_one_message(platform: Platform, control: Control) -> None:
    await accept(control, 2)
    await notify(platform)
    await notify(platform)
    with pytest.raises(NotSubscribed) as refused:
        await notify(platform)
    assert (refused.value.errcode, refused.value.kind) == (43101, Kind.FINAL)
    first, _ = await control.get("/sent", what="subscribe", person="li")
    assert first["body"]["page"] == PAGE
    assert first["body"]["data"]["phrase3"] == {"value": "已受理"}
    assert first["body"]["miniprogram_state"] == "formal"


async def test_a_refusal_stops_what_was_accepted_before(
    platform: Platform, control: Control
) -> None:
    await accept(control, 3)
    await accept(control, answer="reject")
    with pytest.raises(NotSubscribed):
        await notify(platform)


async def test_a_long_term_template_has_no_count(platform: Platform, control: Control) -> None:
    await control.post("/subscriptions", person="li", template_id="T-long")
    for _ in range(3):
        await platform.send_subscription("mp-li", "T-long", PAGE, {"thing1": "进度"})


async def test_long_values_are_cut_before_they_are_sent(
    platform: Platform, control: Control
) -> None:
    await accept(control)
    title = "大冶市某某食品有限公司新建厂房用水用电用气联合报装"
    await notify(platform, thing1=title)
    (sent,) = await control.get("/sent")
    assert sent["body"]["data"]["thing1"]["value"] == title[:19] + "…"


async def test_a_lone_surrogate_is_refused_without_a_call(
    platform: Platform, control: Control
) -> None:
    with pytest.raises(Refused):
        await platform.send_text("oa-li", "\ud800")
    assert await control.count("/cgi-bin/message/custom/send") == 0


async def test_the_stand_in_names_the_field_at_fault(platform: Platform, control: Control) -> None:
    """Sent past our own cutting, as a program without it would."""
    await accept(control)
    body = {
        "touser": "mp-li",
        "template_id": "T-progress",
        "data": {"thing1": {"value": "长" * 21}, "time2": {"value": "明天"}},
    }
    with pytest.raises(ValueRefused) as refused:
        await platform.mp_client.transport.json(
            "POST",
            SEND,
            query={"access_token": await platform.mp_client.tokens.current()},
            body=body,
        )
    assert (refused.value.field, refused.value.rid is not None) == ("thing1", True)
    assert [reason["errcode"] for reason in await control.flag()] == [47003]


async def test_a_missing_value_is_refused_by_the_stand_in(
    platform: Platform, control: Control
) -> None:
    await accept(control)
    with pytest.raises(ValueRefused) as refused:
        await platform.send_subscription("mp-li", "T-progress", PAGE, {"thing1": "进度"})
    assert refused.value.field == "time2"
    assert len(await control.flag()) == 1


@pytest.mark.parametrize(
    ("openid", "template", "page", "kind"),
    [
        ("mp-nobody", "T-progress", PAGE, Refused),
        ("oa-li", "T-progress", PAGE, Refused),
        ("mp-li", "T-unknown", PAGE, Misconfigured),
        ("mp-li", "T-progress", "pages/none", Misconfigured),
    ],
)
async def test_wrong_addresses_raise_the_flag(
    platform: Platform, control: Control, openid: str, template: str, page: str, kind: Any
) -> None:
    await accept(control)
    with pytest.raises(kind):
        await platform.send_subscription(openid, template, page, DATA)
    assert [reason["errcode"] for reason in await control.flag()] == [
        {Refused: 40003, Misconfigured: 41030 if page == "pages/none" else 40037}[kind]
    ]


async def test_messages_to_one_person_queue(platform: Platform, control: Control) -> None:
    await accept(control, 8)
    await asyncio.gather(*(notify(platform) for _ in range(8)))
    assert len(await control.get("/sent")) == 8
    assert await control.count(SEND) == 8


async def test_a_collision_with_another_process_is_tried_again(
    platform: Platform, control: Control, second: Platform
) -> None:
    await control.post("/options", subscribe_seconds=0.3)
    await platform.mp_client.tokens.current()
    await second.mp_client.tokens.current()
    await accept(control, 2)
    await asyncio.gather(notify(platform), notify(second))
    assert len(await control.get("/sent")) == 2
    assert await control.count(SEND) > 2


async def test_collisions_end_after_the_tries(sandbox: Sandbox, control: Control) -> None:
    platform = connect(sandbox, None, waits=(0, 0, 0))
    await control.inject(SEND, "errcode", errcode=43108, count=4)
    with pytest.raises(Concurrent):
        await notify(platform)
    await platform.aclose()
    assert await control.count(SEND) == 4


async def test_five_texts_for_a_message_of_theirs(platform: Platform, control: Control) -> None:
    with pytest.raises(WindowClosed) as closed:
        await platform.send_text("oa-li", "您好")
    assert closed.value.errcode == 45015
    await control.post("/acts", person="li")
    for _ in range(5):
        await platform.send_text("oa-li", "您好")
    with pytest.raises(MessagesSpent) as spent:
        await platform.send_text("oa-li", "您好")
    assert spent.value.errcode == 45047


async def test_the_window_of_a_message_is_48_hours(platform: Platform, control: Control) -> None:
    await control.post("/acts", person="li")
    await control.post("/clock", seconds=48 * 3600 - 5)
    await platform.send_text("oa-li", "您好")
    await control.post("/clock", seconds=10)
    with pytest.raises(WindowClosed):
        await platform.send_text("oa-li", "您好")


async def test_three_texts_in_a_minute_for_a_tap(platform: Platform, control: Control) -> None:
    await control.post("/acts", person="li", act="click")
    for _ in range(3):
        await platform.send_text("oa-li", "您好")
    with pytest.raises(MessagesSpent):
        await platform.send_text("oa-li", "您好")
    await control.post("/clock", seconds=61)
    with pytest.raises(WindowClosed):
        await platform.send_text("oa-li", "您好")


async def test_who_does_not_follow_gets_nothing(platform: Platform, control: Control) -> None:
    await control.post("/acts", person="zhao")
    with pytest.raises(WindowClosed):
        await platform.send_text("oa-zhao", "您好")


async def test_menu_and_card(platform: Platform, control: Control) -> None:
    await control.post("/acts", person="li")
    await platform.oa.messages.menu(
        "oa-li", "办哪一件？", [Choice("1", "报装"), Choice("2", "进度")]
    )
    thumb = await platform.oa.upload_media("thumb", "a.jpg", b"\xff\xd8\xff", "image/jpeg")
    await platform.oa.messages.miniprogram_page(
        "oa-li",
        title="我的报装",
        appid="wxtestminiprogram1",
        page="pages/index/index",
        thumb_media_id=thumb,
    )
    menu, card = await control.get("/sent", account="oa")
    assert menu["body"]["msgmenu"]["list"][1] == {"id": "2", "content": "进度"}
    assert card["body"]["miniprogrampage"]["thumb_media_id"] == thumb


async def test_a_text_too_long_is_refused(platform: Platform, control: Control) -> None:
    await control.post("/acts", person="li")
    await platform.send_text("oa-li", "长" * 682)
    with pytest.raises(Refused) as refused:
        await platform.send_text("oa-li", "长" * 683)
    assert refused.value.errcode == 45002
    assert len(await control.flag()) == 1


async def test_typing_needs_a_recent_word_and_ends_by_itself(
    platform: Platform, control: Control
) -> None:
    typing = platform.oa.messages.typing

    async def refused() -> int | None:
        with pytest.raises(Refused) as fault:
            await typing("oa-li")
        return fault.value.errcode

    assert await refused() == 45080
    await control.post("/acts", person="li")
    await typing("oa-li")
    assert await refused() == 45081
    await platform.send_text("oa-li", "您好")
    await typing("oa-li")
    await typing("oa-li", "CancelTyping")
    await typing("oa-li")
    await control.post("/clock", seconds=16)
    await typing("oa-li")
    await control.post("/clock", seconds=16)
    assert await refused() == 45080


async def test_the_mini_program_has_its_own_window(platform: Platform, control: Control) -> None:
    await control.post("/acts", person="li", account="mp", act="click")
    await platform.mp.messages.text("mp-li", "您好")
    await platform.mp.messages.typing("mp-li")
    await platform.mp.messages.text("mp-li", "您好")
    with pytest.raises(MessagesSpent):
        await platform.mp.messages.text("mp-li", "您好")
