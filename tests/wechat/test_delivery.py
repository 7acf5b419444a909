"""The stand-in pushing messages and judging the replies, before any product exists to answer."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from typing import Any

import pytest
import xmltodict
from werobot.crypto import MessageCrypt

from tests.wechat.callback_server import CallbackServer, Push
from tests.wechat.conftest import AES_KEY, MP, OA, TOKEN
from tests.wechat.control import Control
from wechat.callback import Envelope, Mode
from wechat.crypto import Crypto
from wechat.platform import Platform

CRYPT = MessageCrypt(TOKEN, AES_KEY, OA.appid)
TEXT = {"MsgType": "text", "Content": "进度]]>查询"}


@pytest.fixture
async def product(control: Control) -> AsyncIterator[CallbackServer]:
    """A callback both accounts push to."""
    server = CallbackServer()
    await server.start()
    for account in ("mp", "oa"):
        await control.post(f"/accounts/{account}", callback_url=f"{server.url}/callback")
    yield server
    await server.stop()


def text_reply(push: dict[str, Any], content: str = "您好", **changes: str) -> str:
    fields = {
        "ToUserName": push["FromUserName"],
        "FromUserName": push["ToUserName"],
        "CreateTime": "1700000000",
        "MsgType": "text",
        "Content": content,
        **changes,
    }
    inner = "".join(f"<{key}><![CDATA[{value}]]></{key}>" for key, value in fields.items())
    return f"<xml>{inner}</xml>"


def sealed(push: Push, message: str, crypt: MessageCrypt = CRYPT) -> bytes:
    timestamp, nonce = str(int(time.time())), push.query["nonce"]
    return str(crypt.encrypt_message(message, timestamp, nonce)).encode()


async def say(control: Control, **more: Any) -> dict[str, Any]:
    return dict(await control.post("/deliver", **{"person": "li", "message": TEXT, **more}))


async def problems(control: Control) -> list[str]:
    return [str(reason.get("problem", reason["reason"])) for reason in await control.flag()]


async def test_a_safe_message_is_read_and_answered(
    control: Control, product: CallbackServer
) -> None:
    async def answer(push: Push) -> bytes:
        return sealed(push, text_reply(push.opened(CRYPT)))

    product.answer = answer
    told = await say(control)
    (push,) = product.pushes
    assert set(push.xml()) == {"ToUserName", "Encrypt"}
    assert push.query["encrypt_type"] == "aes"
    opened = push.opened(CRYPT)
    assert (opened["FromUserName"], opened["ToUserName"]) == ("oa-li", "gh_oa")
    assert (opened["Content"], opened["MsgId"]) == (TEXT["Content"], str(told["message"]["MsgId"]))
    assert (told["outcome"], told["person_sees"]) == ("reply", "您好")
    assert told["attempts"][0]["encrypted"]


async def test_a_compatible_message_carries_both(control: Control, product: CallbackServer) -> None:
    async def answer(push: Push) -> bytes:
        return text_reply(push.xml()).encode()

    await control.post("/accounts/oa", mode="compat")
    product.answer = answer
    assert (await say(control))["person_sees"] == "您好"
    (push,) = product.pushes
    opened = push.opened(CRYPT)
    assert {key: push.xml()[key] for key in opened} == opened


async def test_a_plain_message_is_signed_only(control: Control, product: CallbackServer) -> None:
    await control.post("/accounts/oa", mode="plain")
    assert (await say(control))["outcome"] == "success"
    (push,) = product.pushes
    assert push.xml()["Content"] == TEXT["Content"]
    assert {"signature", "timestamp", "nonce", "openid"} == set(push.query)


async def test_the_mini_program_may_speak_json(control: Control, product: CallbackServer) -> None:
    await control.post("/accounts/mp", format="json", mode="plain")
    told = await control.post(
        "/subscriptions", person="li", template_id="T-progress", answer="accept", push=True
    )
    assert (told["left"], told["push"]["outcome"]) == (1, "success")
    event = json.loads(product.pushes[0].body)
    assert event["List"] == {
        "TemplateId": "T-progress",
        "SubscribeStatusString": "accept",
        "PopupScene": "0",
    }
    assert (event["FromUserName"], event["CreateTime"]) == ("mp-li", event["CreateTime"] // 1)


async def test_the_mini_program_may_speak_encrypted_json(
    control: Control, product: CallbackServer
) -> None:
    await control.post("/accounts/mp", format="json")
    message = {"MsgType": "event", "Event": "user_enter_tempsession", "SessionFrom": "case"}
    assert (await say(control, account="mp", message=message))["outcome"] == "success"
    (push,) = product.pushes
    encrypt = json.loads(push.body)["Encrypt"]
    parts = push.query["timestamp"], push.query["nonce"], push.query["msg_signature"]
    crypt = MessageCrypt(TOKEN, AES_KEY, MP.appid)
    assert json.loads(crypt.decrypt_message(*parts, encrypt))["SessionFrom"] == "case"


async def test_a_mini_program_cannot_answer_with_text(
    control: Control, product: CallbackServer
) -> None:
    async def answer(push: Push) -> bytes:
        return text_reply(push.xml()).encode()

    await control.post("/accounts/mp", mode="plain")
    product.answer = answer
    assert (await say(control, account="mp"))["outcome"] == "fault"
    assert len(await control.flag()) == 1


async def test_the_product_and_the_stand_in_understand_each_other(
    control: Control, product: CallbackServer
) -> None:
    """The product's envelope in every mode, with the previous key still in use."""
    crypto = Crypto(TOKEN, OA.appid, "N" * 43, AES_KEY)

    async def answer(push: Push) -> bytes:
        envelope = Envelope(crypto, Mode(mode))
        incoming = envelope.open(push.query, push.body)
        told = dict(xmltodict.parse(incoming.message)["xml"])
        return envelope.reply(incoming, text_reply(told).encode(), timestamp=1713424427)

    product.answer = answer
    for mode in ("plain", "compat", "safe"):
        await control.post("/accounts/oa", mode=mode)
        told = await say(control)
        assert told["person_sees"] == "您好"
        assert told["attempts"][0]["encrypted"] is (mode != "plain")


