"""Pauses: whose they are, which clocks they hold, and what is left when the last one ends."""

from typing import Any

from models import Deadline, Opinion
from rules.actors import Actor, OrgKind, Role
from rules.errors import Code
from rules.states import Stage
from tests.workflow.drive import Drive
from tests.workflow.steps import (
    INSIDE,
    LONG,
    TWO,
    accepted,
    agree_time,
    allowed,
    at,
    clerk,
    decline,
    guarded,
    last_event,
    of,
    open_clocks,
    planned,
    refused,
    surveyed,
    the_clock,
)
from tests.workflow.world import World
from workflow.background.sweeper import sweep
from workflow.cases import acceptance, pausing


async def pause(drive: Drive, actor: Actor, reason: str = "heavy_pollution") -> dict[str, Any]:
    """Stop the clocks for a reason."""
    body = pausing.Pause(reason=reason, remark="按通知")
    return await drive.world.act(
        actor, lambda unit: pausing.pause(unit, drive.id, body, expect=None)
    )


async def resume(drive: Drive, actor: Actor) -> dict[str, Any]:
    """Lift one's own reasons."""
    return await drive.world.act(
        actor, lambda unit: pausing.resume(unit, drive.id, pausing.Resume(), expect=None)
    )


async def not_resumed(drive: Drive, actor: Actor) -> str:
    """The guard by which lifting is refused."""
    return await guarded(
        drive.world,
        actor,
        lambda unit: pausing.resume(unit, drive.id, pausing.Resume(), expect=None),
    )


async def test_a_utility_stops_only_its_own_live_requests(world: World) -> None:
    drive = await surveyed(world, await accepted(world))
    await pause(drive, await clerk(drive, "water"), "waiting_applicant")
    water, power = await of(drive, "water"), await of(drive, "electricity")
    assert (await the_clock(drive, "plan", request_id=water.id)).pause_reason == "waiting_applicant"
    assert (await the_clock(drive, "plan", request_id=power.id)).paused_at is None
    assert water.due_at is None
    assert (await drive.app()).due_at == power.due_at
    # what opens for it meanwhile stands, too; what is the whole case's does not
    await drive.draw(water)
    await drive.draw(power)
    assert (await the_clock(drive, "offer_lapse")).paused_at is None
    await drive.agree()


async def test_a_declined_utility_stops_nothing(world: World) -> None:
    drive = await surveyed(world, await accepted(world))
    staff = await clerk(drive, "water")
    await decline(drive, "water")
    assert await allowed(drive, staff) == []
    body = pausing.Pause(reason="waiting_applicant")
    refusal = await refused(
        world, staff, lambda unit: pausing.pause(unit, drive.id, body, expect=None)
    )
    assert refusal.code is Code.NOT_YOURS_TO_MOVE
    assert not await Deadline.filter(application_id=drive.id, paused_at__isnull=False).exists()


async def test_only_its_own_side_or_the_lead_bureau_lifts_a_pause(world: World) -> None:
    drive = await planned(world, water=LONG)
    opinion = await Opinion.filter(request_id=(await of(drive, "water")).id).first()
    assert opinion is not None
    department = await world.approver("zhoukou", opinion.organization_id)
    await pause(drive, department)
    for other in (await clerk(drive, "water"), await world.window("zhoukou")):
        assert await not_resumed(drive, other) == "own_pause"
    await resume(drive, department)
    assert await not_resumed(drive, department) == "clock_paused"

    await pause(drive, department)
    await resume(drive, await world.coordinator("zhoukou"))
    assert not (await drive.app()).pauses


async def test_a_clock_runs_when_the_last_of_several_reasons_is_gone(world: World) -> None:
    drive = await accepted(world)
    window, bureau = await world.window("zhoukou"), await world.coordinator("zhoukou")
    await pause(drive, bureau)
    world.clock.set(at(3, 17))
    await pause(drive, window, "waiting_applicant")
    world.clock.set(at(3, 18))
    await resume(drive, window)
    clock = await the_clock(drive, "survey")
    assert (clock.pause_reason, clock.paused_at) == ("heavy_pollution", at(3, 16))
    assert (await drive.app()).due_at is None
    world.clock.set(at(3, 19))
    await resume(drive, bureau)
    clock = await the_clock(drive, "survey")
    # three working days stood still, Monday to Thursday at nine
    assert (clock.paused_at, clock.pause_reason) == (None, None)
    assert (clock.due_at, clock.paused_minutes) == (at(3, 24, 17, 30), 3 * 390)


async def test_the_one_lifted_first_leaves_the_other(world: World) -> None:
    drive = await accepted(world)
    window, bureau = await world.window("zhoukou"), await world.coordinator("zhoukou")
    await pause(drive, bureau)
    await pause(drive, bureau, "holiday_dig_ban")
    await pause(drive, window, "waiting_applicant")
    kept = {stop["reason"]: stop["id"] for stop in (await drive.app()).pauses}
    body = pausing.Resume(pause=kept["heavy_pollution"])
    await world.act(bureau, lambda unit: pausing.resume(unit, drive.id, body, expect=None))
    assert (await the_clock(drive, "survey")).pause_reason == "holiday_dig_ban"
    await resume(drive, bureau)  # the lead bureau lifts everyone's
    assert (await the_clock(drive, "survey")).paused_at is None


