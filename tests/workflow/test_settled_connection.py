"""Connection: who may agree its time, from when its clock runs, what is given up late."""

from datetime import datetime
from uuid import UUID

from models import Deadline
from rules.actors import Role
from rules.states import Course, RequestState, Stage
from tests.workflow import registering
from tests.workflow.drive import Drive
from tests.workflow.steps import (
    INSIDE,
    TWO,
    accepted,
    agree_time,
    allowed_on,
    at,
    clerk,
    decline,
    faults,
    give_up,
    guarded,
    last_event,
    of,
    planned,
    surveyed,
    the_clock,
    walked_in,
)
from tests.workflow.world import World
from workflow.cases import application, connection
from workflow.registrations import registration

LATER = at(3, 24, 9)


async def test_the_applicant_moves_its_time_and_the_limit_runs_from_the_new_one(
    world: World,
) -> None:
    drive = await accepted(world, water=INSIDE)
    await agree_time(drive, "water", at(3, 17))
    clock = await the_clock(drive, "connection")
    # half a working day (3 h 15 min) is the target, the close of the next working day the limit
    assert (clock.target_at, clock.due_at) == (at(3, 17, 14, 45), at(3, 18, 17, 30))

    await agree_time(drive, "water", at(3, 19, 15))
    clock = await the_clock(drive, "connection")
    assert (clock.opened_at, clock.due_at) == (at(3, 19, 15), at(3, 20, 17, 30))
    row = await of(drive, "water")
    assert row.due_at == clock.due_at
    assert await Deadline.filter(request_id=row.id, step="connection").count() == 2


async def test_the_utility_sets_a_time_only_where_none_is_agreed(world: World) -> None:
    drive = await accepted(world, water=INSIDE)
    water, staff = await of(drive, "water"), await clerk(drive, "water")
    await agree_time(drive, "water", at(3, 17), staff)
    assert (await last_event(drive, "agree_connection_time")).role == Role.UTILITY_CLERK
    before = await the_clock(drive, "connection")

    world.clock.set(at(3, 19, 9))  # the limit is missed
    body = connection.ConnectionTime(at=LATER)
    guard = await guarded(
        world,
        staff,
        lambda unit: connection.agree_connection_time(unit, water.id, body, expect=None),
    )
    assert guard == "connection_unset"
    assert (await the_clock(drive, "connection")).due_at == before.due_at
    assert "agree_connection_time" in (await agree_time(drive, "water", LATER))["allowed"]


async def test_the_window_agrees_a_time_for_whom_nobody_has_claimed(world: World) -> None:
    values = TWO | {"utilities": ["water"], "contact.phone": "13800004321"}
    drive = await walked_in(world, values)
    await surveyed(world, drive, water={"line_m": 0})
    window = await world.window("zhoukou")
    for when in (at(3, 19), at(3, 20)):  # and moves it
        await agree_time(drive, "water", when, window)
    assert (await last_event(drive, "agree_connection_time")).role == Role.WINDOW_CLERK
    assert (await of(drive, "water")).connection_at == at(3, 20)

    world.clock.set(at(3, 16))
    claimed = await accepted(world, water=INSIDE)
    ident, body = (await of(claimed, "water")).id, connection.ConnectionTime(at=LATER)
    guard = await guarded(
        world, window, lambda unit: connection.agree_connection_time(unit, ident, body, expect=None)
    )
    assert guard == "connection_unclaimed"


async def test_a_case_of_which_something_flows_is_not_withdrawn_as_a_whole(world: World) -> None:
    drive = await accepted(world, water=INSIDE)
    await drive.connect(await of(drive, "water"))
    body = application.Withdrawal(reason="不办了")
    guard = await guarded(
        world, drive.owner, lambda unit: application.withdraw(unit, drive.id, body, expect=None)
    )
    assert guard == "works_not_started"
    assert (await of(drive, "water")).state is RequestState.CONNECTED

    answer = await give_up(drive, "electricity")
    assert answer["state"] == RequestState.WITHDRAWN
    assert answer["application"]["stage"] == Stage.CONNECTED
    assert (await drive.app()).connected_at == world.clock.at
    assert await the_clock(drive, "rating_close")


async def test_what_flows_is_not_given_up_nor_declined(world: World) -> None:
    drive = await accepted(world, water=INSIDE)
    await drive.connect(await of(drive, "water"))
    assert await allowed_on(drive, "water", drive.owner) == []
    assert await allowed_on(drive, "water", await clerk(drive, "water")) == []
    assert "withdraw_request" in await allowed_on(drive, "electricity", drive.owner)