async def test_the_url_check(control: Control, product: CallbackServer) -> None:
    async def echo(push: Push) -> bytes:
        return push.query["echostr"].encode()

    product.answer = echo
    assert (await control.post("/verify"))["passed"]

    async def quoted(push: Push) -> bytes:
        return json.dumps(push.query["echostr"]).encode()

    product.answer = quoted
    assert not (await control.post("/verify"))["passed"]
    assert await problems(control) == ["verify"]


async def test_silence_is_allowed(control: Control, product: CallbackServer) -> None:
    async def nothing(push: Push) -> bytes:
        return b""

    product.answer = nothing
    told = await say(control)
    assert (told["outcome"], told["person_sees"], len(told["attempts"])) == ("empty", None, 1)


@pytest.mark.parametrize("resends", [2, 3])
async def test_a_slow_product_is_cut_and_asked_again(
    control: Control, product: CallbackServer, resends: int
) -> None:
    never = asyncio.Event()

    async def hang(push: Push) -> bytes:
        await never.wait()
        return b"success"

    await control.post("/options", cut_seconds=0.05)
    product.answer = hang
    told = await say(control, resends=resends)
    never.set()
    assert [each["outcome"] for each in told["attempts"]] == ["timeout"] * (resends + 1)
    ids = {push.opened(CRYPT)["MsgId"] for push in product.pushes}
    assert ids == {str(told["message"]["MsgId"])}
    assert "出现故障" in told["person_sees"]
    assert await problems(control) == ["no answer"]


@pytest.mark.parametrize("same", [True, False])
async def test_a_resend_that_is_answered_is_the_last(
    control: Control, product: CallbackServer, same: bool
) -> None:
    never = asyncio.Event()

    async def first_hangs(push: Push) -> bytes:
        if len(product.pushes) == 1:
            await never.wait()
        return sealed(push, text_reply(push.opened(CRYPT)))

    await control.post("/options", cut_seconds=0.5)
    product.answer = first_hangs
    told = await say(control, same_nonce=same)
    never.set()
    assert [each["outcome"] for each in told["attempts"]] == ["timeout", "reply"]
    assert told["person_sees"] == "您好"
    assert len({push.query["nonce"] for push in product.pushes}) == (1 if same else 2)


