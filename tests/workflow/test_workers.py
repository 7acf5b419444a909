"""Background work: the audit chain, the outbox, the deadline sweeper."""

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest

from models import (
    AuditEntry,
    Consent,
    Deadline,
    Identity,
    InboxMessage,
    OutboxRow,
    Rating,
)
from models.base import new_id
from models.db import pool
from rules.states import PlanState, Stage
from tests.workflow.drive import Drive
from tests.workflow.forms import ZHOUKOU
from tests.workflow.world import SHANGHAI, World
from workflow.background import audit_chain, outbox, retention
from workflow.background.messages import HANDLERS
from workflow.background.sweeper import sweep
from workflow.ports import SendTrouble, Services

TWO = ZHOUKOU | {"utilities": ["water", "electricity"]}


async def submitted(world: World, values: dict[str, Any] = TWO) -> Drive:
    drive = await Drive.drafted(world, "zhoukou", values)
    await drive.submit()
    return drive


async def test_the_chain_is_whole_and_shows_every_kind_of_tampering(world: World) -> None:
    for _ in range(3):
        await submitted(world)
    appended = await audit_chain.append()
    assert appended == await AuditEntry.all().count() > 3
    assert await audit_chain.append() == 0
    assert await audit_chain.verify("zhoukou") == []
    places = sorted(e.sequence or 0 for e in await AuditEntry.filter(city="zhoukou"))
    assert places == list(range(1, len(places) + 1))

    async with pool().acquire() as connection:
        # as somebody with the database's own rights would
        await connection.execute("ALTER TABLE audit DISABLE TRIGGER ALL")
        await connection.execute("UPDATE audit SET action = 'x' WHERE sequence = 2")
        assert await audit_chain.verify("zhoukou") == [2]
        await connection.execute("DELETE FROM audit WHERE sequence = 4")
        assert await audit_chain.verify("zhoukou") == [2, 5]
        await connection.execute("ALTER TABLE audit ENABLE TRIGGER ALL")


async def test_the_database_itself_refuses_to_change_the_trail(world: World) -> None:
    await submitted(world)
    await audit_chain.append()
    async with pool().acquire() as connection:
        for statement in (
            "UPDATE audit SET action = 'x'",
            "UPDATE audit SET sequence = 99",
            "DELETE FROM audit",
            "UPDATE events SET name = 'x'",
            "DELETE FROM events",
        ):
            with pytest.raises(Exception, match="append-only"):
                await connection.execute(statement)


async def test_two_appenders_make_one_chain(world: World) -> None:
    for _ in range(4):
        await submitted(world)
    counts = await asyncio.gather(*(audit_chain.append() for _ in range(4)))
    assert sum(counts) == await AuditEntry.all().count()
    assert await audit_chain.verify("zhoukou") == []


class Told:
    """A handler that notes what it is asked, and fails as often as told."""

    def __init__(self, *failures: SendTrouble) -> None:
        self.payloads: list[Any] = []
        self.failures = list(failures)

    async def __call__(self, services: Services, payload: Mapping[str, Any]) -> str:
        self.payloads.append(payload)
        if self.failures:
            raise self.failures.pop(0)
        return "sent"


async def fill(world: World, count: int) -> None:
    now = world.clock.now()
    await OutboxRow.bulk_create(
        OutboxRow(topic="t", payload={"n": n}, created_at=now, available_at=now)
        for n in range(count)
    )


async def test_no_row_is_told_twice_by_workers_at_once(world: World) -> None:
    await fill(world, 100)
    told = Told()

    async def worker() -> None:
        while await outbox.work(world.services, {"t": told}):
            pass

    await asyncio.gather(*(worker() for _ in range(4)))
    assert sorted(p["n"] for p in told.payloads) == list(range(100))
    assert await OutboxRow.filter(done_at=None).count() == 0


async def test_a_row_of_a_dead_worker_is_taken_over_after_its_lease_and_flagged(
    world: World,
) -> None:
    await fill(world, 1)
    assert len(await outbox.claim(world.clock.now())) == 1  # and dies
    told = Told()
    await outbox.work(world.services, {"t": told})
    assert told.payloads == []
    world.clock.forward(seconds=31)
    await outbox.work(world.services, {"t": told})
    assert len(told.payloads) == 1
    assert (await OutboxRow.get()).outcome == "sent_maybe_twice"


async def test_trouble_is_retried_with_growing_pauses_and_given_up_visibly(world: World) -> None:
    await fill(world, 1)
    told = Told(*(SendTrouble("platform_45009", final=False) for _ in range(99)))
    pauses = []
    while (row := await OutboxRow.get()).failed_at is None:
        world.clock.set(max(row.available_at, world.clock.now()))
        before = world.clock.now()
        await outbox.work(world.services, {"t": told})
        pauses.append(((await OutboxRow.get()).available_at - before).total_seconds())
    assert len(told.payloads) == outbox.TRIES
    assert pauses[:4] == [2, 4, 8, 16]
    assert max(pauses) == outbox.LONGEST_PAUSE_S
    assert (await OutboxRow.get()).outcome == "platform_45009"