async def test_where_no_line_is_found_the_connection_is_next(world: World) -> None:
    drive = await surveyed(world, await accepted(world), water={"line_m": 0})
    row = await of(drive, "water")
    assert (row.state, row.course) == (RequestState.INSPECTED, Course.NO_LINE)
    assert not row.segment_open
    (clock,) = await Deadline.filter(request_id=row.id, step="plan")
    assert clock.closed_at == world.clock.at
    await drive.connect(row)
    assert (await of(drive, "water")).state is RequestState.CONNECTED
    assert (await drive.app()).stage is Stage.PLANNING


async def test_where_no_line_is_found_it_may_still_be_given_up_or_declined(world: World) -> None:
    for end, state in ((give_up, RequestState.WITHDRAWN), (decline, RequestState.DECLINED)):
        drive = await surveyed(world, await accepted(world), water={"line_m": 0})
        await end(drive, "water")
        assert (await of(drive, "water")).state is state
        world.clock.set(at(3, 16))


async def test_a_built_line_is_not_given_up(world: World) -> None:
    drive = await planned(world)
    row = await of(drive, "water")
    await drive.build(row)
    guard = await guarded(
        world,
        drive.owner,
        lambda unit: connection.withdraw_request(unit, row.id, connection.Reason(), expect=None),
    )
    assert guard == "works_not_started"


async def agreed_early(world: World, when: datetime) -> Drive:
    """A case from a registration whose time of connection was agreed beforehand."""
    owner = await world.person("李")
    ident = await registering.registered(world, "zhoukou", owner)
    await registering.visited(world, "zhoukou", ident)
    body = registration.AgreedTime(at=when)
    await world.act(
        await world.coordinator("zhoukou"),
        lambda unit: registration.agree_time(unit, ident, body, expect=None),
    )
    made = await registering.convert(world, owner, ident, utilities=("water", "electricity"))
    drive = Drive(world, "zhoukou", owner, UUID(made["id"]))
    await drive.save(TWO)
    await drive.submit()
    return drive


async def test_a_time_agreed_at_the_registration_counts_where_nothing_is_built(
    world: World,
) -> None:
    drive = await agreed_early(world, at(3, 20))
    await drive.accept(water=INSIDE)
    assert (await of(drive, "water")).connection_at == at(3, 20)
    clock = await the_clock(drive, "connection")
    assert (clock.opened_at, clock.due_at) == (at(3, 20), at(3, 23, 17, 30))
    assert (await of(drive, "electricity")).connection_at is None


async def test_a_time_agreed_at_the_registration_counts_once_the_line_is_accepted(
    world: World,
) -> None:
    drive = await agreed_early(world, at(3, 20))
    await drive.accept()
    await surveyed(world, drive, electricity={"line_m": 0})
    # no line after all: nothing stands before the connection
    assert (await of(drive, "electricity")).connection_at == at(3, 20)
    await drive.draw(await of(drive, "water"))
    await drive.agree()
    await drive.build(await of(drive, "water"))
    row = await of(drive, "water")
    assert (row.state, row.connection_at) == (RequestState.INSPECTED, at(3, 20))
    assert (await the_clock(drive, "connection", request_id=row.id)).due_at == at(3, 23, 17, 30)


async def test_a_time_agreed_at_the_registration_is_dropped_once_it_has_passed(
    world: World,
) -> None:
    drive = await agreed_early(world, at(3, 17))
    world.clock.set(at(3, 17, 10))
    await drive.accept(electricity=INSIDE)
    assert (await of(drive, "electricity")).connection_at is None
    await surveyed(world, drive)
    await drive.draw(await of(drive, "water"))
    await drive.agree()
    await drive.build(await of(drive, "water"))
    assert (await of(drive, "water")).connection_at is None
    assert not await Deadline.filter(application_id=drive.id, step="connection").exists()


async def test_nothing_is_connected_before_the_step_before_it(world: World) -> None:
    drive = await planned(world)
    await drive.build(await of(drive, "water"))
    row = await of(drive, "water")
    assert row.works_finished_at is not None
    await agree_time(drive, "water", at(3, 19))
    for when, wrong in (
        (at(3, 18, 10), {"connected_at": "before_works_end"}),
        (at(3, 20), {"connected_at": "time_future"}),
    ):
        body = connection.Connected(connected_at=when, contract="样例-1", boundary="红线内一米")
        assert wrong == await faults(
            world,
            await clerk(drive, "water"),
            lambda unit, body=body: connection.connect(unit, row.id, body, expect=None),  # type: ignore[misc]
        )