async def test_resends_may_overlap(control: Control, product: CallbackServer) -> None:
    everyone = asyncio.Event()

    async def together(push: Push) -> bytes:
        if len(product.pushes) == 3:
            everyone.set()
        await everyone.wait()
        return b"success"

    product.answer = together
    told = await say(control, overlap=True)
    assert [each["outcome"] for each in told["attempts"]] == ["success"] * 3


async def test_nobody_at_the_address(control: Control, product: CallbackServer) -> None:
    await product.stop()
    told = await say(control, resends=2)
    assert [each["outcome"] for each in told["attempts"]] == ["unreachable"] * 3
    assert await problems(control) == ["no answer"]


def _wrong_signature(push: Push) -> bytes:
    good = sealed(push, text_reply(push.opened(CRYPT)))
    return good.replace(b"<MsgSignature><![CDATA[", b"<MsgSignature><![CDATA[0")


WRONG: dict[str, Any] = {
    "wrong MsgSignature": _wrong_signature,
    "Encrypt: wrong appid": lambda push: sealed(
        push, text_reply(push.opened(CRYPT)), MessageCrypt(TOKEN, AES_KEY, MP.appid)
    ),
    "Encrypt: wrong padding": lambda push: sealed(
        push, text_reply(push.opened(CRYPT)), MessageCrypt(TOKEN, "B" * 43, OA.appid)
    ),
    "ToUserName is not the person who wrote": lambda push: sealed(
        push, text_reply({"FromUserName": "gh_oa", "ToUserName": "oa-li"})
    ),
    "FromUserName is not the account": lambda push: sealed(
        push, text_reply({"FromUserName": "oa-li", "ToUserName": "gh_mp"})
    ),
    "Content of 2049 bytes": lambda push: sealed(push, text_reply(push.opened(CRYPT), "长" * 683)),
    "Content is missing": lambda push: sealed(push, text_reply(push.opened(CRYPT), "")),
    "CreateTime is not a number": lambda push: sealed(
        push, text_reply(push.opened(CRYPT), CreateTime="now")
    ),
    "MsgType nonsense": lambda push: sealed(
        push, text_reply(push.opened(CRYPT), MsgType="nonsense")
    ),
    "MediaId is missing": lambda push: sealed(
        push,
        text_reply(push.opened(CRYPT), MsgType="image").replace(
            "</xml>", "<Image><Other>x</Other></Image></xml>"
        ),
    ),
    "news must have exactly one article": lambda push: sealed(
        push,
        text_reply(push.opened(CRYPT), MsgType="news", ArticleCount="2").replace(
            "</xml>", "<Articles><item/><item/></Articles></xml>"
        ),
    ),
    "a plain reply in safe mode": lambda push: text_reply(push.opened(CRYPT)).encode(),
    "the root is not <xml> with children": lambda push: b"<html>busy</html>",
    "status 500": lambda push: (500, b"oops"),
    "MsgSignature is missing": lambda push: b"<xml><Encrypt>a</Encrypt></xml>",
}


@pytest.mark.parametrize("problem", WRONG)
async def test_a_wrong_reply_raises_the_flag(
    control: Control, product: CallbackServer, problem: str
) -> None:
    async def answer(push: Push) -> bytes | tuple[int, bytes]:
        told: bytes | tuple[int, bytes] = WRONG[problem](push)
        return told

    product.answer = answer
    told = await say(control)
    assert (told["outcome"], len(told["attempts"])) == ("fault", 1)
    assert await problems(control) == [problem]


async def test_json_to_an_xml_account_raises_the_flag(
    control: Control, product: CallbackServer
) -> None:
    async def answer(push: Push) -> bytes:
        return b'{"errcode": 0}'

    product.answer = answer
    assert "出现故障" in (await say(control))["person_sees"]
    (problem,) = await problems(control)
    assert problem.startswith("not XML")