async def test_a_final_refusal_is_not_asked_again(world: World) -> None:
    await fill(world, 1)
    await outbox.work(world.services, {"t": Told(SendTrouble("not_subscribed", final=True))})
    row = await OutboxRow.get()
    assert (row.attempts, row.outcome, row.failed_at is not None) == (1, "not_subscribed", True)


class Platform:
    """What the product says to the platform here; its protocol is tested in tests/wechat."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str, str, Mapping[str, str]]] = []

    async def send_subscription(
        self, openid: str, template_id: str, page: str, data: Mapping[str, str]
    ) -> None:
        self.sent.append((openid, template_id, page, data))


async def test_a_consent_is_spent_by_one_message_in_good_words(world: World) -> None:
    platform = Platform()
    object.__setattr__(world.services, "platform", platform)
    object.__setattr__(world.services, "progress_template", "T1")
    owner = await world.person("李")
    await Identity.create(
        id=new_id(),
        person_id=owner.person,
        kind="mp",
        appid="wx",
        openid="o-li",
        created_at=world.clock.now(),
    )
    await Consent.create(id=new_id(), person_id=owner.person, template="T1", remaining=1)
    drive = await submitted(world)
    await drive.accept()  # a second notice, for which no consent is left
    while await OutboxRow.filter(done_at=None, failed_at=None).exists():
        await outbox.work(world.services, HANDLERS)
    assert len(platform.sent) == 1
    openid, template, page, data = platform.sent[0]
    assert (openid, template) == ("o-li", "T1")
    assert str(drive.id) in page
    assert data["character_string1"] == "2026（000001）号"
    assert data["thing2"] == "申请已提交"
    assert (await Consent.get()).remaining == 0
    assert await InboxMessage.filter(person_id=owner.person).count() == 2


async def lights(world: World, person: Any) -> list[str]:
    rows = await InboxMessage.filter(person_id=person, code__startswith="deadline_").order_by("id")
    return [row.code for row in rows]


async def test_each_light_is_told_once_to_its_holder_and_red_to_the_bureau(world: World) -> None:
    clerk, bureau = await world.window("zhoukou"), await world.coordinator("zhoukou")
    await submitted(world)  # Monday 09:00; due 14:45, the last quarter (48 minutes) from 11:27
    for _ in range(2):
        await sweep(world.services)
    assert await lights(world, clerk.person) == []
    world.clock.set(datetime(2026, 3, 16, 11, 27, tzinfo=SHANGHAI))
    for _ in range(3):
        await sweep(world.services)
    assert await lights(world, clerk.person) == ["deadline_yellow"]
    world.clock.set(datetime(2026, 3, 16, 14, 46, tzinfo=SHANGHAI))
    await asyncio.gather(*(sweep(world.services) for _ in range(4)))
    assert await lights(world, clerk.person) == ["deadline_yellow", "deadline_red"]
    assert await lights(world, bureau.person) == ["deadline_red"]


async def test_silence_lapses_the_offer_and_time_closes_the_unrated(world: World) -> None:
    drive = await submitted(world, ZHOUKOU | {"utilities": ["water"]})
    await drive.accept()
    world.clock.forward(days=2, hours=1)
    request = (await drive.requests())[0]
    await drive.find(request)
    await drive.draw(request)
    assert (await drive.app()).plan_state is PlanState.OFFERED
    world.clock.set(datetime(2026, 4, 1, 17, 31, tzinfo=SHANGHAI))
    while await sweep(world.services):
        pass
    assert (await drive.app()).plan_state is PlanState.LAPSED

    later = {"utilities": ["water"], "survey.time": "2026-04-03T09:00+08:00"}
    other = await submitted(world, ZHOUKOU | later)
    await other.accept(water=_no_line())
    await other.connect((await other.requests())[0])
    assert (await other.app()).stage is Stage.CONNECTED
    clock = await Deadline.get(application_id=other.id, step="rating_close")
    world.clock.set(clock.due_at + timedelta(minutes=1))
    while await sweep(world.services):
        pass
    assert (await other.app()).stage is Stage.CLOSED
    assert not await Rating.filter(application_id=other.id).exists()


def _no_line() -> Any:
    from workflow.cases.acceptance import Estimate

    return Estimate(external_line=False)


async def test_what_was_told_is_forgotten_after_a_month(world: World) -> None:
    """Messages of the chat repeat what people have typed."""
    now = world.clock.now()
    for name, done, failed in (("done", now, None), ("failed", None, now), ("waits", None, None)):
        await OutboxRow.create(
            topic=name, created_at=now, available_at=now, done_at=done, failed_at=failed
        )
    world.clock.forward(days=29)
    await retention.forget(world.services)
    assert await OutboxRow.all().count() == 3
    world.clock.forward(days=1, seconds=1)
    await retention.forget(world.services)
    assert [each.topic for each in await OutboxRow.all()] == ["waits"]
