"""Times of visits and works: after the step before, not in the future, counted from then on."""

from datetime import datetime, timedelta
from decimal import Decimal

from tests.workflow.drive import Drive
from tests.workflow.steps import (
    SHORT,
    accepted,
    at,
    commit,
    crew,
    faults,
    last_event,
    of,
    planned,
    the_clock,
)
from tests.workflow.world import World
from workflow.cases import site_visit, works


async def visit(drive: Drive, when: datetime) -> dict[str, str]:
    """The faults of findings said to have been made then."""
    row = await of(drive, "water")
    body = site_visit.Findings(
        visited_at=when,
        segments=(site_visit.FoundSegment(line_m=Decimal(120)),),
        access_point="庆丰路 12 号门前",
    )
    return await faults(
        drive.world,
        await crew(drive, "water"),
        lambda unit: site_visit.record_findings(unit, row.id, body, expect=None),
    )


async def test_a_visit_lies_between_its_appointment_and_now(world: World) -> None:
    drive = await accepted(world)  # appointed for Wednesday at nine
    world.clock.set(at(3, 18, 10))
    assert await visit(drive, at(3, 13)) == {"visited_at": "before_acceptance"}
    assert await visit(drive, at(3, 17, 17)) == {"visited_at": "before_appointment"}
    assert await visit(drive, at(3, 18, 10, 1)) == {"visited_at": "time_future"}


async def test_the_plan_is_due_from_the_visit_on_however_late_it_is_entered(world: World) -> None:
    drive = await accepted(world)
    world.clock.set(at(3, 23, 10))
    row = await of(drive, "water")
    body = site_visit.Findings(
        visited_at=at(3, 18, 8, 40),  # earlier that day than agreed
        segments=(site_visit.FoundSegment(line_m=Decimal(120)),),
        access_point="庆丰路 12 号门前",
    )
    await world.act(
        await crew(drive, "water"),
        lambda unit: site_visit.record_findings(unit, row.id, body, expect=None),
    )
    clock = await the_clock(drive, "plan")
    assert (clock.opened_at, clock.due_at) == (at(3, 18, 8, 40), at(3, 19, 17, 30))
    event = await last_event(drive, "record_findings")
    assert (event.happened_at, event.entered_at) == (at(3, 18, 8, 40), at(3, 23, 10))


async def test_works_begin_after_the_survey(world: World) -> None:
    drive = await planned(world, water=SHORT)
    await commit(drive, "water")
    row, now = await of(drive, "water"), world.clock.now()
    for when, wrong in (
        (now - timedelta(days=400), "before_survey"),
        (now + timedelta(minutes=1), "time_future"),
    ):
        body = works.Start(
            started_at=when,
            builder="样例工程队",
            ends_on=now.date() + timedelta(days=1),
            briefed=True,
        )
        assert await faults(
            world,
            await crew(drive, "water"),
            lambda unit, body=body: works.start_works(unit, row.id, body, expect=None),  # type: ignore[misc]
        ) == {"started_at": wrong}