async def test_an_encrypted_reply_in_plain_mode_raises_the_flag(
    control: Control, product: CallbackServer
) -> None:
    async def answer(push: Push) -> bytes:
        return sealed(push, text_reply(push.xml()))

    await control.post("/accounts/oa", mode="plain")
    product.answer = answer
    await say(control)
    assert await problems(control) == ["an encrypted reply in plain mode"]


async def test_a_person_may_be_called_but_not_for_an_event(
    control: Control, product: CallbackServer
) -> None:
    async def transfer(push: Push) -> bytes:
        told = text_reply(push.opened(CRYPT), MsgType="transfer_customer_service")
        return sealed(push, told)

    product.answer = transfer
    assert (await say(control))["outcome"] == "reply"
    click = {"MsgType": "event", "Event": "CLICK", "EventKey": "help"}
    assert (await say(control, message=click))["outcome"] == "fault"
    assert len(await control.flag()) == 1


async def test_an_event_has_no_msgid(control: Control, product: CallbackServer) -> None:
    await say(control, message={"MsgType": "event", "Event": "subscribe", "EventKey": ""})
    assert "MsgId" not in product.pushes[0].opened(CRYPT)


async def test_what_a_person_does_opens_and_closes_the_window(
    control: Control, product: CallbackServer, platform: Platform
) -> None:
    await say(control)
    await platform.send_text("oa-li", "收到")
    await say(control, message={"MsgType": "event", "Event": "unsubscribe", "EventKey": ""})
    identity = await platform.h5_login(await control.code("oauth", "li"))
    assert identity.unionid is None
    await say(control, message={"MsgType": "event", "Event": "subscribe", "EventKey": ""})
    await platform.send_text("oa-li", "欢迎")
    assert len(await control.get("/sent", what="custom")) == 2


async def test_a_new_key_is_used_at_once(control: Control, product: CallbackServer) -> None:
    await control.post("/accounts/oa", aes_key="C" * 43)
    await say(control)
    renewed = MessageCrypt(TOKEN, "C" * 43, OA.appid)
    assert product.pushes[0].opened(renewed)["Content"] == TEXT["Content"]


@pytest.mark.parametrize(
    ("content", "suggest"), [(b"\xff\xd8\xff fine", "pass"), ("赌博代理".encode(), "risky")]
)
async def test_a_file_check_is_pushed_later(
    control: Control, product: CallbackServer, platform: Platform, content: bytes, suggest: str
) -> None:
    pushed = asyncio.Event()

    async def answer(push: Push) -> bytes:
        pushed.set()
        return b"success"

    product.answer = answer
    product.files["/photo.jpg"] = content
    await control.post("/options", media_check_seconds=600)
    await platform.login(await control.code("login", "li"))
    trace = await platform.mp.check_media(
        "mp-li", f"{product.url}/photo.jpg", kind="image", scene=1
    )
    assert product.pushes == []
    await control.post("/clock", seconds=601)
    await asyncio.wait_for(pushed.wait(), 5)
    event = product.pushes[0].opened(MessageCrypt(TOKEN, AES_KEY, MP.appid))
    assert (event["Event"], event["trace_id"], event["version"]) == ("wxa_media_check", trace, "2")
    assert event["result"]["suggest"] == suggest


async def test_a_file_nobody_can_download_is_reported(
    control: Control, product: CallbackServer, platform: Platform
) -> None:
    pushed = asyncio.Event()

    async def answer(push: Push) -> bytes | tuple[int, bytes]:
        if push.method == "GET":
            return 404, b""
        pushed.set()
        return b"success"

    product.answer = answer
    await control.post("/options", media_check_seconds=0)
    await platform.login(await control.code("login", "li"))
    await platform.mp.check_media("mp-li", f"{product.url}/gone.jpg", kind="image", scene=1)
    await asyncio.wait_for(pushed.wait(), 5)
    event = product.pushes[-1].opened(MessageCrypt(TOKEN, AES_KEY, MP.appid))
    assert event["errcode"] == "-1008"
