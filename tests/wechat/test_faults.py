"""What the network and the platform can do to an answer, and what the product makes of it."""

import asyncio
import json
import logging
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.wechat.conftest import MP, QUICK, Sandbox, connect
from tests.wechat.control import Control
from wechat.errors import (
    BadAnswer,
    CodeRefused,
    DailyQuotaSpent,
    Kind,
    PlatformError,
    RateLimited,
    Refused,
    RetryLater,
    TooLarge,
    Unreachable,
    error_for,
)
from wechat.platform import Platform
from wechat.transport import Transport, parse_object

LOGIN = "/sns/jscode2session"


async def refused(platform: Platform, control: Control) -> PlatformError:
    with pytest.raises(PlatformError) as fault:
        await platform.login(await control.code("login", "li"))
    return fault.value


@pytest.mark.parametrize(
    ("kind", "more", "expected"),
    [
        ("errcode", {"errcode": -1}, RetryLater),
        ("errcode", {"errcode": 45011}, RateLimited),
        ("errcode", {"errcode": 45009}, DailyQuotaSpent),
        ("errcode", {"errcode": 99999}, Refused),
        ("hangup", {}, Unreachable),
        ("html", {}, BadAnswer),
        ("html", {"status": 502}, BadAnswer),
        ("truncate", {}, BadAnswer),
        ("oversize", {}, TooLarge),
        ("body", {"body": ""}, BadAnswer),
        ("body", {"body": "[]"}, BadAnswer),
        ("body", {"body": "null"}, BadAnswer),
        ("body", {"body": "{}"}, BadAnswer),
        ("body", {"body": '{"errcode":"40029"}'}, BadAnswer),
        ("body", {"body": '{"errcode":null}'}, BadAnswer),
        ("body", {"body": '{"openid":17,"session_key":"k"}'}, BadAnswer),
        ("body", {"body": '{"openid":"","session_key":"k"}'}, BadAnswer),
        ("body", {"body": '{"openid":"o"}'}, BadAnswer),
    ],
)
async def test_every_spoilt_answer_is_a_typed_error(
    platform: Platform, control: Control, kind: str, more: dict[str, Any], expected: Any
) -> None:
    await control.inject(LOGIN, kind, **more)
    fault = await refused(platform, control)
    assert type(fault) is expected
    assert fault.call == LOGIN


async def test_no_answer_in_time_is_unreachable(hurried: Platform, control: Control) -> None:
    await control.inject(LOGIN, "timeout", seconds=60)
    assert type(await refused(hurried, control)) is Unreachable


async def test_nobody_listening_is_unreachable(platform: Platform, control: Control) -> None:
    nowhere = Transport("http://127.0.0.1:9", timeouts=QUICK)
    with pytest.raises(Unreachable):
        await nowhere.json("GET", LOGIN)
    await nowhere.aclose()


