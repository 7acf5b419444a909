"""A year's calendar is published: provisional deadlines end as if it had been known all along."""

import asyncio
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from models import (
    Application,
    AuditEntry,
    CalendarDay,
    CalendarYear,
    Deadline,
    OutboxRow,
    Registration,
)
from models.base import new_id
from rules.actors import Role
from rules.states import Channel, RegistrationState
from server.calendars import CityCalendars
from tests.workflow.drive import Drive
from tests.workflow.forms import ZHOUKOU
from tests.workflow.meeting import Held, seen_waiting
from tests.workflow.registering import registered
from tests.workflow.world import SHANGHAI, World
from workflow.background import outbox, recompute
from workflow.background.messages import HANDLERS
from workflow.background.sweeper import sweep
from workflow.cases import connection, pausing
from workflow.cases.acceptance import Acceptance, Estimate, accept

WEDNESDAY = datetime(2026, 12, 30, 9, 0, tzinfo=SHANGHAI)
TWO = ZHOUKOU | {"utilities": ["water", "electricity"], "survey.time": "2026-12-31T09:00+08:00"}
OFF = (1, 4, 5, 6)
"""January's days off once 2027 is published; before, only New Year's Day by law."""


def january(day: int, hour: int = 17, minute: int = 30) -> datetime:
    return datetime(2027, 1, day, hour, minute, tzinfo=SHANGHAI)


@pytest.fixture
def year_end(world: World) -> World:
    """Wednesday before New Year."""
    world.clock.set(WEDNESDAY)
    return world


async def accepted(world: World, **estimates: Estimate) -> Drive:
    drive = await Drive.drafted(world, "zhoukou", TWO)
    await drive.submit()
    await drive.accept(**estimates)
    return drive


async def publish(world: World, *off: int) -> None:
    """As an administrator does: days, the year, and the row in the outbox."""
    for day in off or OFF:
        await CalendarDay.create(
            city="zhoukou", day=date(2027, 1, day), working=False, note="元旦放假"
        )
    await CalendarYear.create(city="zhoukou", year=2027)
    await changed(world)


async def changed(world: World) -> list[str]:
    """Tell the workers, let them work; the outcomes."""
    now = world.clock.now()
    row = await OutboxRow.create(
        topic="calendar_changed", payload={"city": "zhoukou"}, created_at=now, available_at=now
    )
    return await worked(world, row.id)


async def worked(world: World, since: int) -> list[str]:
    while await OutboxRow.filter(done_at=None, available_at__lte=world.clock.now()).exists():
        await outbox.work(world.services, HANDLERS)
    told = OutboxRow.filter(topic="calendar_changed", id__gte=since).exclude(done_at=None)
    return [row.outcome for row in await told.order_by("id")]


async def pause(world: World, drive: Drive) -> None:
    body = pausing.Pause(reason="heavy_pollution")
    actor = await world.coordinator("zhoukou")
    await world.act(actor, lambda unit: pausing.pause(unit, drive.id, body, expect=None))


async def resume(world: World, drive: Drive) -> None:
    actor = await world.coordinator("zhoukou")
    await world.act(
        actor, lambda unit: pausing.resume(unit, drive.id, pausing.Resume(), expect=None)
    )


async def survey_clock(drive: Drive) -> Deadline:
    return await Deadline.get(application_id=drive.id, step="survey")


async def test_it_counts_the_days_of_the_published_year(year_end: World) -> None:
    drive = await accepted(year_end)
    clock = await survey_clock(drive)
    assert (clock.due_at, clock.provisional) == (january(5), True)
    await publish(year_end)
    clock = await survey_clock(drive)
    assert (clock.due_at, clock.provisional) == (january(8), False)
    assert (await drive.app()).due_at == january(8)
    # three days of which the last quarter begins on the afternoon before the last
    assert clock.yellow_at is not None
    assert january(7, 14) < clock.yellow_at < january(8)
    (audit,) = await AuditEntry.filter(action="recompute")
    assert (audit.object_id, audit.detail) == (str(drive.id), {"deadlines": 1})


