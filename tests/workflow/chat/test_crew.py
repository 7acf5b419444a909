"""A crew in the chat: where it is expected, that it has come, that it is done."""

from functools import partial
from uuid import UUID

from models import Event, InboxMessage, UtilityRequest
from rules.actors import Actor
from rules.errors import Code
from tests.workflow.drive import Drive
from tests.workflow.steps import (
    INSIDE,
    SHORT,
    TWO,
    accepted,
    agree_time,
    allowed_on,
    at,
    clerk,
    commit,
    crew,
    of,
    planned,
    refused,
    surveyed,
)
from tests.workflow.world import World
from workflow.cases import site_visit, works
from workflow.chat import crew as use_case
from workflow.reading.progress import progress
from workflow.unit import Answer, Unit


async def expected(world: World, actor: Actor, city: str = "zhoukou") -> list[dict[str, object]]:
    """What waits for a crew."""

    async def act(unit: Unit) -> Answer:
        return Answer(await use_case.visits(unit, city))

    return list((await world.act(actor, act))["items"])


async def arrives(world: World, actor: Actor, request: UUID) -> dict[str, object]:
    """A crew says that it has come."""
    return await world.act(actor, lambda unit: use_case.arrived(unit, request))


async def finishes(world: World, actor: Actor, request: UUID) -> dict[str, object]:
    """A crew says that it is done."""
    return await world.act(actor, lambda unit: use_case.finished(unit, request))


async def starts(drive: Drive, team: Actor, request: UUID) -> None:
    """A crew begins to dig."""
    now = drive.world.clock.now()
    ends = at(4, 1).date()
    body = works.Start(started_at=now, builder="样例工程队", ends_on=ends, briefed=True)
    await drive.world.act(team, lambda unit: works.start_works(unit, request, body, expect=None))


async def building(world: World) -> Drive:
    """Water's works have begun; no road is dug up for electricity."""
    drive = await planned(world, water=SHORT, electricity={"line_m": 80})
    await commit(drive, "water")
    for utility in ("water", "electricity"):
        row = await of(drive, utility)
        if row.permit_state not in ("granted", "not_needed"):
            continue
        await starts(drive, await crew(drive, utility), row.id)
    return drive


async def test_a_crew_sees_where_it_is_expected_soonest_first(world: World) -> None:
    first = await accepted(world)
    sooner = TWO | {"survey.time": "2026-03-17T15:00+08:00"}
    second = await Drive.drafted(world, "zhoukou", sooner)
    await second.submit()
    await second.accept()
    items = await expected(world, await crew(first, "water"))
    assert [each["application"] for each in items] == [str(second.id), str(first.id)]
    item = items[0]
    assert (item["task"], item["utility"], item["at"]) == (
        "survey",
        "water",
        "2026-03-17T15:00:00+08:00",
    )
    assert item["address"] == "川汇区庆丰路 12 号"
    assert item["number"] == "2026（000002）号"
    assert item["arrived_at"] is None
    assert not set(item) & {"contact", "phone"}


async def test_others_see_nothing_of_it(world: World) -> None:
    drive = await accepted(world)
    electricity = await expected(world, await crew(drive, "electricity"))
    assert {each["utility"] for each in electricity} == {"electricity"}
    for actor in (drive.owner, await clerk(drive, "water")):
        refusal = await refused(world, actor, lambda unit: _visits(unit))
        assert refusal.code is Code.FORBIDDEN


async def _visits(unit: Unit) -> Answer:
    return Answer(await use_case.visits(unit, "zhoukou"))


async def test_arriving_is_an_event_the_applicant_hears_of(world: World) -> None:
    drive = await accepted(world)
    world.clock.set(at(3, 18, 9, 5))
    row, team = await of(drive, "water"), await crew(drive, "water")
    told = await arrives(world, team, row.id)
    assert told["version"] == row.version + 1
    assert (await of(drive, "water")).arrived_at == world.clock.now()
    event = await Event.get(name="check_in")
    assert (event.request_id, event.person_id) == (row.id, team.person)
    assert event.organization_id == row.organization_id
    notice = await InboxMessage.get(code="check_in")
    assert notice.person_id == drive.owner.person
    seen = await progress(world.services, drive.owner, drive.id, world.clock.now())
    last = seen.body["timeline"][-1]
    assert (last["event"], last["text"]) == ("check_in", "用水工作人员已到现场")
    assert last["at"] == "2026-03-18T09:05:00+08:00"


