"""A hundred thousand mutated messages: no 5xx, no fault of ours, nothing of them in the log."""

import collections
import time
from pathlib import Path
from random import Random

import pytest

from bot.addresses import OFFICIAL_ACCOUNT
from bot.callback import Callback
from bot.rendering import Said
from config.settings import WechatAccount
from tests.bot.callback import mutations
from tests.bot.callback.conftest import Listener, Running, logged, settings_of
from tests.bot.callback.sender import ACCOUNT, OPENID, Sender, text
from wechat.messages import Pushed

SEED = 20261120
SAFE = 30_000
"""Of each of three seeds."""
PLAIN = 10_000
OVER_HTTP = 1_500
ALLOWED = {200, 400, 403, 413}


async def echoing(pushed: Pushed) -> Said:
    """Says everything it heard."""
    heard = (pushed.text, pushed.event_key, pushed.label, pushed.recognition, pushed.choice)
    return Said.of_text("收到：" + "/".join(heard))


def callback(account: WechatAccount) -> tuple[Callback, Listener]:
    """The handler itself, without a socket."""
    listener = Listener(act=echoing)
    return Callback("oa", account, listener), listener


@pytest.mark.parametrize("seed", [SEED, SEED + 1, SEED + 2])
async def test_mutated_messages_in_safe_mode(home: Path, oa: Sender, seed: int) -> None:
    handler, listener = callback(settings_of(home).oa)
    statuses: collections.Counter[int] = collections.Counter()
    read = 0
    with logged() as log:
        for number, (query, body) in enumerate(mutations.requests(Random(seed), oa, SAFE)):
            if number % 5000 == 0:
                oa.at = int(time.time())
            answered = await handler.answer(query, body)
            statuses[answered.status] += 1
            if answered.status == 200 and number % 50 == 0:
                assert oa.opened(answered.body)["MsgType"] == "text"
                read += 1
        told = log.getvalue()
    assert set(statuses) <= ALLOWED
    assert min(statuses[200], statuses[400], statuses[403]) > SAFE // 20
    assert read > 100
    assert len(listener.heard) == statuses[200]
    assert "push_failed" not in told
    assert told.count("push_refused") == statuses.total() - statuses[200]
    for secret in (OPENID, ACCOUNT, "进度", "大冶", "DROP TABLE", "passwd"):
        assert secret not in told


async def test_mutated_messages_in_plain_mode(home: Path, oa: Sender) -> None:
    handler, _ = callback(settings_of(home, wechat_oa_mode="plain").oa)
    random = Random(SEED)
    statuses: collections.Counter[int] = collections.Counter()
    with logged() as log:
        for _ in range(PLAIN):
            fields = mutations.message_of(random.choice(mutations.SHAPES), int(oa.timestamp))
            message = mutations.written(fields, as_json=random.random() < 0.3)
            answered = await handler.answer(*oa.plain(mutations.damaged(random, message)))
            statuses[answered.status] += 1
        assert "push_failed" not in log.getvalue()
    assert set(statuses) <= {200, 400, 403}
    assert min(statuses[200], statuses[400]) > PLAIN // 20


async def test_a_plain_message_of_somebody_else_than_its_address_says_is_refused(
    home: Path, oa: Sender
) -> None:
    """The signature covers nothing of the body."""
    handler, listener = callback(settings_of(home, wechat_oa_mode="plain").oa)
    query, body = oa.plain(text())
    assert (await handler.answer(query, body)).status == 200
    assert (await handler.answer({**query, "openid": "somebody-else"}, body)).status == 403
    assert len(listener.heard) == 1


async def test_mutated_messages_over_http(here: Running, oa: Sender) -> None:
    here.talk.act = echoing
    statuses: collections.Counter[int] = collections.Counter()
    for query, body in mutations.requests(Random(SEED), oa, OVER_HTTP):
        clean = {
            name: value.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
            for name, value in query.items()
        }
        answer = await here.post(OFFICIAL_ACCOUNT, clean, body)
        statuses[answer.status_code] += 1
    assert set(statuses) <= ALLOWED
    assert min(statuses[200], statuses[400], statuses[403]) > OVER_HTTP // 20
    assert "push_failed" not in here.log.getvalue()


@pytest.mark.parametrize("depth", [10, 1000, 8000])
async def test_deep_messages(home: Path, oa: Sender, depth: int) -> None:
    handler, _ = callback(settings_of(home).oa)
    deep = b"<a>" * depth + b"</a>" * depth
    for message in (
        b"<xml>" + deep + b"</xml>",
        b"{" + b'"a":{' * depth + b"}" * depth + b"}",
        b"[" * depth + b"]" * depth,
    ):
        if len(message) < 48_000:
            assert (await handler.answer(*oa.safe(message))).status == 400
