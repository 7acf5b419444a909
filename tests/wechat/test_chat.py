"""Looking on at a chat: what was exchanged, what the person sees of it, and waiting for more."""

import asyncio
from typing import Any

import httpx
import pytest
import xmltodict

from tests.wechat.callback_server import CallbackServer, Push
from tests.wechat.control import Control
from tests.wechat.test_delivery import CRYPT, product, say, sealed, text_reply
from wechat.platform import Platform

__all__ = ["product"]

LINKED = (
    '请选择：<a href="weixin://bizmsgmenu?msgmenucontent=%E5%A4%A7%E5%86%B6&msgmenuid=c1">1</a>'
)


async def look(control: Control, person: str = "li", **query: Any) -> dict[str, Any]:
    told = {name: str(value) for name, value in query.items()}
    return dict(await control.get("/chat", person=person, **told))


def answering(content: str) -> Any:
    async def answer(push: Push) -> bytes:
        return sealed(push, text_reply(push.opened(CRYPT), content))

    return answer


async def test_an_exchange_is_shown_sealed_and_opened(
    control: Control, product: CallbackServer
) -> None:
    product.answer = answering(LINKED)
    await say(control)
    told = await look(control)
    (exchange,) = told["exchanges"]
    (attempt,) = exchange["attempts"]
    (push,) = product.pushes
    assert attempt["sent"].encode() == push.body
    assert xmltodict.parse(exchange["plain"])["xml"] == push.opened(CRYPT)
    assert "MsgSignature" in attempt["body"]
    assert xmltodict.parse(attempt["opened"])["xml"]["Content"] == LINKED
    assert attempt["status"] == 200
    (seen,) = exchange["seen"]
    assert [part["type"] for part in seen["parts"]] == ["text", "choice"]
    assert exchange["number"] < exchange["answered"] <= told["last"]
    assert (await look(control, since=told["last"]))["exchanges"] == []


async def test_nobody_sees_the_chat_of_another(control: Control, product: CallbackServer) -> None:
    await say(control)
    assert (await look(control, "wu"))["exchanges"] == []
    assert (await look(control, account="mp"))["exchanges"] == []


async def test_a_message_may_be_left_to_the_background(
    control: Control, product: CallbackServer
) -> None:
    let_go = asyncio.Event()

    async def slowly(push: Push) -> bytes:
        await let_go.wait()
        return sealed(push, text_reply(push.opened(CRYPT)))

    product.answer = slowly
    begun = await say(control, background=True)
    assert begun["outcome"] == ""
    first = await look(control, wait=20)
    assert first["exchanges"][0]["answered"] is None
    waiting = asyncio.create_task(look(control, since=first["last"], run=first["run"], wait=20))
    let_go.set()
    while not (told := await waiting)["exchanges"][0]["answered"]:
        waiting = asyncio.create_task(look(control, since=told["last"], run=told["run"], wait=20))
    assert told["exchanges"][0]["person_sees"] == "您好"


async def test_a_customer_service_message_wakes_who_waits(
    control: Control, product: CallbackServer, platform: Platform
) -> None:
    await say(control)
    last = (await look(control))["last"]
    waiting = asyncio.create_task(look(control, since=last, wait=20))
    await platform.send_text("oa-li", LINKED)
    (message,) = (await waiting)["service"]
    assert message["body"]["text"]["content"] == LINKED
    assert [part["type"] for part in message["seen"][0]["parts"]] == ["text", "choice"]


async def test_typing_and_leaving_are_seen(
    control: Control, product: CallbackServer, platform: Platform
) -> None:
    await say(control)
    before = await look(control)
    assert (before["typing"], before["follows"]) == (False, True)
    waiting = asyncio.create_task(look(control, since=before["last"], wait=20))
    await platform.oa.messages.typing("oa-li")
    assert (await waiting)["typing"]
    await say(control, message={"MsgType": "event", "Event": "unsubscribe", "EventKey": ""})
    assert not (await look(control))["follows"]


async def test_numbers_of_another_run_count_for_nothing(
    control: Control, product: CallbackServer
) -> None:
    await say(control)
    told = await look(control)
    again = await look(control, since=told["last"] + 5, run="another", wait=20)
    assert again["run"] == told["run"] != "another"
    assert len(again["exchanges"]) == 1
    await control.post("/reset")
    fresh = await look(control, since=told["last"], run=told["run"], wait=20)
    assert (fresh["run"] != told["run"], fresh["exchanges"]) == (True, [])


async def test_message_ids_never_come_again(control: Control, product: CallbackServer) -> None:
    first = (await say(control))["message"]["MsgId"]
    await control.post("/reset")
    await control.post("/accounts/oa", callback_url=f"{product.url}/callback")
    again = (await say(control))["message"]["MsgId"]
    assert first < again < 2**63


async def test_links_that_lead_nowhere_raise_the_flag(
    control: Control, product: CallbackServer, platform: Platform
) -> None:
    product.answer = answering('<a href="weixin://bizmsgmenu?msgmenuid=1">空</a>')
    await say(control)
    await platform.send_text("oa-li", '<a href="ftp://example.org">坏</a>')
    reasons = await control.flag()
    assert [each["problem"] for each in reasons] == [
        "a choice that says nothing",
        "a link without an address",
    ]


async def test_no_answer_is_an_apology_in_the_chat(
    control: Control, product: CallbackServer
) -> None:
    await product.stop()
    await say(control, resends=1)
    (exchange,) = (await look(control))["exchanges"]
    assert [each["outcome"] for each in exchange["attempts"]] == ["unreachable"] * 2
    assert exchange["seen"][0]["type"] == "apology"
    assert len(await control.flag()) == 1


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"person": "nobody"}, 404),
        ({}, 400),
        ({"person": "li", "account": "xx"}, 400),
        ({"person": "li", "since": "-1"}, 400),
        ({"person": "li", "wait": "1e9"}, 400),
    ],
)
async def test_wrong_questions(control: Control, query: dict[str, str], status: int) -> None:
    async with httpx.AsyncClient(trust_env=False) as http:
        answer = await http.get(f"{control.base_url}/_sandbox/chat", params=query)
    assert (answer.status_code, "error" in answer.json()) == (status, True)