async def returned(drive: Drive) -> None:
    """The window returns it for correction."""
    fault = acceptance.FaultTold(field="contact.phone", reason="field_wrong")
    body = acceptance.Return(faults=(fault,))
    await drive.world.act(
        await drive.world.window("zhoukou"),
        lambda unit: acceptance.return_for_correction(unit, drive.id, body, expect=None),
    )


async def test_a_correction_does_not_end_a_stop_order(world: World) -> None:
    drive = await Drive.drafted(world, "zhoukou", TWO)
    await drive.submit()
    bureau = await world.coordinator("zhoukou")
    world.clock.set(at(3, 16, 9, 30))
    await pause(drive, bureau)
    await returned(drive)
    assert (await the_clock(drive, "correction")).paused_at == world.clock.at
    world.clock.set(at(3, 16, 10, 30))
    await drive.submit()
    clock = await the_clock(drive, "acceptance")
    assert (clock.pause_reason, clock.paused_at) == ("heavy_pollution", at(3, 16, 9, 30))
    world.clock.set(at(3, 16, 11, 30))
    await resume(drive, bureau)
    # due at 14:45 before, two hours later now
    assert (await the_clock(drive, "acceptance")).due_at == at(3, 16, 16, 45)


async def test_a_stop_order_may_end_while_the_form_is_corrected(world: World) -> None:
    drive = await Drive.drafted(world, "zhoukou", TWO)
    await drive.submit()
    bureau = await world.coordinator("zhoukou")
    await pause(drive, bureau)
    await returned(drive)
    world.clock.set(at(3, 17))
    assert "resume" in await allowed(drive, bureau)
    await resume(drive, bureau)
    assert (await the_clock(drive, "correction")).paused_at is None
    clock = await the_clock(drive, "acceptance")
    assert (clock.pause_reason, clock.paused_at) == ("waiting_applicant", at(3, 16))
    world.clock.set(at(3, 17, 10))
    await drive.submit()
    assert (await the_clock(drive, "acceptance")).due_at == at(3, 17, 15, 45)


async def test_what_opens_during_a_pause_stands_and_then_has_its_whole_time(world: World) -> None:
    drive = await accepted(world, water=INSIDE)
    bureau = await world.coordinator("zhoukou")
    await pause(drive, bureau)
    await agree_time(drive, "water", at(3, 17, 9))
    await surveyed(world, drive)
    power = await of(drive, "electricity")
    assert (await the_clock(drive, "plan")).paused_at == at(3, 18, 10)
    assert power.due_at is None

    world.clock.set(at(3, 20, 10))
    await resume(drive, bureau)
    # seen on Wednesday at ten and due at Thursday's close: 690 minutes, all of them left
    clock = await the_clock(drive, "plan")
    assert (clock.due_at, clock.paused_minutes) == (at(3, 23, 17, 30), 2 * 390)
    # the agreed time, Tuesday at nine, came during the pause: 750 minutes from then on
    clock = await the_clock(drive, "connection")
    assert (clock.due_at, clock.paused_minutes) == (at(3, 24, 9, 30), 360 + 2 * 390 + 90)


async def test_several_pauses_in_a_row_give_back_what_was_left_each_time(world: World) -> None:
    drive = await surveyed(world, await accepted(world))  # plans due on 19th at 17:30
    bureau = await world.coordinator("zhoukou")
    for start, end in (
        (at(3, 18, 11, 15), at(3, 18, 15)),  # 45 min, lunch, 30 min
        (at(3, 18, 17), at(3, 19, 9)),  # 30 min, night, 30 min
        (at(3, 21, 10), at(3, 22, 10)),  # a weekend: nothing; but it was due before
    ):
        world.clock.set(start)
        await pause(drive, bureau)
        world.clock.set(end)
        await resume(drive, bureau)
    (clock, _) = await open_clocks(drive, "plan")
    assert clock.paused_minutes == 75 + 60
    assert clock.due_at == at(3, 20, 10, 45)  # 135 minutes past Thursday's close


async def test_a_paused_clock_never_turns_red(world: World) -> None:
    drive = await accepted(world)
    await pause(drive, await world.coordinator("zhoukou"))
    world.clock.set(at(4, 20))
    await sweep(world.services)
    assert (await the_clock(drive, "survey")).warned == ""


async def test_a_forgotten_pause_does_not_keep_a_connected_case_open(world: World) -> None:
    drive = await accepted(world, TWO | {"utilities": ["water"]}, water=INSIDE)
    await agree_time(drive, "water", at(3, 17))
    await pause(drive, await world.coordinator("zhoukou"))
    await drive.connect(await of(drive, "water"))
    assert not (await drive.app()).pauses
    assert (await the_clock(drive, "rating_close")).paused_at is None
    world.clock.set(at(4, 20))
    await sweep(world.services)
    assert (await drive.app()).stage is Stage.CLOSED


async def test_who_serves_two_utilities_pauses_for_the_one_of_the_case(world: World) -> None:
    drive = await accepted(world)
    water = await clerk(drive, "water")
    heat = await world.staff("zhoukou", Role.UTILITY_CLERK, OrgKind.UTILITY, "heat")
    both = Actor(person=water.person, memberships=(*heat.memberships, *water.memberships))
    await pause(drive, both, "waiting_applicant")
    organization = water.memberships[0].org
    assert (await last_event(drive, "pause")).organization_id == organization
    (stop,) = (await drive.app()).pauses
    assert stop["organization"] == str(organization)
    await resume(drive, water)
