"""A dug road is restored, checked by a department of a live request, and checked again."""

from typing import Any

from models import Opinion
from rules.actors import Actor
from rules.errors import Code
from rules.states import RequestState, Stage
from tests.workflow.drive import Drive
from tests.workflow.steps import (
    SHORT,
    allowed,
    commit,
    crew,
    decline,
    faults,
    guarded,
    last_event,
    of,
    planned,
    refused,
)
from tests.workflow.world import World
from workflow.cases import evaluation, works


async def department(drive: Drive, utility: str) -> Actor:
    """An approver of the first department in a utility's permits."""
    ident = (await of(drive, utility)).id
    opinion = await Opinion.filter(request_id=ident).order_by("department").first()
    assert opinion is not None
    return await drive.world.approver(drive.city, opinion.organization_id)


def checking(drive: Drive, *, restored: bool = True) -> Any:
    """The check of the road."""
    body = evaluation.RoadCheck(restored=restored, remark="" if restored else "回填不实")
    return lambda unit: evaluation.check_road(unit, drive.id, body, expect=None)


async def start(drive: Drive, utility: str) -> None:
    """Digging begins now."""
    row, now = await of(drive, utility), drive.world.clock.now()
    body = works.Start(started_at=now, builder="样例工程队", ends_on=now.date(), briefed=True)
    await drive.world.act(
        await crew(drive, utility),
        lambda unit: works.start_works(unit, row.id, body, expect=row.version),
    )


async def finish(drive: Drive, utility: str) -> None:
    """Digging ends now."""
    row = await of(drive, utility)
    body = works.Finish(finished_at=drive.world.clock.now(), road_restored=True)
    await drive.world.act(
        await crew(drive, utility),
        lambda unit: works.finish_works(unit, row.id, body, expect=row.version),
    )


async def inspect(drive: Drive, utility: str, result: Any, *items: str) -> None:
    """The joint acceptance."""
    row = await of(drive, utility)
    body = works.Inspection(result=result, items=items)
    await drive.world.act(
        await drive.world.organiser(drive.city),
        lambda unit: works.inspect(unit, row.id, body, expect=row.version),
    )


async def two_digs(world: World) -> Drive:
    """Water and electricity may both dig."""
    drive = await planned(world, water=SHORT, electricity=SHORT)
    await commit(drive, "water")
    await commit(drive, "electricity")
    return drive


async def test_a_road_is_checked_after_the_dig_and_again_after_the_next(world: World) -> None:
    drive = await two_digs(world)
    approver = await department(drive, "water")
    assert await guarded(world, approver, checking(drive)) == "road_opened"
    await start(drive, "water")
    assert "check_road" not in await allowed(drive, approver)
    assert await guarded(world, approver, checking(drive)) == "road_opened"
    await finish(drive, "water")
    await world.act(approver, checking(drive, restored=False))
    assert (await drive.app()).road_checked_at is None
    await world.act(approver, checking(drive))
    assert (await drive.app()).road_checked_at == world.clock.at
    assert await guarded(world, approver, checking(drive)) == "road_opened"

    await start(drive, "electricity")
    assert (await drive.app()).road_checked_at is None
    assert await guarded(world, approver, checking(drive)) == "road_opened"
    await finish(drive, "electricity")
    await world.act(approver, checking(drive))
    assert (await drive.app()).road_checked_at == world.clock.at


async def test_a_rectified_road_is_checked_again(world: World) -> None:
    drive = await two_digs(world)
    approver = await department(drive, "water")
    await start(drive, "water")
    await finish(drive, "water")
    await world.act(approver, checking(drive))
    await inspect(drive, "water", "failed", "回填不实")
    assert (await drive.app()).road_checked_at is None
    assert await guarded(world, approver, checking(drive)) == "road_opened"
    await finish(drive, "water")
    await inspect(drive, "water", "passed")
    await world.act(approver, checking(drive))
    assert (await drive.app()).road_checked_at == world.clock.at


async def test_an_inspection_that_failed_stays_on_record(world: World) -> None:
    drive = await two_digs(world)
    await start(drive, "water")
    for defect in ("回填不实", "井盖松动"):
        await finish(drive, "water")
        await inspect(drive, "water", "failed", defect)
    await finish(drive, "water")
    await inspect(drive, "water", "passed")
    kept = (await of(drive, "water")).inspection
    assert kept["result"] == "passed"
    assert [each["items"] for each in kept["earlier"]] == [["回填不实"], ["井盖松动"]]
    assert all("earlier" not in each for each in kept["earlier"])


async def test_an_opened_road_is_not_left_unrestored(world: World) -> None:
    drive = await two_digs(world)
    await start(drive, "water")
    row, staff = await of(drive, "water"), await crew(drive, "water")
    for said in (None, False):
        body = works.Finish(finished_at=world.clock.now(), road_restored=said)
        assert await faults(
            world,
            staff,
            lambda unit, body=body: works.finish_works(unit, row.id, body, expect=None),  # type: ignore[misc]
        ) == {"road_restored": "must_agree"}
    await finish(drive, "water")
    assert (await of(drive, "water")).state is RequestState.BUILT


async def test_a_department_of_a_dead_request_only_looks_on(world: World) -> None:
    traffic = {**SHORT, "traffic_affected": True}
    drive = await planned(world, water=traffic, electricity=SHORT)
    mine = {
        o.organization_id for o in await Opinion.filter(request_id=(await of(drive, "water")).id)
    }
    theirs = await Opinion.filter(request_id=(await of(drive, "electricity")).id)
    (only,) = mine - {o.organization_id for o in theirs}
    police = await world.approver("zhoukou", only)
    assert "pause" not in await allowed(drive, police)  # no clock runs
    await commit(drive, "electricity")
    await decline(drive, "water")
    await start(drive, "electricity")
    await finish(drive, "electricity")
    assert await allowed(drive, police) == []
    assert (await refused(world, police, checking(drive))).code is Code.NOT_YOURS_TO_MOVE
    await world.act(await department(drive, "electricity"), checking(drive))


async def test_a_road_unchecked_keeps_the_case_open_and_its_check_closes_it(world: World) -> None:
    drive = await two_digs(world)
    for utility in ("water", "electricity"):
        await drive.build(await of(drive, utility))
    for utility in ("water", "electricity"):
        await drive.connect(await of(drive, utility))
    body = evaluation.Judgement(level=5)
    await world.act(drive.owner, lambda unit: evaluation.rate(unit, drive.id, body, expect=None))
    assert (await drive.app()).stage is Stage.CONNECTED
    await world.act(await department(drive, "water"), checking(drive))
    assert (await drive.app()).stage is Stage.CLOSED
    assert (await last_event(drive, "close")).role == "system"