async def test_published_while_paused_and_resumed_at_once_nothing_is_lost(
    year_end: World,
) -> None:
    drive = await accepted(year_end)
    await pause(year_end, drive)
    await publish(year_end)
    clock = await survey_clock(drive)
    assert clock.paused_at is not None
    assert (await drive.app()).due_at is None
    await resume(year_end, drive)
    clock = await survey_clock(drive)
    assert (clock.due_at, clock.provisional) == (january(8), False)
    assert (await drive.app()).due_at == january(8)


@pytest.mark.parametrize("published_when", ["first", "running", "paused", "resumed"])
async def test_whenever_it_is_published_the_end_is_the_same(
    year_end: World, published_when: str
) -> None:
    if published_when == "first":
        await publish(year_end)
    drive = await accepted(year_end)
    if published_when == "running":
        await publish(year_end)
    await pause(year_end, drive)
    year_end.clock.forward(hours=6)
    if published_when == "paused":
        await publish(year_end)
    year_end.clock.set(WEDNESDAY + timedelta(days=1))
    await resume(year_end, drive)
    if published_when == "resumed":
        await publish(year_end)
    clock = await survey_clock(drive)
    # paused for one working day: not Friday the 8th but Monday
    assert (clock.due_at, clock.provisional) == (january(11), False)
    assert (await drive.app()).due_at == january(11)


async def test_a_pause_into_a_year_not_published_leaves_it_provisional(year_end: World) -> None:
    year_end.clock.set(datetime(2026, 12, 25, 9, 0, tzinfo=SHANGHAI))
    drive = await accepted(year_end)
    assert not (await survey_clock(drive)).provisional  # Wednesday the 30th
    await pause(year_end, drive)
    year_end.clock.set(WEDNESDAY)
    await resume(year_end, drive)
    before = await survey_clock(drive)
    assert (before.due_at, before.provisional) == (january(5), True)
    await changed(year_end)
    after = await survey_clock(drive)
    assert (after.due_at, after.provisional) == (january(5), True)
    await publish(year_end)
    assert (await survey_clock(drive)).due_at == january(8)


async def test_target_and_request_follow(year_end: World) -> None:
    nothing = Estimate(external_line=False)
    drive = await accepted(year_end, water=nothing, electricity=nothing)
    request = (await drive.requests())[0]
    at = datetime(2026, 12, 31, 16, 0, tzinfo=SHANGHAI)
    await year_end.act(
        drive.owner,
        lambda unit: connection.agree_connection_time(
            unit, request.id, connection.ConnectionTime(at=at), expect=None
        ),
    )
    clock = await Deadline.get(request_id=request.id, step="connection")
    assert clock.due_at == january(4)
    assert clock.target_at is not None
    assert clock.target_at.astimezone(SHANGHAI).date() == date(2027, 1, 4)
    half = clock.target_at - january(4, 0, 0)
    await publish(year_end)
    clock = await Deadline.get(request_id=request.id, step="connection")
    assert (clock.due_at, clock.target_at) == (january(7), january(7, 0, 0) + half)
    assert (await drive.requests())[0].due_at == january(7)
    assert (await drive.app()).due_at == january(7)


async def test_registrations_follow_too(year_end: World) -> None:
    year_end.clock.forward(days=1)
    later = {"plan.use_date": "2027-12-01"}
    id_ = await registered(year_end, "zhoukou", await year_end.person("李"), values=later)
    assert (await Registration.get(id=id_)).due_at == january(4)
    await publish(year_end)
    assert (await Registration.get(id=id_)).due_at == january(7)
    clock = await Deadline.get(registration_id=id_)
    assert (clock.due_at, clock.provisional) == (january(7), False)


async def test_it_waits_for_who_holds_the_case_and_sees_what_was_done(year_end: World) -> None:
    drive = await accepted(year_end)
    body = pausing.Pause(reason="heavy_pollution")
    bureau = await year_end.coordinator("zhoukou")

    async def published() -> dict[str, Any]:
        await publish(year_end)
        return {}

    paused = Held(year_end, bureau, lambda unit: pausing.pause(unit, drive.id, body, expect=None))
    await paused.done()
    publishing = asyncio.create_task(published())
    await seen_waiting(publishing)
    assert not publishing.done()
    await paused.let_go()
    await publishing
    clock = await survey_clock(drive)
    assert clock.paused_at is not None
    assert clock.due_at == january(8)
    assert (await drive.app()).due_at is None


