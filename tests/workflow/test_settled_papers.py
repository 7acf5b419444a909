"""What may come later: gaps with their own times, and a returned form with its own clock."""

from typing import Any

from rules.actors import Role
from rules.states import Stage
from tests.workflow.drive import Drive, attach
from tests.workflow.forms import DAYE
from tests.workflow.steps import (
    INSIDE,
    TWO,
    Act,
    at,
    faults,
    guarded,
    of,
    open_clocks,
    the_clock,
)
from tests.workflow.world import World
from workflow.cases import acceptance, application, evaluation
from workflow.reading.progress import progress

ONE = DAYE | {"utilities": ["water"]}
EARLY, LATE = at(3, 18, 10), at(4, 10, 16)


async def gappy(world: World) -> Drive:
    """A case of Daye without an outside line; two documents may come later."""
    drive = await Drive.drafted(world, "daye", ONE)
    await drive.submit()
    body = acceptance.AcceptanceWithGaps(
        gaps=(
            acceptance.Gap(document="business_licence", due_at=EARLY),
            acceptance.Gap(document="site_right", due_at=LATE),
        ),
        estimates={"water": INSIDE},
    )
    await world.act(
        await world.window("daye"),
        lambda unit: acceptance.accept_with_gaps(unit, drive.id, body, expect=None),
    )
    return drive


def supplying(drive: Drive, *documents: str) -> Act:
    """Bringing documents later."""
    body = acceptance.Papers(documents=documents)
    return lambda unit: acceptance.supply_papers(unit, drive.id, body, expect=None)


def rating(drive: Drive) -> Act:
    """The applicant's word at the end."""
    body = evaluation.Judgement(level=5)
    return lambda unit: evaluation.rate(unit, drive.id, body, expect=None)


async def test_with_one_gap_closed_the_clock_runs_to_the_next(world: World) -> None:
    drive = await gappy(world)
    assert (await the_clock(drive, "gap_papers")).due_at == EARLY
    await attach(world, drive.id, "business_licence")
    await world.act(drive.owner, supplying(drive, "business_licence"))
    assert (await the_clock(drive, "gap_papers")).due_at == LATE
    assert (await drive.app()).due_at == LATE
    await attach(world, drive.id, "site_right")
    await world.act(drive.owner, supplying(drive, "site_right"))
    assert not await open_clocks(drive, "gap_papers")
    assert await guarded(world, drive.owner, supplying(drive, "site_right")) == "gaps_open"


async def test_only_what_is_missing_and_attached_closes_a_gap(world: World) -> None:
    drive = await gappy(world)
    await attach(world, drive.id, "authorisation")
    told = supplying(drive, "authorisation", "business_licence", "passport")
    assert await faults(world, drive.owner, told) == {
        "documents.0": "gap_unknown",
        "documents.1": "not_attached",
        "documents.2": "gap_unknown",
    }
    assert (await the_clock(drive, "gap_papers")).due_at == EARLY


async def test_an_open_gap_keeps_a_connected_case_open_until_it_is_closed(world: World) -> None:
    drive = await gappy(world)
    await drive.connect(await of(drive, "water"))
    assert (await drive.app()).stage is Stage.CONNECTED
    await world.act(drive.owner, rating(drive))
    assert (await drive.app()).stage is Stage.CONNECTED
    window = await world.window("daye")
    assert (
        await guarded(world, window, lambda unit: evaluation.close(unit, drive.id, expect=None))
        == "may_close"
    )
    assert (await the_clock(drive, "gap_papers")).due_at == EARLY
    await attach(world, drive.id, "business_licence", "site_right")
    await world.act(window, supplying(drive, "business_licence", "site_right"))
    app = await drive.app()
    assert (app.stage, app.closed_at) == (Stage.CLOSED, world.clock.at)


async def seen(drive: Drive) -> dict[str, Any]:
    """Progress as its owner sees it."""
    answer = await progress(drive.world.services, drive.owner, drive.id, drive.world.clock.now())
    return dict(answer.body)


async def returned(world: World) -> Drive:
    """Submitted at nine and returned at ten."""
    drive = await Drive.drafted(world, "zhoukou", TWO)
    await drive.submit()
    world.clock.set(at(3, 16, 10))
    fault = acceptance.FaultTold(field="contact.phone", reason="field_wrong", note="样例备注")
    body = acceptance.Return(faults=(fault,))
    await world.act(
        await world.window("zhoukou"),
        lambda unit: acceptance.return_for_correction(unit, drive.id, body, expect=None),
    )
    return drive


async def test_a_returned_form_has_a_clock_of_its_own(world: World) -> None:
    drive = await returned(world)
    clock = await the_clock(drive, "correction")
    # ten working days after Monday
    assert (clock.holder, clock.due_at) == (Role.APPLICANT, at(3, 30, 17, 30))
    assert (await drive.app()).due_at == clock.due_at
    body = await seen(drive)
    assert (body["now"]["step"], body["now"]["holder_name"]) == ("correction", "申请人")
    assert body["now"]["due_at"] == "2026-03-30T17:30:00+08:00"
    waiting = next(c for c in body["deadlines"] if c["step"] == "acceptance")
    assert (waiting["paused"], waiting["paused_for"]) == (True, "等待申请人")


async def test_the_corrected_form_ends_it_and_acceptance_runs_on(world: World) -> None:
    drive = await returned(world)
    world.clock.set(at(3, 17, 10))
    await drive.submit()
    assert not await open_clocks(drive, "correction")
    # 135 of 195 minutes were left at ten on Monday
    assert (await the_clock(drive, "acceptance")).due_at == at(3, 17, 14, 45)
    assert (await drive.app()).pauses == []


async def test_withdrawal_and_rejection_end_it(world: World) -> None:
    drive = await returned(world)
    body = application.Withdrawal()
    await world.act(
        drive.owner, lambda unit: application.withdraw(unit, drive.id, body, expect=None)
    )
    assert not await open_clocks(drive, "correction")
    assert not await open_clocks(drive, "acceptance")

    world.clock.set(at(3, 16))
    drive = await returned(world)
    no = acceptance.Rejection(reason="duplicate", explanation="样例说明")
    await world.act(
        await world.window("zhoukou"),
        lambda unit: acceptance.reject(unit, drive.id, no, expect=None),
    )
    assert not await open_clocks(drive, "correction")
    assert not await open_clocks(drive, "acceptance")
