"""Compatible mode: of a message written twice, only the encrypted part is believed."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.addresses import OFFICIAL_ACCOUNT
from bot.rendering import Said
from tests.bot.callback.conftest import Running, running, settings_of
from tests.bot.callback.sender import OPENID, Sender, text
from wechat.messages import Pushed


@pytest.fixture(scope="module")
async def compat(home: Path) -> AsyncIterator[Running]:
    """The official account in compatible mode."""
    async with running(settings_of(home, wechat_oa_mode="compat")) as here:
        yield here


@pytest.fixture
def both(compat: Running) -> Running:
    """Nothing heard yet."""
    compat.forget()
    return compat


async def echoing(pushed: Pushed) -> Said:
    """Says what it heard."""
    return Said.of_text(f"收到：{pushed.text}")


async def test_a_message_written_twice_is_answered_encrypted(both: Running, oa: Sender) -> None:
    both.talk.act = echoing
    query, body = oa.compat(text("进度"))
    assert "进度" in body.decode()
    answer = await both.post(OFFICIAL_ACCOUNT, query, body)
    assert oa.opened(answer.content)["Content"] == "收到：进度"
    assert "进度" not in answer.text


@pytest.mark.parametrize(
    ("signed", "forged"),
    [
        ("进度", "撤回申请"),
        (OPENID, "somebody-else"),
        ("<MsgType><![CDATA[text]]>", "<MsgType><![CDATA[event]]>"),
        ("24000000000000001", "24000000000000002"),
        ("gh_0123456789ab", "gh_somebody_else"),
    ],
)
async def test_a_plain_part_that_says_otherwise_is_not_believed(
    both: Running, oa: Sender, signed: str, forged: str
) -> None:
    query, body = oa.compat(text("进度"))
    assert signed in body.decode()
    told = body.replace(signed.encode(), forged.encode())
    assert (await both.post(OFFICIAL_ACCOUNT, query, told)).content == b"success"
    (heard,) = both.talk.heard
    assert (heard.text, heard.openid, heard.type) == ("进度", OPENID, "text")
    assert heard.msg_id == "24000000000000001"


async def test_a_plain_message_alone_is_refused(both: Running, oa: Sender) -> None:
    for query in (oa.url(), oa.signed(oa.encrypted(text()))):
        assert (await both.post(OFFICIAL_ACCOUNT, query, text())).status_code == 403
    assert both.talk.heard == []


async def test_a_changed_encrypted_part_is_refused(both: Running, oa: Sender) -> None:
    query, body = oa.compat(text())
    begins = body.index(b"<Encrypt><![CDATA[") + len(b"<Encrypt><![CDATA[")
    told = (
        body[:begins] + (b"B" if body[begins : begins + 1] != b"B" else b"C") + body[begins + 1 :]
    )
    assert (await both.post(OFFICIAL_ACCOUNT, query, told)).status_code == 403
    assert both.talk.heard == []
