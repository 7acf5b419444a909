"""The joint visit: over when nothing is left to survey, given back when nobody has gone."""

from models import Deadline, Survey
from rules.states import Stage, SurveyState
from tests.workflow.drive import Drive
from tests.workflow.steps import accepted, at, decline, give_up, of, open_clocks
from tests.workflow.world import World
from workflow.cases import application


async def appointments(drive: Drive) -> list[tuple[SurveyState, str]]:
    """Every appointment, with why it was given back."""
    rows = await Survey.filter(application_id=drive.id).order_by("created_at", "id")
    return [(row.state, row.reason) for row in rows]


async def test_it_is_done_with_the_last_findings(world: World) -> None:
    drive = await accepted(world)
    world.clock.set(at(3, 18, 10))
    await drive.find(await of(drive, "water"))
    assert await appointments(drive) == [(SurveyState.CONFIRMED, "")]
    assert await open_clocks(drive, "survey")
    await drive.find(await of(drive, "electricity"))
    assert await appointments(drive) == [(SurveyState.DONE, "")]
    clock = await Deadline.get(application_id=drive.id, step="survey")
    assert clock.closed_at == world.clock.at


async def test_it_is_done_when_the_one_not_yet_surveyed_leaves(world: World) -> None:
    for leave in (decline, give_up):
        world.clock.set(at(3, 16))
        drive = await accepted(world)
        world.clock.set(at(3, 18, 10))
        await drive.find(await of(drive, "water"))
        await leave(drive, "electricity")
        assert await appointments(drive) == [(SurveyState.DONE, "")]
        assert not await open_clocks(drive, "survey")
        assert (await drive.app()).stage is Stage.PLANNING


async def test_it_is_given_back_when_all_leave_before_it(world: World) -> None:
    for leave, end in ((decline, Stage.REJECTED), (give_up, Stage.WITHDRAWN)):
        drive = await accepted(world)
        for utility in ("water", "electricity"):
            await leave(drive, utility)
        assert await appointments(drive) == [(SurveyState.CANCELLED, "nothing_to_survey")]
        assert not await Deadline.filter(application_id=drive.id, closed_at=None).exists()
        assert (await drive.app()).stage is end


async def test_it_is_given_back_with_the_whole_case(world: World) -> None:
    drive = await accepted(world)
    body = application.Withdrawal()
    await world.act(
        drive.owner, lambda unit: application.withdraw(unit, drive.id, body, expect=None)
    )
    assert await appointments(drive) == [(SurveyState.CANCELLED, "withdrawn")]
    assert not await Deadline.filter(application_id=drive.id, closed_at=None).exists()