async def test_arriving_twice_a_day_is_told_once(world: World) -> None:
    drive = await accepted(world)
    world.clock.set(at(3, 18, 9))
    row, team = await of(drive, "water"), await crew(drive, "water")
    first = await arrives(world, team, row.id)
    world.clock.forward(minutes=5)
    assert (await arrives(world, team, row.id))["version"] == first["version"]
    world.clock.set(at(3, 19, 9))
    assert (await arrives(world, team, row.id))["version"] != first["version"]
    assert await Event.filter(name="check_in").count() == 2


async def test_nobody_arrives_where_nothing_is_agreed(world: World) -> None:
    drive = await accepted(world, water=INSIDE)
    row, team = await of(drive, "water"), await crew(drive, "water")
    refusal = await refused(world, team, lambda unit: use_case.arrived(unit, row.id))
    assert (refusal.code, refusal.data["guard"]) == (Code.GUARD_FAILED, "visit_due")
    await agree_time(drive, "water", at(3, 19, 15))
    (item,) = [each for each in await expected(world, team) if each["request"] == str(row.id)]
    assert (item["task"], item["at"]) == ("connect", "2026-03-19T15:00:00+08:00")
    await arrives(world, team, row.id)


async def test_only_the_requests_own_crew_arrives(world: World) -> None:
    drive = await accepted(world)
    row = await of(drive, "water")
    other = await crew(drive, "electricity")
    refusal = await refused(world, other, lambda unit: use_case.arrived(unit, row.id))
    assert refusal.code is Code.NOT_FOUND
    for actor in (drive.owner, await world.window("zhoukou")):
        refusal = await refused(world, actor, lambda unit: use_case.arrived(unit, row.id))
        assert refusal.code is Code.FORBIDDEN


async def test_an_arrival_is_neither_of_tomorrow_nor_from_before_acceptance(world: World) -> None:
    drive = await accepted(world)
    row, team = await of(drive, "water"), await crew(drive, "water")
    for when, code in ((at(3, 20), "time_future"), (at(3, 15), "before_acceptance")):
        act = partial(
            site_visit.check_in,
            request_id=row.id,
            body=site_visit.CheckIn(at=when),
            expect=None,
        )
        refusal = await refused(world, team, act)
        assert [fault.code for fault in refusal.faults] == [code]


async def test_what_one_came_for_is_over_with_the_next_state(world: World) -> None:
    drive = await accepted(world)
    world.clock.set(at(3, 18, 10))
    await arrives(world, await crew(drive, "water"), (await of(drive, "water")).id)
    await surveyed(world, drive)
    assert (await of(drive, "water")).arrived_at is None


async def test_a_survey_is_finished_with_its_findings_only(world: World) -> None:
    drive = await accepted(world)
    row, team = await of(drive, "water"), await crew(drive, "water")
    refusal = await refused(world, team, lambda unit: use_case.finished(unit, row.id))
    assert (refusal.code, refusal.data["guard"]) == (Code.GUARD_FAILED, "findings_needed")


async def test_works_are_finished_by_saying_so(world: World) -> None:
    drive = await building(world)
    row, team = await of(drive, "electricity"), await crew(drive, "electricity")
    assert "finish_works" in await allowed_on(drive, "electricity", team)
    world.clock.forward(hours=5)
    told = await finishes(world, team, row.id)
    assert told["state"] == "built"
    row = await UtilityRequest.get(id=row.id)
    assert row.works_finished_at == world.clock.now()


async def test_a_road_dug_up_asks_for_more_than_a_word(world: World) -> None:
    drive = await building(world)
    row, team = await of(drive, "water"), await crew(drive, "water")
    refusal = await refused(world, team, lambda unit: use_case.finished(unit, row.id))
    assert [(fault.field, fault.code) for fault in refusal.faults] == [
        ("road_restored", "must_agree")
    ]


async def test_a_connection_is_entered_with_its_figures(world: World) -> None:
    drive = await accepted(world, water=INSIDE)
    await agree_time(drive, "water", at(3, 19, 15))
    row, team = await of(drive, "water"), await crew(drive, "water")
    refusal = await refused(world, team, lambda unit: use_case.finished(unit, row.id))
    assert refusal.data["guard"] == "handover_needed"
