"""Who is let in, what goes where, and what the platform hears, over real HTTP."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import pytest

from bot.addresses import MINI_PROGRAM, OFFICIAL_ACCOUNT
from bot.rendering import Said
from tests.bot.callback.conftest import AES_KEY, MP, OA, OLD_KEY, TOKEN, Running
from tests.bot.callback.sender import OPENID, Sender, envelope, text, xml
from wechat.messages import Pushed

BOTH = pytest.mark.parametrize("path", [OFFICIAL_ACCOUNT, MINI_PROGRAM])


def sender_of(path: str, key: str = AES_KEY) -> Sender:
    """The platform for the account behind an address."""
    return Sender(TOKEN, key, OA if path == OFFICIAL_ACCOUNT else MP)


async def echoing(pushed: Pushed) -> Said:
    """Says what it heard."""
    return Said.of_text(f"收到：{pushed.text or pushed.event_key}")


async def test_a_message_is_answered_encrypted(here: Running, oa: Sender) -> None:
    here.talk.act = echoing
    answer = await here.post(OFFICIAL_ACCOUNT, *oa.safe(text("进度]]>查询")))
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/xml; charset=utf-8"
    assert oa.opened(answer.content)["Content"] == "收到：进度]]>查询"


async def test_the_key_a_message_came_with_encrypts_its_answer(here: Running) -> None:
    old = sender_of(OFFICIAL_ACCOUNT, OLD_KEY)
    here.talk.act = echoing
    answer = await here.post(OFFICIAL_ACCOUNT, *old.safe(text("旧")))
    assert old.opened(answer.content)["Content"] == "收到：旧"


@BOTH
async def test_both_keys_open(here: Running, path: str) -> None:
    for key in (AES_KEY, OLD_KEY):
        answer = await here.post(path, *sender_of(path, key).safe(text()))
        assert answer.content == b"success"
    refused = await here.post(path, *sender_of(path, "C" * 43).safe(text()))
    assert refused.status_code == 403


TALKED: list[dict[str, Any]] = [
    {"MsgType": "text", "Content": "您好", "MsgId": 1},
    {"MsgType": "image", "PicUrl": "http://a", "MediaId": "m", "MsgId": 1},
    {"MsgType": "voice", "MediaId": "m", "Format": "amr", "MsgId": 1},
    {"MsgType": "video", "MediaId": "m", "ThumbMediaId": "t", "MsgId": 1},
    {"MsgType": "shortvideo", "MediaId": "m", "ThumbMediaId": "t", "MsgId": 1},
    {"MsgType": "location", "Location_X": "30", "Location_Y": "114", "MsgId": 1},
    {"MsgType": "link", "Title": "t", "Url": "https://a", "MsgId": 1},
    {"MsgType": "event", "Event": "subscribe", "EventKey": ""},
    {"MsgType": "event", "Event": "SCAN", "EventKey": "hall01"},
    {"MsgType": "event", "Event": "CLICK", "EventKey": "menu:status"},
]
OTHERS: list[dict[str, Any]] = [
    {"MsgType": "event", "Event": name, "EventKey": "k"}
    for name in (
        "unsubscribe",
        "LOCATION",
        "VIEW",
        "view_miniprogram",
        "scancode_push",
        "scancode_waitmsg",
        "pic_sysphoto",
        "location_select",
        "TEMPLATESENDJOBFINISH",
        "kf_create_session",
        "kf_close_session",
        "subscribe_msg_popup_event",
        "somebody_invented_this",
    )
] + [{"MsgType": "hologram", "MsgId": 1}, {"MsgType": "miniprogrampage", "MsgId": 1}]


@pytest.mark.parametrize("fields", TALKED)
async def test_what_people_say_goes_to_the_talk(
    here: Running, oa: Sender, fields: dict[str, Any]
) -> None:
    here.talk.act = echoing
    answer = await here.post(OFFICIAL_ACCOUNT, *oa.safe(xml(**fields)))
    assert oa.opened(answer.content)["Content"].startswith("收到")
    (heard,) = here.talk.heard
    assert (heard.openid, heard.type) == (OPENID, fields["MsgType"])
    follows = fields.get("Event") == "subscribe"  # both: who that is, is asked
    assert here.oa_pushes.heard == ([heard] if follows else [])
    assert here.mp_pushes.heard == []


@pytest.mark.parametrize("fields", OTHERS)
async def test_all_else_is_acknowledged(here: Running, oa: Sender, fields: dict[str, Any]) -> None:
    here.talk.act = echoing
    answer = await here.post(OFFICIAL_ACCOUNT, *oa.safe(xml(**fields)))
    assert (answer.status_code, answer.content) == (200, b"success")
    assert here.talk.heard == []
    assert [heard.type for heard in here.oa_pushes.heard] == [fields["MsgType"]]


async def test_the_mini_program_pushes_xml_and_json(here: Running, mp: Sender) -> None:
    entry = {"TemplateId": "T1", "SubscribeStatusString": "accept", "PopupScene": "0"}
    event = {
        "ToUserName": "gh_0123456789ab",
        "FromUserName": OPENID,
        "CreateTime": mp.timestamp,
        "MsgType": "event",
        "Event": "subscribe_msg_popup_event",
        "List": entry,
    }
    encrypt = mp.encrypted(json.dumps(event).encode())
    for body in (json.dumps({"Encrypt": encrypt}).encode(), envelope(encrypt)):
        answer = await here.post(MINI_PROGRAM, mp.signed(encrypt), body)
        assert (answer.status_code, answer.content) == (200, b"success")
    told = xml(MsgType="event", Event="wxa_media_check", trace_id="t-1", errcode=-1008)
    assert (await here.post(MINI_PROGRAM, *mp.safe(told))).content == b"success"
    events = [heard.event for heard in here.mp_pushes.heard]
    assert events == ["subscribe_msg_popup_event"] * 2 + ["wxa_media_check"]
    assert here.talk.heard == here.oa_pushes.heard == []


async def test_the_mini_programs_chat_is_not_ours_to_answer(here: Running, mp: Sender) -> None:
    answer = await here.post(MINI_PROGRAM, *mp.safe(text("您好")))
    assert (answer.content, here.talk.heard) == (b"success", [])


@BOTH
async def test_one_and_the_same_refusal(here: Running, path: str) -> None:
    platform = sender_of(path)
    query, body = platform.safe(text())
    encrypt = platform.encrypted(text())
    other = Sender(TOKEN, AES_KEY, "wxsomebodyelse0001")
    late, early = sender_of(path), sender_of(path)
    late.at, early.at = int(platform.timestamp) - 330, int(platform.timestamp) + 330
    padded = platform.encrypted(text())[:-44] + "A" * 44
    refused = [
        await here.post(path, {**query, "msg_signature": "0" * 40}, body),
        await here.post(path, {**query, "msg_signature": query["signature"]}, body),
        await here.post(path, {**query, "nonce": "1"}, body),
        await here.post(path, platform.url(), body),
        await here.post(path, {}, body),
        await here.post(path, *other.safe(text())),
        await here.post(path, *late.safe(text())),
        await here.post(path, *early.safe(text())),
        await here.post(path, {**query, "timestamp": "soon"}, body),
        await here.post(path, {**query, "timestamp": "१७००००००००"}, body),
        await here.post(path, {**query, "timestamp": "9" * 400}, body),
        await here.post(path, *platform.plain(text())),
        await here.post(path, platform.signed(encrypt), text()),
        await here.post(path, platform.signed("not base64!"), envelope("not base64!")),
        await here.post(path, platform.signed("AAAA"), envelope("AAAA")),
        await here.post(path, platform.signed(padded), envelope(padded)),
        await here.post(path, *platform.safe(text(to="gh_somebody_else"))),
        await here.get(path, {**platform.url(), "signature": "0" * 40, "echostr": "1"}),
        await here.get(path, {**late.url(), "echostr": "1"}),
        await here.get(path, {}),
    ]
    assert {(answer.status_code, answer.content) for answer in refused} == {(403, b"forbidden")}
    assert len({frozenset(set(answer.headers) - {"date"}) for answer in refused}) == 1
    assert here.talk.heard == here.oa_pushes.heard == here.mp_pushes.heard == []


BROKEN = [
    b"",
    b"hello",
    b"<xml>",
    b"{",
    b"[]",
    b"\xff\xfe<\x00",
    b"<xml><Encrypt><![CDATA[half",
    b"<xml><Encrypt>a</Encrypt><Encrypt>b</Encrypt></xml>",
    b"<!DOCTYPE x><xml><Encrypt>a</Encrypt></xml>",
    b'<!doctype x [<!ENTITY e "b">]><xml><Encrypt>&e;</Encrypt></xml>',
    b'<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "a"><!ENTITY b "&a;&a;">]><xml>&b;</xml>',
    b"<xml>" + b"<a>" * 9000,
    b"[" * 60_000,
    b'{"Encrypt":{"a":"b"}}',
]


@BOTH
@pytest.mark.parametrize("body", BROKEN)
async def test_a_broken_envelope(here: Running, path: str, body: bytes) -> None:
    answer = await here.post(path, sender_of(path).signed("a"), body)
    assert (answer.status_code, answer.content) == (400, b"malformed")


@pytest.mark.parametrize("cut", [1, 6, 12, 40])
async def test_a_truncated_envelope(here: Running, oa: Sender, cut: int) -> None:
    query, body = oa.safe(text())
    assert (await here.post(OFFICIAL_ACCOUNT, query, body[:-cut])).status_code == 400


INSIDE = [
    b"",
    b"hello",
    text()[:-7],
    b"{}",
    b'<!DOCTYPE x [<!ENTITY e "b">]>' + text(),
    text().replace(b"</xml>", b"<a></xml>"),
    xml(MsgType=""),
    xml(FromUserName="", MsgType="text"),
    xml(MsgType="text", Content="a") * 2,
]


@BOTH
@pytest.mark.parametrize("message", INSIDE)
async def test_a_broken_message_inside(here: Running, path: str, message: bytes) -> None:
    answer = await here.post(path, *sender_of(path).safe(message))
    assert (answer.status_code, answer.content) == (400, b"malformed")
    assert here.talk.heard == here.mp_pushes.heard == []


async def test_the_envelope_may_be_written_otherwise(here: Running, oa: Sender) -> None:
    encrypt = oa.encrypted(text())
    for body in (
        b"\n <xml>\n<ToUserName><![CDATA[gh_1]]></ToUserName>\n<Encrypt><![CDATA["
        + encrypt.encode()
        + b"]]></Encrypt>\n</xml>\n",
        f"<xml><Encrypt>{encrypt}</Encrypt></xml>".encode(),
        f"<xml><Encrypt><![CDATA[{encrypt}]]></Encrypt><AgentID>1</AgentID></xml>".encode(),
    ):
        assert (await here.post(OFFICIAL_ACCOUNT, oa.signed(encrypt), body)).status_code == 200
    assert len(here.talk.heard) == 3


@BOTH
@pytest.mark.parametrize("size", [64 * 1024 + 1, 3 * 1024 * 1024])
async def test_what_is_too_large(here: Running, path: str, size: int) -> None:
    answer = await here.post(path, sender_of(path).signed("a"), b"<" * size)
    assert (answer.status_code, answer.content) == (413, b"too large")

    async def chunks() -> Any:
        for _ in range(0, size, 16 * 1024):
            yield b"<" * 16 * 1024

    streamed = await here.http.post(path, params=sender_of(path).signed("a"), content=chunks())
    assert streamed.status_code == 413


async def test_a_caller_who_hangs_up_is_no_fault_of_ours(here: Running, oa: Sender) -> None:
    query, body = oa.safe(text())
    url = here.http.base_url.copy_with(path=OFFICIAL_ACCOUNT, params=query)
    head = (
        f"POST {url.raw_path.decode()} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    _, writer = await asyncio.open_connection(url.host, url.port)
    writer.write(head.encode() + body[:-20])
    await writer.drain()
    writer.close()
    for _ in range(500):
        if here.log.getvalue():
            break
        await asyncio.sleep(0.01)
    assert "request_failed" not in here.log.getvalue()
    assert '"status":400' in here.log.getvalue()


@BOTH
async def test_the_largest_is_still_read(here: Running, path: str) -> None:
    body = envelope(sender_of(path).encrypted(text())).ljust(64 * 1024)
    query = sender_of(path).signed(body.split(b"[CDATA[")[2].split(b"]]>")[0].decode())
    assert (await here.post(path, query, body)).status_code == 200


@BOTH
@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"])
async def test_other_methods(here: Running, path: str, method: str) -> None:
    answer = await here.http.request(method, path)
    assert answer.status_code == 405
    assert set(answer.headers["allow"].replace(" ", "").split(",")) == {"GET", "POST"}


@BOTH
@pytest.mark.parametrize("echo", ["4375120948345356249", "a b+c&d=e", "汉字", "<script>", ""])
async def test_the_echo_is_the_echo(here: Running, path: str, echo: str) -> None:
    answer = await here.get(path, {**sender_of(path).url(), "echostr": echo})
    assert (answer.status_code, answer.content) == (200, echo.encode())
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_the_echo_is_bytes(here: Running, oa: Sender) -> None:
    query = "&".join(f"{key}={quote(value)}" for key, value in oa.url().items())
    answer = await here.http.get(f"{OFFICIAL_ACCOUNT}?{query}&echostr=%ff%00%e4")
    assert answer.content == b"\xff\x00\xe4"


async def test_handing_over(here: Running, oa: Sender) -> None:
    async def hand_over(pushed: Pushed) -> Said:
        return Said("transfer", content="正在为您转接")

    here.talk.act = hand_over
    answer = await here.post(OFFICIAL_ACCOUNT, *oa.safe(text("人工")))
    assert oa.opened(answer.content)["MsgType"] == "transfer_customer_service"


async def fails(pushed: Pushed) -> Said:
    raise RuntimeError(f"cannot handle {pushed.openid}: {pushed.text}")


async def too_long(pushed: Pushed) -> Said:
    return Said("text", content="长" * 2000)


async def empty(pushed: Pushed) -> Said:
    return Said("text", content="")


async def a_menu(pushed: Pushed) -> Said:
    return Said("menu", head=pushed.text)


@pytest.mark.parametrize("act", [fails, too_long, empty, a_menu])
async def test_a_fault_of_ours_is_success_to_the_platform(
    here: Running, oa: Sender, act: Any
) -> None:
    here.talk.act = act
    answer = await here.post(OFFICIAL_ACCOUNT, *oa.safe(text("我姓李，电话保密")))
    assert (answer.status_code, answer.content) == (200, b"success")
    lines = [json.loads(line) for line in here.log.getvalue().splitlines()]
    (failed,) = [line for line in lines if line["event"] == "push_failed"]
    assert failed["type"] == "text"
    assert any("callback.py" in place for place in failed["trace"])


async def test_who_is_not_heard_is_told(here: Running, oa: Sender) -> None:
    async def disk_full(pushed: Pushed) -> Said:
        raise OSError(28, "No space left on device")

    here.talk.act = disk_full
    answer = await here.post(OFFICIAL_ACCOUNT, *oa.safe(text("进度")))
    assert "再发一次" in oa.opened(answer.content)["Content"]
    assert "message_not_kept" in here.log.getvalue()
    here.oa_pushes.act = disk_full
    answer = await here.post(OFFICIAL_ACCOUNT, *oa.safe(xml(MsgType="event", Event="unsubscribe")))
    assert answer.content == b"success"
    assert "push_failed" in here.log.getvalue()


async def test_the_log_holds_no_content(here: Running, oa: Sender, mp: Sender) -> None:
    said, signatures = "我姓李住在某某路", []
    here.talk.act = echoing
    await here.post(OFFICIAL_ACCOUNT, *oa.safe(text(said)))
    here.talk.act = here.mp_pushes.act = here.oa_pushes.act = fails
    for path, platform in ((OFFICIAL_ACCOUNT, oa), (MINI_PROGRAM, mp)):
        query, body = platform.safe(text(said))
        signatures.append(query["msg_signature"])
        await here.post(path, query, body)
        await here.post(path, {**query, "nonce": said}, body)
        await here.post(path, *platform.plain(text(said)))
        await here.post(path, *platform.safe(text(said)[:-5]))
        await here.post(path, *platform.safe(xml(MsgType=said, FromUserName=said)))
        await here.post(path, *platform.safe(text(said, to="gh_somebody_else")))
        await here.get(path, {**platform.url(), "echostr": said})
    told = here.log.getvalue()
    assert told.count("push_refused") == 8 + 2
    for secret in (said, said[2:], OPENID, TOKEN, *signatures, json.dumps(said)[1:-1]):
        assert secret not in told


async def test_a_demos_clock_may_run_ahead(here: Running, oa: Sender) -> None:
    """Its platform keeps real time, or is moved with it."""
    here.wiring.at = datetime.now(UTC) + timedelta(days=40)
    assert (await here.post(OFFICIAL_ACCOUNT, *oa.safe(text()))).status_code == 200
    oa.at = int(here.wiring.at.timestamp())
    assert (await here.post(OFFICIAL_ACCOUNT, *oa.safe(text()))).status_code == 200
    oa.at -= 86400
    assert (await here.post(OFFICIAL_ACCOUNT, *oa.safe(text()))).status_code == 403