async def test_an_answer_that_drips_is_cut_off_in_total() -> None:
    """Each byte comes within the read time-out; the whole never would."""

    async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
        try:
            while not writer.is_closing():
                writer.write(b" ")
                await writer.drain()
                await asyncio.sleep(0.05)
        except ConnectionError:
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(drip, "127.0.0.1", 0)
    transport = Transport(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", timeouts=QUICK)
    async with asyncio.timeout(20):
        with pytest.raises(Unreachable):
            await transport.json("GET", LOGIN)
    await transport.aclose()
    server.close()


async def test_a_code_whose_answer_was_lost_is_used_up(
    hurried: Platform, platform: Platform, control: Control
) -> None:
    """The act happened though nobody heard of it: the caller must ask for a new code."""
    await control.inject(LOGIN, "timeout", seconds=60, after=True)
    code = await control.code("login", "li")
    with pytest.raises(Unreachable):
        await hurried.login(code)
    with pytest.raises(CodeRefused):
        await platform.login(code)


async def test_every_errmsg_ends_with_another_rid(platform: Platform, control: Control) -> None:
    faults = []
    for _ in range(2):
        with pytest.raises(CodeRefused) as fault:
            await platform.login("no-such-code")
        faults.append(fault.value)
    first, second = faults
    assert (first.errcode, second.errcode) == (40029, 40029)
    assert None not in (first.rid, second.rid)
    assert first.rid != second.rid


async def test_errors_come_with_status_200(sandbox: Sandbox, control: Control) -> None:
    async with httpx.AsyncClient(base_url=sandbox.base_url, trust_env=False) as anybody:
        for path in (LOGIN, "/cgi-bin/user/info", "/cgi-bin/nothing/like/it"):
            answer = await anybody.get(path)
            assert answer.status_code == 200
            assert "rid: " in answer.json()["errmsg"]
    assert len(await control.flag()) == 3


async def test_json_without_content_type_and_parameters_too_many(
    sandbox: Sandbox, control: Control
) -> None:
    code = await control.code("login", "li")
    async with httpx.AsyncClient(base_url=sandbox.base_url, trust_env=False) as anybody:
        body = {"grant_type": "client_credential", "appid": MP.appid, "secret": MP.secret}
        raw = json.dumps(body, ensure_ascii=False).encode()
        token = await anybody.post("/cgi-bin/stable_token", content=raw)
        assert token.request.headers.get("content-type") is None
        query = {
            "appid": MP.appid,
            "secret": MP.secret,
            "js_code": code,
            "grant_type": "authorization_code",
            "access_token": token.json()["access_token"],
        }
        answer = (await anybody.get(LOGIN, params=query)).json()
    assert answer["openid"] == "mp-li"
    assert "errcode" not in answer


@pytest.mark.parametrize(
    ("method", "path", "content", "errcode"),
    [
        ("GET", "/cgi-bin/stable_token", b"", 43302),
        ("POST", LOGIN, b"{}", 43301),
        ("POST", "/cgi-bin/stable_token", b"", 44002),
        ("POST", "/cgi-bin/stable_token", b"{", 47001),
        ("POST", "/cgi-bin/stable_token", b"[]", 47001),
        ("POST", "/cgi-bin/stable_token", b"\xff", 47001),
        ("POST", "/cgi-bin/message/custom/send", b"{}", 41001),
    ],
)
async def test_misuse_raises_the_flag(
    sandbox: Sandbox, control: Control, method: str, path: str, content: bytes, errcode: int
) -> None:
    async with httpx.AsyncClient(base_url=sandbox.base_url, trust_env=False) as anybody:
        answer = await anybody.request(method, path, content=content)
    assert answer.json()["errcode"] == errcode
    assert [reason["errcode"] for reason in await control.flag()] == [errcode]


async def test_no_log_and_no_error_tells_a_secret(
    sandbox: Sandbox, control: Control, caplog: pytest.LogCaptureFixture
) -> None:
    platform = connect(sandbox, None)
    for name in (None, "httpx", "httpcore"):  # louder than the product's own logs ever are
        caplog.set_level(logging.DEBUG, logger=name)
    await platform.login(await control.code("login", "li"))
    token = await platform.oa_client.tokens.current()
    await platform.oa.follower("oa-li")
    await control.inject(LOGIN, "hangup")
    fault = await refused(platform, control)
    await platform.aclose()
    ours = [
        record.getMessage()
        for record in caplog.records
        if sandbox.base_url[7:] in record.getMessage() and "_sandbox" not in record.getMessage()
    ]
    assert any(LOGIN in message for message in ours)
    everything = caplog.text + repr(fault) + repr(platform.mp_client.account)
    for secret in (MP.secret, token, "js_code", "access_token="):
        assert secret not in everything
    assert fault.__cause__ is None
    assert fault.__suppress_context__


@settings(deadline=None)
@given(content=st.binary(max_size=60) | st.text(max_size=40).map(str.encode))
def test_no_bytes_become_anything_but_a_typed_error(content: bytes) -> None:
    try:
        parse_object(content, "/x")
    except PlatformError:
        return


@pytest.mark.parametrize(
    ("errcode", "kind"),
    [
        *((-1, Kind.RETRY), (45009, Kind.RETRY), (45011, Kind.RETRY), (43108, Kind.RETRY)),
        *((43101, Kind.FINAL), (47003, Kind.FINAL), (45015, Kind.FINAL), (45047, Kind.FINAL)),
        *((40003, Kind.FINAL), (99999, Kind.FINAL)),
        *((40013, Kind.MISCONFIGURED), (40125, Kind.MISCONFIGURED), (40164, Kind.MISCONFIGURED)),
        *((40243, Kind.MISCONFIGURED), (48001, Kind.MISCONFIGURED), (40001, Kind.MISCONFIGURED)),
        *((40029, Kind.USER), (40163, Kind.USER), (40226, Kind.USER)),
    ],
)
def test_every_documented_number_says_what_to_do(errcode: int, kind: Kind) -> None:
    assert error_for(errcode).kind is kind
