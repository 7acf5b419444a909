"""The combined reply: about the live requests it names, one at a time, never blocking the rest."""

from itertools import pairwise

from models import Plan
from rules.actors import SYSTEM
from rules.states import PermitState, PlanState, RequestState, Stage
from tests.workflow.drive import Drive
from tests.workflow.steps import (
    INSIDE,
    LONG,
    SHORT,
    TWO,
    accepted,
    at,
    commit,
    decline,
    give_up,
    objected,
    of,
    offered,
    open_clocks,
    planned,
    surveyed,
    the_clock,
)
from tests.workflow.world import World
from workflow.cases import application, plan

THREE = TWO | {"utilities": ["water", "electricity", "heat"]}


async def plans(drive: Drive) -> list[tuple[PlanState, set[str]]]:
    """Every reply so far: its state, and the utilities it is about."""
    return [
        (row.state, {s["utility"] for s in row.content["segments"]})
        for row in await Plan.filter(application_id=drive.id).order_by("number")
    ]


async def test_an_offer_whose_request_leaves_is_replaced_by_one_about_the_rest(
    world: World,
) -> None:
    drive = await offered(world)
    assert await plans(drive) == [(PlanState.OFFERED, {"water", "electricity"})]
    first = await the_clock(drive, "offer_lapse")
    world.clock.set(at(3, 20))
    await decline(drive, "electricity")
    assert await plans(drive) == [
        (PlanState.REPLACED, {"water", "electricity"}),
        (PlanState.OFFERED, {"water"}),
    ]
    again = await the_clock(drive, "offer_lapse")
    assert (first.due_at, again.due_at) == (at(4, 1, 17, 30), at(4, 3, 17, 30))
    assert (await drive.agree())["plan"] == PlanState.AGREED
    assert (await of(drive, "water")).state is RequestState.PLANNED
    assert not await open_clocks(drive, "offer_lapse")


async def test_an_offer_all_of_whose_requests_leave_asks_nobody_any_longer(world: World) -> None:
    drive = await surveyed(world, await accepted(world, water=INSIDE))
    await drive.draw(await of(drive, "electricity"))
    assert (await drive.app()).plan_state is PlanState.OFFERED
    await give_up(drive, "electricity")
    assert await plans(drive) == [(PlanState.REPLACED, {"electricity"})]
    assert (await drive.app()).plan_state is PlanState.DRAFTING
    assert not await open_clocks(drive, "offer_lapse")
    await drive.connect(await of(drive, "water"))
    assert (await drive.app()).stage is Stage.CONNECTED


async def test_an_offer_ends_with_its_case(world: World) -> None:
    drive = await offered(world)
    body = application.Withdrawal()
    await world.act(
        drive.owner, lambda unit: application.withdraw(unit, drive.id, body, expect=None)
    )
    assert await plans(drive) == [(PlanState.REPLACED, {"water", "electricity"})]
    assert not await open_clocks(drive, "offer_lapse")


async def test_the_last_segment_that_leaves_sends_the_reply_out(world: World) -> None:
    drive = await surveyed(world, await accepted(world))
    await drive.draw(await of(drive, "water"))
    assert (await drive.app()).plan_state is PlanState.DRAFTING
    await decline(drive, "electricity")
    assert await plans(drive) == [(PlanState.OFFERED, {"water"})]


