"""A day the city no longer works: what is agreed on it is listed, or given up and told."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from models import CalendarDay, InboxMessage, OutboxRow, Survey, SurveyVisit
from rules.actors import Actor
from rules.errors import Code, DomainError
from rules.states import Ender, Stage, SurveyState, VisitState
from tests.workflow.drive import Drive
from tests.workflow.steps import accepted, at
from tests.workflow.surveys.roster import Json, administrator, booked, entered
from tests.workflow.world import World
from workflow.background import calendar_days

TUESDAY = date(2026, 3, 17)


async def set_off(
    world: World, admin: Actor, *, working: bool = False, accept: bool = False
) -> Json:
    body = calendar_days.SetDay(city="zhoukou", day=TUESDAY, working=working, accept=accept)
    return await world.act(admin, lambda unit: calendar_days.set_day(unit, body))


async def broken(awaited: Any) -> list[Json]:
    with pytest.raises(DomainError) as refusal:
        await awaited
    assert refusal.value.code is Code.VISITS_BROKEN
    found: list[Json] = refusal.value.data["visits"]
    return found


async def agreed(world: World) -> Drive:
    """A case whose survey is on Tuesday at nine, with a crew of the water."""
    drive = await accepted(world)
    await booked(drive, await entered(world), at(3, 17, 9))
    return drive


async def test_what_a_day_off_breaks_is_listed_and_nothing_changed(world: World) -> None:
    drive, admin = await agreed(world), await administrator(world)
    [one] = await broken(set_off(world, admin))
    assert one["application"] == str(drive.id)
    assert one["at"] == "2026-03-17T09:00:00+08:00"
    assert one["times"][0]["at"] == "2026-03-18T08:30:00+08:00", "no time on the day itself"
    assert not await CalendarDay.exists()
    survey = await Survey.get(application_id=drive.id)
    assert survey.state is SurveyState.CONFIRMED
    assert not await InboxMessage.filter(code="lose_visit").exists()
    assert not await OutboxRow.filter(topic=calendar_days.TOPIC).exists()


async def test_accepted_the_applicant_is_told_and_the_crew_is_free(world: World) -> None:
    drive, admin = await agreed(world), await administrator(world)
    done = await set_off(world, admin, accept=True)
    assert [each["outcome"] for each in done["visits"]] == ["declined"]
    survey = await Survey.get(application_id=drive.id)
    assert (survey.state, survey.ended_by, survey.reason) == (
        SurveyState.CANCELLED,
        Ender.SYSTEM,
        "day_off",
    )
    visit = await SurveyVisit.get(survey_id=survey.id)
    assert (visit.active, visit.state) == (False, VisitState.ENDED)
    told = await InboxMessage.get(code="lose_visit", person_id=drive.owner.person)
    assert told.params["times"][0] == "2026-03-18T08:30:00+08:00"
    assert (await drive.app()).stage is Stage.ACCEPTED
    assert (await CalendarDay.get()).working is False
    assert (await set_off(world, admin))["visits"] == []


async def test_a_day_that_is_worked_breaks_nothing(world: World) -> None:
    await agreed(world)
    admin = await administrator(world)
    assert (await set_off(world, admin, working=True))["visits"] == []
    cleared = calendar_days.Day(city="zhoukou", day=TUESDAY)
    done = await world.act(admin, lambda unit: calendar_days.clear_day(unit, cleared))
    assert done["visits"] == []


async def test_clearing_a_day_that_was_worked_in_exchange(world: World) -> None:
    """Saturday was set as worked; as published it is off."""
    drive, admin = await agreed(world), await administrator(world)
    saturday = date(2026, 3, 21)
    given = calendar_days.SetDay(city="zhoukou", day=saturday, working=True)
    await world.act(admin, lambda unit: calendar_days.set_day(unit, given))
    survey = await Survey.get(application_id=drive.id)
    length = survey.ends_at - survey.at
    await Survey.filter(id=survey.id).update(at=at(3, 21, 9), ends_at=at(3, 21, 9) + length)
    cleared = calendar_days.Day(city="zhoukou", day=saturday)
    listed = await broken(world.act(admin, lambda unit: calendar_days.clear_day(unit, cleared)))
    assert [UUID(each["application"]) for each in listed] == [drive.id]
    accepting = calendar_days.Day(city="zhoukou", day=saturday, accept=True)
    done = await world.act(admin, lambda unit: calendar_days.clear_day(unit, accepting))
    assert len(done["visits"]) == 1


async def test_another_citys_day_is_no_matter(world: World) -> None:
    await agreed(world)
    body = calendar_days.SetDay(city="daye", day=TUESDAY, working=False)
    admin = await administrator(world, "daye")
    done = await world.act(admin, lambda unit: calendar_days.set_day(unit, body))
    assert done["visits"] == []
