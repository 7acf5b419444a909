"""A provider's queue while the joint survey, whose clock is of the whole case, is ahead."""

from datetime import timedelta

from models import Deadline, UtilityRequest
from tests.workflow.drive import Drive
from tests.workflow.forms import ZHOUKOU
from tests.workflow.test_reads_queue import CITY, numbers, page
from tests.workflow.world import World
from workflow.encoding import shown


async def test_until_surveyed_a_request_waits_for_the_joint_survey(world: World) -> None:
    late = await Drive.drafted(world, CITY, ZHOUKOU)
    await late.submit()
    early = await Drive.drafted(world, CITY, ZHOUKOU)
    await early.submit()
    await early.accept()  # the second submitted is the first accepted, and the first due
    world.clock.forward(days=1)
    await late.accept()
    [water, *_] = [r for r in await early.requests() if r.utility == "water"]
    clerk = await world.clerk(CITY, water.organization_id)
    crew = await world.crew(CITY, water.organization_id)
    first, second = "2026（000002）号", "2026（000001）号"
    clock = await Deadline.get(application_id=early.id, step="survey")
    for actor in (clerk, crew):
        items = (await page(world, actor))["items"]
        assert [item["application"]["number"] for item in items] == [first, second]
        assert [(item["step"], item["light"]) for item in items] == [("survey", "normal")] * 2
        assert items[0]["due_at"] == shown(clock.due_at)
    after = (await page(world, clerk, limit=1))["next"]
    assert await numbers(world, clerk, limit=1, after=after) == [second]
    assert await numbers(world, clerk, due_before=clock.due_at) == []
    just_after = clock.due_at + timedelta(seconds=1)
    assert await numbers(world, clerk, due_before=just_after) == [first]
    assert clock.yellow_at is not None
    world.clock.set(clock.yellow_at)
    assert await numbers(world, crew, light="yellow") == [first]
    assert await numbers(world, crew, light="normal") == [second]
    world.clock.set(just_after)
    assert await numbers(world, crew, light="red") == [first]

    await early.find(water)  # surveyed: the survey of the others is no business of its own
    other = await UtilityRequest.filter(application_id=early.id, state="pending").first()
    assert other is not None
    assert other.due_at == clock.due_at
    assert await numbers(world, clerk, light="red") == []
    [done] = (await page(world, clerk, state="surveyed"))["items"]
    assert done["step"] != "survey"