async def test_an_objection_leaves_the_offer_to_the_others(world: World) -> None:
    """Two went back to the plan; the second while the first is offered anew."""
    drive = await planned(world, THREE, water=LONG, electricity=LONG)
    await objected(drive, "water")
    await drive.draw(await of(drive, "water"))
    assert (await plans(drive))[-1] == (PlanState.OFFERED, {"water"})

    world.clock.set(at(3, 23))
    await objected(drive, "electricity")
    assert (await drive.app()).plan_state is PlanState.OFFERED
    assert [state for state, _ in await plans(drive)] == [PlanState.AGREED, PlanState.OFFERED]
    world.clock.set(at(3, 30))
    await drive.draw(await of(drive, "electricity"))  # waits for the answer to the first
    assert len(await plans(drive)) == 2

    world.clock.set(at(3, 31))
    await drive.agree()
    assert (await of(drive, "water")).state is RequestState.PLANNED
    assert (await of(drive, "electricity")).state is RequestState.SURVEYED
    assert (await plans(drive))[1:] == [
        (PlanState.AGREED, {"water"}),
        (PlanState.OFFERED, {"electricity"}),
    ]
    # Tuesday; 清明 (Saturday to Monday) lies between, so Wednesday a fortnight later
    assert (await the_clock(drive, "offer_lapse")).due_at == at(4, 15, 17, 30)
    assert (await drive.agree())["plan"] == PlanState.AGREED
    states = {(r.utility, r.permit_state) for r in await drive.requests()}
    assert states >= {("water", PermitState.OBJECTED), ("electricity", PermitState.OBJECTED)}


async def test_a_lapsed_offer_and_an_objection_come_together_again(world: World) -> None:
    drive = await planned(world, water=LONG, electricity=LONG)
    await objected(drive, "water")
    await drive.draw(await of(drive, "water"))
    await world.act(SYSTEM, lambda unit: plan.lapse_plan(unit, drive.id))
    await objected(drive, "electricity")
    await drive.draw(await of(drive, "electricity"))
    assert (await plans(drive))[1:] == [
        (PlanState.LAPSED, {"water"}),
        (PlanState.OFFERED, {"water", "electricity"}),
    ]


async def test_a_change_asked_makes_a_new_version_of_every_request(world: World) -> None:
    drive = await offered(world)
    before = {r.id: r.version for r in await drive.requests()}
    body = plan.PlanChange(reason="请走东侧")
    await world.act(
        drive.owner, lambda unit: plan.ask_plan_change(unit, drive.id, body, expect=None)
    )
    for row in await drive.requests():
        assert (row.version, row.segment_open) == (before[row.id] + 1, True)
    clocks = await open_clocks(drive, "plan")
    assert [clock.due_at for clock in clocks] == [at(3, 19, 17, 30)] * 2
    assert not await open_clocks(drive, "offer_lapse")


async def test_every_change_of_a_request_makes_one_new_version(world: World) -> None:
    drive = await accepted(world)
    seen = [(await of(drive, "water")).version]

    async def changed() -> None:
        seen.append((await of(drive, "water")).version)

    await surveyed(world, drive, water=SHORT)
    await changed()
    for utility in ("water", "electricity"):
        await drive.draw(await of(drive, utility))
    await changed()
    await drive.agree()
    await changed()
    await commit(drive, "water")
    await changed()
    assert [after - before for before, after in pairwise(seen)] == [1, 1, 1, 1]


async def test_a_line_drawn_longer_than_found_is_judged_as_drawn(world: World) -> None:
    drive = await surveyed(world, await accepted(world), water={**SHORT, "line_m": 100})
    await drive.draw(await of(drive, "water"), length_m=900)
    await drive.draw(await of(drive, "electricity"))
    await drive.agree()
    row = await of(drive, "water")
    assert (row.permit["route"], row.permit_state) == ("joint", PermitState.LISTING)
    assert "line_above" in {reason["code"] for reason in row.permit["reasons"]}
    assert "900" in row.permit["reasons"][0]["text"]


async def test_what_is_drawn_beyond_the_finding_lies_in_the_same_road(world: World) -> None:
    drive = await surveyed(world, await accepted(world), water=SHORT)
    await drive.draw(await of(drive, "water"), length_m=125, crossing_m=11)
    await drive.draw(await of(drive, "electricity"))
    await drive.agree()
    assert (await of(drive, "water")).permit["route"] == "commitment"


async def test_a_crossing_nobody_has_found_needs_joint_approval(world: World) -> None:
    drive = await surveyed(world, await accepted(world))
    await drive.draw(await of(drive, "water"), crossing_m=11)
    await drive.draw(await of(drive, "electricity"))
    await drive.agree()
    row = await of(drive, "water")
    assert row.permit["route"] == "joint"
    assert {reason["code"] for reason in row.permit["reasons"]} == {"road_unknown"}