async def test_a_light_told_too_early_is_told_again_in_its_time(year_end: World) -> None:
    drive = await accepted(year_end)
    year_end.clock.set(january(6, 9, 0))  # by the plain week overdue since yesterday
    while await sweep(year_end.services):
        pass
    assert (await survey_clock(drive)).warned == "red"
    await publish(year_end)
    clock = await survey_clock(drive)
    assert (clock.due_at, clock.warned) == (january(8), "")
    year_end.clock.set(january(8, 17, 0))
    await sweep(year_end.services)
    assert (await survey_clock(drive)).warned == "yellow"


async def _registrations(world: World, count: int, **limit: Any) -> list[UUID]:
    """Registrations with one provisional clock of a working day each, since Thursday."""
    opened = WEDNESDAY + timedelta(days=1)
    rows = [
        Registration(
            id=new_id(),
            city="zhoukou",
            channel=Channel.MINIPROGRAM,
            state=RegistrationState.RECEIVED,
            judged_on=opened.date(),
            created_at=opened,
        )
        for _ in range(count)
    ]
    await Registration.bulk_create(rows)
    await Deadline.bulk_create(
        Deadline(
            city="zhoukou",
            step="first_visit",
            registration_id=row.id,
            holder=Role.COORDINATOR,
            opened_at=opened,
            due_at=january(4),
            provisional=True,
            limit=limit or {"working_days": "1"},
        )
        for row in rows
    )
    return [row.id for row in rows]


async def test_a_whole_city_goes_batch_by_batch(year_end: World) -> None:
    await _registrations(year_end, 2 * recompute.BATCH + 1)
    await publish(year_end)
    assert await Deadline.filter(provisional=True).count() == 0
    assert await Deadline.filter(due_at=january(7)).count() == 2 * recompute.BATCH + 1
    rows = await OutboxRow.filter(topic="calendar_changed").order_by("id")
    assert [row.outcome for row in rows] == ["recomputed_50", "recomputed_50", "recomputed_1", ""]
    assert rows[-1].available_at == year_end.clock.now() + recompute.SETTLED


async def test_one_broken_case_holds_up_no_other(year_end: World) -> None:
    (broken,) = await _registrations(year_end, 1, working_days="1", working_minutes=5)
    (whole,) = await _registrations(year_end, 1)
    await publish(year_end)
    assert (await Deadline.get(registration_id=whole)).due_at == january(7)
    assert (await Deadline.get(registration_id=broken)).due_at == january(4)
    first = await OutboxRow.filter(topic="calendar_changed").order_by("id").first()
    assert first is not None
    assert first.outcome == "recomputed_1_failed_1"


async def test_a_clock_opened_by_the_old_calendar_is_found_by_the_second_look(
    year_end: World,
) -> None:
    behind = replace(year_end, services=replace(year_end.services, calendars=CityCalendars()))
    drive = await Drive.drafted(year_end, "zhoukou", TWO)
    await drive.submit()
    await publish(year_end)
    clerk = await year_end.window("zhoukou")
    await behind.act(clerk, lambda unit: accept(unit, drive.id, Acceptance(), expect=None))
    clock = await survey_clock(drive)
    assert (clock.due_at, clock.provisional) == (january(5), True)
    year_end.clock.forward(minutes=2)
    outcomes = await worked(year_end, 0)
    assert outcomes[-1] == "recomputed_1"
    clock = await survey_clock(drive)
    assert (clock.due_at, clock.provisional) == (january(8), False)
    assert (await Application.get(id=drive.id)).due_at == january(8)
    assert not await OutboxRow.filter(topic="calendar_changed", done_at=None).exists()


async def test_a_request_that_waits_for_the_survey_follows_its_clock(year_end: World) -> None:
    drive = await accepted(year_end)
    before = await Deadline.get(application_id=drive.id, step="survey")
    await publish(year_end, 1, 4, 5)
    await changed(year_end)
    clock = await Deadline.get(application_id=drive.id, step="survey")
    assert clock.due_at > before.due_at
    assert {request.due_at for request in await drive.requests()} == {clock.due_at}
