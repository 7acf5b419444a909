"""Permits: the promise's clock, the papers, the opinions, form C."""

from models import Deadline, Event, Opinion
from rules.actors import Actor, Role
from rules.errors import Code
from rules.states import PermitState, RequestState, Verdict
from tests.workflow.drive import attach
from tests.workflow.steps import (
    LONG,
    PAPER,
    SHORT,
    allowed_on,
    at,
    clerk,
    commit,
    decline,
    faults,
    file,
    filed,
    give_up,
    last_event,
    list_all,
    objected,
    of,
    open_clocks,
    planned,
    refused,
)
from tests.workflow.world import World
from workflow.cases import joint


async def test_no_clock_runs_against_a_promise_until_it_is_made(world: World) -> None:
    drive = await planned(world, water=SHORT)
    row = await of(drive, "water")
    assert row.permit_state is PermitState.COMMITTING
    assert not await Deadline.filter(application_id=drive.id, step="commitment").exists()
    assert row.due_at is None
    world.clock.set(at(3, 25, 11))
    await commit(drive, "water")
    clocks = await Deadline.filter(request_id=row.id, step="commitment")
    departments = {o.organization_id for o in await Opinion.filter(request_id=row.id)}
    assert {clock.organization_id for clock in clocks} == departments
    assert len(clocks) == len(departments) > 1
    for clock in clocks:
        assert clock.opened_at == clock.closed_at == at(3, 25, 11) < clock.due_at
    assert (await of(drive, "water")).permit_state is PermitState.GRANTED


async def test_a_promise_is_granted_with_form_c(world: World) -> None:
    drive = await planned(world, water=SHORT)
    await commit(drive, "water")
    assert (await drive.app()).form_c_at == world.clock.at


async def test_form_c_waits_for_the_last_request_and_comes_when_it_leaves(world: World) -> None:
    for leave in (decline, give_up):
        world.clock.set(at(3, 16))
        drive = await planned(world, water=LONG, electricity=LONG)
        for opinion in await filed(drive, "water"):
            await drive.sign(opinion, Verdict.APPROVED)
        assert (await of(drive, "water")).permit_state is PermitState.GRANTED
        assert (await drive.app()).form_c_at is None
        world.clock.forward(hours=1)
        await leave(drive, "electricity")
        assert (await drive.app()).form_c_at == world.clock.at


async def test_form_c_is_not_issued_for_a_request_that_left(world: World) -> None:
    drive = await planned(world, water=LONG)
    await decline(drive, "water")
    assert (await drive.app()).form_c_at is None


async def test_only_what_is_attached_is_filed(world: World) -> None:
    drive = await planned(world, water=LONG)
    await list_all(drive, "water", PAPER, "交通组织方案")
    await attach(world, drive.id, PAPER)
    row, staff = await of(drive, "water"), await clerk(drive, "water")
    body = joint.Filing(documents=(PAPER, "交通组织方案"), restoration_promised=True)
    assert await faults(
        world, staff, lambda unit: joint.file_papers(unit, row.id, body, expect=None)
    ) == {"documents.交通组织方案": "not_attached"}
    less = joint.Filing(documents=(PAPER,), restoration_promised=False)
    assert await faults(
        world, staff, lambda unit: joint.file_papers(unit, row.id, less, expect=None)
    ) == {"documents.交通组织方案": "document_missing", "restoration_promised": "must_agree"}
    await attach(world, drive.id, "交通组织方案")
    assert (await file(drive, "water", PAPER, "交通组织方案"))["permit"] == PermitState.DECIDING


async def test_an_objection_stays_on_record_and_the_next_round_begins_blank(
    world: World,
) -> None:
    drive = await planned(world, water=LONG)
    first = await objected(drive, "water", "route_conflict", "traffic_unsafe")
    row = await of(drive, "water")
    signed = await Event.filter(request_id=row.id, name="sign_opinion").order_by("id").first()
    assert signed is not None
    assert signed.data == {
        "verdict": "objected",
        "department": first.department,
        "codes": ["route_conflict", "traffic_unsafe"],
        "round": 1,
    }
    assert (await last_event(drive, "permit_objected")).data == {"departments": [first.department]}

    await drive.draw(row)
    await drive.agree()
    await file(drive, "water", PAPER)
    again = await Opinion.get(id=first.id)
    assert (again.verdict, again.conditions, again.remark) == (None, [], "")
    assert (again.signed_at, again.signed_by, again.round) == (None, None, 2)
    others = await Opinion.filter(request_id=row.id).exclude(id=first.id)
    assert {o.verdict for o in others} == {Verdict.APPROVED.value}
    (clock,) = await open_clocks(drive, "joint_approval")
    assert clock.organization_id == first.organization_id

    await drive.sign(again, Verdict.CONDITIONAL, "night_work")
    assert (await last_event(drive, "sign_opinion")).data["round"] == 2
    assert (await of(drive, "water")).state is RequestState.PERMITTED


async def test_an_approver_of_two_departments_acts_for_each(world: World) -> None:
    drive = await planned(world, water=LONG)
    ident = (await of(drive, "water")).id
    opinions = await Opinion.filter(request_id=ident).order_by("id")
    one, two = [await world.approver("zhoukou", o.organization_id) for o in opinions[:2]]
    both = Actor(person=one.person, memberships=one.memberships + two.memberships)
    body = joint.DocumentList(documents=(PAPER,))
    for opinion in opinions[:2]:
        assert "list_documents" in await allowed_on(drive, "water", both)
        await world.act(both, lambda unit: joint.list_documents(unit, ident, body, expect=None))
        found = await last_event(drive, "list_documents")
        assert (found.role, found.organization_id) == (Role.APPROVER, opinion.organization_id)
        assert not await open_clocks(
            drive, "document_list", organization_id=opinion.organization_id
        )
    third = await refused(
        world, both, lambda unit: joint.list_documents(unit, ident, body, expect=None)
    )
    assert (third.code, third.data["guard"]) == (Code.GUARD_FAILED, "list_open")

    await list_all(drive, "water", PAPER)
    await attach(world, drive.id, PAPER)
    await file(drive, "water", PAPER)
    yes = joint.OpinionInput(verdict=Verdict.APPROVED)
    for opinion in opinions[:2]:
        assert "sign_opinion" in await allowed_on(drive, "water", both)
        await world.act(both, lambda unit: joint.sign_opinion(unit, ident, yes, expect=None))
        found = await last_event(drive, "sign_opinion")
        assert (found.organization_id, found.data["department"]) == (
            opinion.organization_id,
            opinion.department,
        )
    assert "sign_opinion" not in await allowed_on(drive, "water", both)


async def test_a_department_is_told_nothing_in_a_clerks_own_words(world: World) -> None:
    drive = await planned(world, water=SHORT)
    row = await of(drive, "water")
    body = joint.Overrule(reason="见张样 13900001234 来电")
    await world.act(
        await clerk(drive, "water"),
        lambda unit: joint.choose_joint(unit, row.id, body, expect=None),
    )
    assert (await last_event(drive, "choose_joint")).data == {}
    kept = (await of(drive, "water")).permit["reasons"][0]
    assert kept["code"] == "overruled"
    assert "张样" in kept["text"]
