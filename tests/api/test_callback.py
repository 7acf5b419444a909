"""The platform's stand-in pushes to the running service: both addresses, every way of sending."""

import asyncio
from typing import Any

import pytest

from bot.addresses import MINI_PROGRAM, OFFICIAL_ACCOUNT
from models import Conversation, MediaVerdict, StoredAnswer
from tests.api.service import Caller, Service, ok
from tests.wechat.control import Control
from workflow.background.messages import PROGRESS_KEYS

HELLO = {"MsgType": "text", "Content": "你好"}


@pytest.fixture(scope="module")
async def platform(service: Service, control: Control) -> Control:
    """The stand-in, told where the service is. What understands people is loaded beforehand."""
    assert service.wiring.mind
    for account, path in (("oa", OFFICIAL_ACCOUNT), ("mp", MINI_PROGRAM)):
        await control.post(f"/accounts/{account}", callback_url=f"{service.base_url}{path}")
    return control


@pytest.fixture(scope="module")
async def progress(service: Service, platform: Control) -> str:
    """The progress template, known to the stand-in."""
    name = service.wiring.settings.wechat_mp_template_progress
    await platform.post("/templates", **{name: {"keys": list(PROGRESS_KEYS)}})
    return name


async def say(platform: Control, message: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Somebody sends a message; what came of it."""
    return dict(await platform.post("/deliver", person="li", message=message, **more))


async def left(owner: Caller) -> int:
    """Messages we may still send."""
    (item,) = ok(await owner.get("/me/subscriptions"))["items"]
    remaining: int = item["remaining"]
    return remaining


@pytest.mark.parametrize("account", ["oa", "mp"])
async def test_the_addresses_prove_themselves(platform: Control, account: str) -> None:
    assert (await platform.post("/verify", account=account))["passed"]


@pytest.mark.parametrize("mode", ["safe", "compat"])
async def test_a_message_is_answered_encrypted(platform: Control, mode: str) -> None:
    await platform.post("/accounts/oa", mode=mode)
    told = await say(platform, HELLO)
    await platform.post("/accounts/oa", mode="safe")
    (attempt,) = told["attempts"]
    assert (told["outcome"], attempt["status"], attempt["encrypted"]) == ("reply", 200, True)
    assert told["person_sees"]


async def test_who_follows_is_greeted(platform: Control) -> None:
    told = await say(platform, {"MsgType": "event", "Event": "subscribe", "EventKey": ""})
    assert (told["outcome"], told["reply"]["MsgType"]) == ("reply", "text")


async def test_deliveries_that_overlap_are_one_message(platform: Control) -> None:
    before = await StoredAnswer.filter(scope__startswith="chat:").count()
    told = await say(platform, HELLO, overlap=True, resends=3)
    assert [each["outcome"] for each in told["attempts"]] == ["reply"] * 4
    replies = {each["reply"]["Content"] for each in told["attempts"]}
    assert len(replies) == 1
    assert await StoredAnswer.filter(scope__startswith="chat:").count() == before + 1


async def test_an_impatient_platform_gets_the_reply_it_missed(platform: Control) -> None:
    before = await StoredAnswer.filter(scope__startswith="chat:").count()
    message = {**HELLO, "MsgId": 24_100_000_000_000_001}
    await platform.post("/options", cut_seconds=0.001)
    cut = await say(platform, message, resends=2)
    await platform.post("/options", cut_seconds=5.0)
    assert {each["outcome"] for each in cut["attempts"]} == {"timeout"}
    told = await say(platform, message)
    again = await say(platform, message)
    assert told["outcome"] == "reply"
    assert told["reply"]["Content"] == again["reply"]["Content"]
    assert await StoredAnswer.filter(scope__startswith="chat:").count() == before + 1
    (reason,) = await platform.flag()
    assert reason["reason"] == "no answer"


async def test_messages_of_many_at_once(platform: Control) -> None:
    people = ("li", "zhao", "sun", "wu")
    orders = [
        platform.post("/deliver", person=person, message={**HELLO, "Content": f"你好{number}"})
        for number in range(5)
        for person in people
    ]
    told = await asyncio.gather(*orders)
    assert {each["outcome"] for each in told} <= {"reply", "success"}
    assert await Conversation.all().count() == len(people)


@pytest.mark.parametrize("data_format", ["xml", "json"])
async def test_an_acceptance_is_pushed_and_told_and_counts_once(
    service: Service, platform: Control, progress: str, data_format: str
) -> None:
    owner = await service.owner()
    before = await left(owner)
    await platform.post("/accounts/mp", format=data_format)
    tapped = {"person": "li", "template_id": progress, "push": True}
    told = await platform.post("/subscriptions", **tapped, answer="accept")
    assert told["push"]["outcome"] == "success"
    assert await left(owner) == before + 1
    ok(await owner.post("/me/subscriptions", {"answers": {progress: "accept"}}))
    assert await left(owner) == before + 1
    await platform.post("/subscriptions", **tapped, answer="reject")
    assert await left(owner) == 0
    await platform.post("/accounts/mp", format="xml")


async def test_a_verdict_on_a_file_arrives(service: Service, platform: Control) -> None:
    event = {
        "MsgType": "event",
        "Event": "wxa_media_check",
        "trace_id": "trace-of-the-test",
        "errcode": 0,
        "result": {"suggest": "risky", "label": 20006},
    }
    told = await say(platform, event, account="mp")
    assert told["outcome"] == "success"
    verdict = await MediaVerdict.get(trace_id="trace-of-the-test")
    assert (verdict.suggest, verdict.label) == ("risky", 20006)


async def test_who_leaves_is_forgotten(platform: Control) -> None:
    await say(platform, HELLO)
    told = await say(platform, {"MsgType": "event", "Event": "unsubscribe", "EventKey": ""})
    assert told["outcome"] == "success"
    talk = await Conversation.get(openid="oa-li")
    assert talk.state_sealed is None
    await say(platform, {"MsgType": "event", "Event": "subscribe", "EventKey": ""})


@pytest.mark.parametrize(
    "change", [{"token": "anothertoken"}, {"aes_key": "C" * 43}, {"original_id": "gh_other"}]
)
async def test_somebody_else_is_refused(
    service: Service, platform: Control, change: dict[str, str]
) -> None:
    account = service.wiring.settings.oa
    await platform.post("/accounts/oa", **change)
    told = await say(platform, HELLO)
    await platform.post(
        "/accounts/oa",
        token=account.token.get_secret_value(),
        aes_key=account.aes_key.get_secret_value(),
        original_id=account.original_id,
    )
    assert (told["attempts"][0]["status"], told["outcome"]) == (403, "fault")
    (reason,) = await platform.flag()
    assert reason["problem"] == "status 403"
