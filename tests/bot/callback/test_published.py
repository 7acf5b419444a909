"""The platform's published examples, byte for byte, through the door."""

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import xmltodict

from bot.addresses import MINI_PROGRAM, OFFICIAL_ACCOUNT
from bot.rendering import Said
from tests.bot.callback.conftest import Running, running, settings_of
from tests.bot.callback.sender import OPENID, Sender, envelope, text
from wechat.messages import Pushed

VECTORS: dict[str, Any] = json.loads(
    (Path(__file__).parents[2] / "wechat" / "vectors.json").read_text()
)
ACCOUNT = VECTORS["account"]
TO = VECTORS["safe_message"]["to_user_name"]
BOTH = pytest.mark.parametrize("path", [OFFICIAL_ACCOUNT, MINI_PROGRAM])


@pytest.fixture(scope="module", params=["plain", "compat", "safe"])
async def published(home: Path, request: pytest.FixtureRequest) -> AsyncIterator[Running]:
    """Both accounts with the published token and key, in each mode (the mini-program's is safe)."""
    given = {
        f"wechat_{kind}_{name}": ACCOUNT[name]
        for kind in ("oa", "mp")
        for name in ("appid", "token", "aes_key")
    }
    given |= {f"wechat_{kind}_original_id": TO for kind in ("oa", "mp")}
    async with running(settings_of(home, **given, wechat_oa_mode=request.param)) as here:
        yield here


def at(here: Running, told: dict[str, Any]) -> dict[str, str]:
    """The example's query, on the day of the example."""
    here.forget()
    here.wiring.at = datetime.fromtimestamp(int(told["timestamp"]), UTC)
    names = ("timestamp", "nonce", "signature", "msg_signature", "echostr")
    return {name: told[name] for name in names if name in told}


@BOTH
async def test_the_check_of_the_address(published: Running, path: str) -> None:
    query = at(published, VECTORS["url_check"])
    answer = await published.get(path, query)
    assert (answer.status_code, answer.content) == (200, query["echostr"].encode())
    assert (await published.get(path, {**query, "nonce": "0"})).status_code == 403


async def test_the_plain_message(published: Running) -> None:
    query = at(published, VECTORS["plain_message"])
    answer = await published.post(OFFICIAL_ACCOUNT, query, text("您好", to=TO))
    if published.mode != "plain":  # it must be encrypted
        assert (answer.status_code, published.talk.heard) == (403, [])
        return
    (heard,) = published.talk.heard
    assert (answer.status_code, answer.content) == (200, b"success")
    assert (heard.text, heard.openid) == ("您好", OPENID)


@pytest.mark.parametrize("as_json", [True, False])
@BOTH
async def test_the_encrypted_message(published: Running, path: str, as_json: bool) -> None:
    told = VECTORS["safe_message"]
    query = at(published, told)
    body = envelope(told["encrypt"], TO)
    if as_json:
        fields = {"ToUserName": TO, "Encrypt": told["encrypt"]}
        body = json.dumps(fields).encode()
    answer = await published.post(path, query, body)
    listener = published.oa_pushes if path == OFFICIAL_ACCOUNT else published.mp_pushes
    if published.mode == "plain" and path == OFFICIAL_ACCOUNT:  # it says nothing there
        assert (answer.status_code, listener.heard) == (400, [])
        return
    assert (answer.status_code, answer.content) == (200, b"success")
    (heard,) = listener.heard
    assert heard.raw == told["opened"]["message"].encode()
    assert (heard.event, dict(heard.fields)) == ("debug_demo", {"debug_str": "hello world"})


async def test_our_reply_is_read_by_somebody_else(published: Running) -> None:
    async def reply(pushed: Pushed) -> Said:
        return Said.of_text(f"收到：{pushed.text}")

    platform = Sender(ACCOUNT["token"], ACCOUNT["aes_key"], ACCOUNT["appid"])
    published.forget()
    published.talk.act = reply
    message = text("进度", to=TO)
    if published.mode == "plain":
        answer = await published.post(OFFICIAL_ACCOUNT, *platform.plain(message))
        told = xmltodict.parse(answer.content)["xml"]
    else:
        answer = await published.post(OFFICIAL_ACCOUNT, *platform.safe(message))
        told = platform.opened(answer.content)
    assert (told["MsgType"], told["Content"]) == ("text", "收到：进度")
    assert told["ToUserName"] == OPENID


def test_the_copy_is_what_was_published() -> None:
    """Kept under other names; where the original lies beside us, it is the same."""
    original = Path(__file__).parents[4] / "shared" / "wechat-vectors.json"
    if not original.exists():
        pytest.skip(f"{original.name} is not beside the project: the copy is not compared")
    told = json.loads(original.read_text())
    ours = VECTORS["safe_message"]
    for name in ("timestamp", "nonce", "signature", "msg_signature", "to_user_name", "encrypt"):
        assert ours[name] == told["secure_post"][name]
    assert ours["opened"]["message"] == told["secure_post"]["msg"]
    assert ours["opened"]["salt"] == told["secure_post"]["random"]
    assert VECTORS["url_check"] == told["get"]
    assert VECTORS["plain_message"] == told["plain_post"]
    assert (ACCOUNT["token"], ACCOUNT["aes_key"]) == (told["token"], told["encoding_aes_key"])
    assert ACCOUNT["appid"] == told["appid"]
    reply = VECTORS["reply"]
    assert (reply["message"], reply["salt"]) == (told["reply"]["msg"], told["reply"]["random"])
    for name in ("timestamp", "nonce", "encrypt", "msg_signature"):
        assert reply[name] == told["reply"][name]
