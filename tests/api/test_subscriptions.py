"""From a consent to a message on the phone: asked, counted, sent, spent; and a worker that dies."""

import asyncio
import signal
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from models import AuditEntry, OutboxRow
from server.clock import DemoClock
from server.workers import loops
from tests.api.journey import submitted
from tests.api.service import Caller, Service, codes, ok, problem
from tests.server.programs import Program, running
from tests.wechat.control import Control
from workflow.background.messages import PROGRESS_KEYS

SEND = "/cgi-bin/message/subscribe/send"


@pytest.fixture(scope="module")
async def progress(service: Service, control: Control) -> str:
    """The progress progress, known to the stand-in."""
    name = service.wiring.settings.wechat_mp_template_progress
    await control.post("/templates", **{name: {"keys": list(PROGRESS_KEYS)}})
    return name


@pytest.fixture
async def owner(service: Service, control: Control, progress: str) -> AsyncIterator[Caller]:
    """李, who has answered nothing yet; whatever earlier tests left is told."""
    owner = await service.owner()
    ok(await owner.post("/me/subscriptions", {"answers": {progress: "reject"}}))
    await control.post("/subscriptions", person="li", template_id=progress, answer="reject")
    await work(service)
    await control.delete("/sent")
    yield owner
    await control.delete("/injections")


async def work(service: Service) -> None:
    """Run the worker's own loops, by name, until nothing waits."""
    acts = {loop.name: loop.act for loop in loops(service.wiring)}
    for name in ("outbox", "outbox", "audit"):
        while await acts[name]():
            pass


async def accept(owner: Caller, control: Control, progress: str, times: int = 1) -> None:
    """Tap "allow": the platform counts it, and the mini-program tells us."""
    for _ in range(times):
        await control.post("/subscriptions", person="li", template_id=progress, answer="accept")
        ok(await owner.post("/me/subscriptions", {"answers": {progress: "accept"}}))


async def left(owner: Caller) -> int:
    """Messages we may still send."""
    (item,) = ok(await owner.get("/me/subscriptions"))["items"]
    remaining: int = item["remaining"]
    return remaining


async def sent(control: Control) -> list[dict[str, Any]]:
    """Subscription messages on 李's phone."""
    messages: list[dict[str, Any]] = await control.get("/sent", person="li", what="subscribe")
    return messages


async def test_an_accepted_template_brings_each_step_to_the_phone(
    service: Service, control: Control, progress: str, owner: Caller
) -> None:
    await accept(owner, control, progress, times=2)
    assert await left(owner) == 2
    await submitted(owner, "zhoukou")
    await work(service)
    (message,) = await sent(control)
    body = message["body"]
    assert body["template_id"] == progress
    assert body["page"].startswith("pages/")
    assert list(body["data"]) == list(PROGRESS_KEYS)
    assert "申请" in body["data"]["thing2"]["value"]
    assert body["data"]["phrase3"]["value"]
    assert await left(owner) == 1
    assert await AuditEntry.filter(sequence=None).count() == 0


async def test_without_a_consent_only_the_inbox_is_told(
    service: Service, control: Control, owner: Caller
) -> None:
    await submitted(owner, "zhoukou")
    await work(service)
    assert await sent(control) == []
    assert await left(owner) == 0


async def test_a_consent_the_platform_no_longer_knows_is_forgotten(
    service: Service, control: Control, progress: str, owner: Caller
) -> None:
    await accept(owner, control, progress, times=3)
    await control.post("/subscriptions", person="li", template_id=progress, answer="reject")
    await submitted(owner, "zhoukou")
    await work(service)
    assert await sent(control) == []
    assert await left(owner) == 0
    row = await OutboxRow.filter(topic="subscription").order_by("-id").first()
    assert row is not None
    assert (row.outcome, row.failed_at is not None) == ("not_subscribed", True)


async def test_answers_are_counted_once_each_and_a_refusal_ends_them(
    progress: str, owner: Caller
) -> None:
    for _ in range(2):
        body = {"answers": {progress: "acceptWithAudio"}}
        ok(await owner.post("/me/subscriptions", body, key="tapped-once"))
    assert await left(owner) == 1
    ok(await owner.post("/me/subscriptions", {"answers": {progress: "filter"}}))
    assert await left(owner) == 1
    ok(await owner.post("/me/subscriptions", {"answers": {progress: "ban"}}))
    assert await left(owner) == 0


async def test_odd_answers_are_refused_by_name(progress: str, owner: Caller) -> None:
    unknown = "another-template-of-somebody"
    for answers in ({unknown: "accept"}, {progress: "yes"}, {"x": "accept"}, {}):
        refused = problem(
            await owner.post("/me/subscriptions", {"answers": answers}), 422, "invalid"
        )
        assert codes(refused)


async def test_a_worker_killed_while_it_holds_rows_is_taken_over_after_its_lease(
    service: Service, control: Control, progress: str, owner: Caller, home: Path, tmp_path: Path
) -> None:
    await accept(owner, control, progress)
    await submitted(owner, "zhoukou")
    await control.inject(SEND, "timeout", seconds=60)
    with running(["-m", "server", "worker"], beside(service, home), tmp_path / "log") as program:
        assert await held(program)
        program.end(signal.SIGKILL)
    assert await sent(control) == []
    row = await OutboxRow.get(topic="subscription", done_at=None, failed_at=None)
    await control.delete("/injections")

    await work(service)
    assert await sent(control) == []  # it may still be alive, as far as anybody knows
    assert row.leased_until is not None
    service.clock.set(row.leased_until + timedelta(seconds=1))
    await work(service)
    assert len(await sent(control)) == 1
    row = await OutboxRow.get(id=row.id)
    assert (row.attempts, row.outcome) == (2, "sent_maybe_twice")


def beside(service: Service, home: Path) -> dict[str, str]:
    """The environment of a worker process that works for the running service."""
    settings = service.wiring.settings
    ahead = service.clock.now() + timedelta(minutes=1) - datetime.now(UTC)
    clock = DemoClock(home)
    clock.move_to(max(ahead, clock.offset))
    return {
        "DEMO": "1",
        "DATA_DIR": str(home),
        "DATABASE_URL": settings.database_url.get_secret_value(),
        "REDIS_URL": settings.redis_url.get_secret_value(),
        "WECHAT_API_BASE": settings.wechat_api_base,
        "WECHAT_OAUTH_BASE": settings.wechat_oauth_base,
    }


async def held(program: Program) -> bool:
    """Whether the process took the row of the message and is at it."""
    for _ in range(300):
        rows = await OutboxRow.filter(
            topic="subscription", leased_until__not_isnull=True, done_at=None
        )
        if any(row.failed_at is None for row in rows):
            return True
        await asyncio.sleep(0.1)
    raise AssertionError(program.output())
