"""A change that breaks booked visits lists them with other times; accepted, they are re-planned."""

import asyncio
from typing import Any
from uuid import UUID

import pytest

from models import Crew, CrewAbsence, Event, InboxMessage, Survey, SurveyVisit
from rules.errors import Code, DomainError
from rules.states import Ender, SurveyState, VisitState
from tests.workflow.drive import Drive
from tests.workflow.steps import accepted, at
from tests.workflow.surveys.roster import Json, booked, entered, keeper, visits, week
from tests.workflow.world import World
from workflow.cases.case import Case
from workflow.cases.settling import settle
from workflow.surveys import absences, crews
from workflow.unit import Answer, Unit

TUESDAY = at(3, 17, 9)


async def case(world: World) -> Drive:
    """An accepted case; its crews come only by what a test books."""
    return await accepted(world)


async def change(world: World, crew: Json, **values: Any) -> Json:
    body = crews.CrewChange(**values)
    version = (await Crew.get(id=crew["id"])).version
    return await world.act(
        await keeper(world, "water"),
        lambda unit: crews.change(unit, UUID(crew["id"]), body, expect=version),
    )


async def away(world: World, crew: Json, **values: Any) -> Json:
    told: Json = {"starts_at": at(3, 17, 8), "ends_at": at(3, 17, 12), "reason": "检修"} | values
    body = absences.AbsenceInput(**told)
    version = (await Crew.get(id=crew["id"])).version
    return await world.act(
        await keeper(world, "water"),
        lambda unit: absences.add(unit, UUID(crew["id"]), body, expect=version),
    )


async def broken(awaited: Any) -> list[Json]:
    """The visits a refused change would break."""
    with pytest.raises(DomainError) as refusal:
        await awaited
    assert refusal.value.code is Code.VISITS_BROKEN
    found: list[Json] = refusal.value.data["visits"]
    return found


async def test_what_an_absence_breaks_is_listed_and_nothing_changed(world: World) -> None:
    drive = await case(world)
    crew = await entered(world)
    visit = await booked(drive, crew, TUESDAY)
    listed = await broken(away(world, crew))
    number = (await drive.app()).sequence
    assert number is not None
    [one] = listed
    assert one["id"] == str(visit.id)
    assert one["application"] == str(drive.id)
    assert f"{number:06d}" in one["number"]
    assert (one["at"], one["ends_at"]) == (
        "2026-03-17T09:00:00+08:00",
        "2026-03-17T10:00:00+08:00",
    )
    assert len(one["who"]) == 1
    first = [each["at"] for each in one["times"]]
    assert first[0] == "2026-03-17T14:30:00+08:00", "as soon as the crew is back"
    assert len(first) == 5
    assert not await CrewAbsence.exists()
    assert await visits(drive) == [(UUID(crew["id"]), True, VisitState.CONFIRMED)]
    assert (await Crew.get(id=crew["id"])).version == crew["version"]


async def test_each_kind_of_change_breaks_what_it_must(world: World) -> None:
    drive = await case(world)
    crew = await entered(world, lanes=2)
    actor = await keeper(world, "water")
    await booked(drive, crew, TUESDAY, lane=1)
    assert len(await broken(change(world, crew, lanes=1))) == 1
    assert len(await broken(change(world, crew, active=False))) == 1
    assert len(await broken(week(world, actor, crew, (("09:01", "12:00"),)))) == 1
    assert len(await broken(away(world, crew, lane=2))) == 1
    crew = await change(world, crew, name="二班", town="huaiyang", lanes=3)
    crew = await week(world, actor, crew, (("09:00", "10:00"),))
    await away(world, crew, lane=1)
    after = await away(world, crew, starts_at=at(3, 17, 10), ends_at=at(3, 20))
    assert after["visits"] == []
    assert [state for *_, state in await visits(drive)] == [VisitState.CONFIRMED]


async def test_what_was_broken_before_and_what_is_over_is_no_matter(world: World) -> None:
    drive, other, past = await case(world), await case(world), await case(world)
    crew = await entered(world)
    await booked(drive, crew, at(3, 17, 13))  # by the word of the crew, outside its shift
    ended = await booked(other, crew, at(3, 17, 15))
    await Survey.filter(id=ended.survey_id).update(state=SurveyState.HELD, held_until=at(3, 16, 8))
    done = await booked(past, crew, at(3, 17, 16, 30))
    await SurveyVisit.filter(id=done.id).update(state=VisitState.ARRIVED)
    assert (await change(world, crew, active=False))["visits"] == []


async def test_another_crew_comes_at_the_same_time(world: World) -> None:
    drive = await case(world)
    crew, second = await entered(world), await entered(world, name="二班")
    old = await booked(drive, crew, TUESDAY)
    done = await away(world, crew, accept=True)
    [one] = done["visits"]
    assert (one["outcome"], one["crew_name"], one["times"]) == ("moved", "二班", [])
    assert await visits(drive) == [
        (UUID(crew["id"]), False, VisitState.ENDED),
        (UUID(second["id"]), True, VisitState.PLANNED),
    ]
    new = await SurveyVisit.get(crew_id=second["id"])
    assert (new.at, new.ends_at, new.request_id) == (old.at, old.ends_at, old.request_id)
    event = await Event.get(application_id=drive.id, name="replan_visit")
    assert event.person_id is None
    told = await InboxMessage.filter(code="replan_visit")
    owner = [row for row in told if row.person_id == drive.owner.person]
    clerk = (await keeper(world, "water")).person
    assert len(owner) == 1
    assert clerk in {row.person_id for row in told}


async def test_a_visit_nobody_can_take_is_declined_and_the_applicant_told(world: World) -> None:
    drive, other = await case(world), await case(world)
    crew, second = await entered(world), await entered(world, name="二班")
    await booked(other, second, at(3, 17, 9, 30))
    await booked(drive, crew, TUESDAY)
    done = await change(world, crew, active=False, accept=True)
    [one] = done["visits"]
    assert (one["outcome"], one["crew_name"]) == ("declined", None)
    assert len(one["times"]) == 5
    assert await visits(drive) == [(UUID(crew["id"]), False, VisitState.DECLINED)]
    told = await InboxMessage.get(code="lose_visit", person_id=drive.owner.person)
    assert told.params["times"] == [each["at"] for each in one["times"]]
    survey = await Survey.get(application_id=drive.id)
    assert survey.state is SurveyState.CONFIRMED
    again = await change(world, crew, active=True)
    assert again["visits"] == []


async def test_an_offered_time_is_given_up_with_its_crew(world: World) -> None:
    drive = await case(world)
    crew = await entered(world)
    visit = await booked(drive, crew, TUESDAY)
    until = at(3, 16, 12)
    await Survey.filter(id=visit.survey_id).update(
        state=SurveyState.OFFERED, held_until=until, reason="earlier"
    )
    done = await change(world, crew, active=False, accept=True)
    assert [each["outcome"] for each in done["visits"]] == ["declined"]
    survey = await Survey.get(id=visit.survey_id)
    assert (survey.state, survey.ended_by) == (SurveyState.CANCELLED, Ender.SYSTEM)
    assert not await SurveyVisit.filter(survey_id=survey.id, active=True).exists()


async def test_two_broken_visits_are_not_put_on_one_lane(world: World) -> None:
    first, second = await case(world), await case(world)
    crew = await entered(world, lanes=2)
    spare = await entered(world, name="二班")
    await booked(first, crew, TUESDAY)
    await booked(second, crew, TUESDAY, lane=1)
    done = await change(world, crew, active=False, accept=True)
    assert sorted(each["outcome"] for each in done["visits"]) == ["declined", "moved"]
    assert await SurveyVisit.filter(crew_id=spare["id"], active=True).count() == 1


async def test_a_booking_and_a_change_at_once_never_deadlock(world: World) -> None:
    """Cases are locked before crews by both; the change is tried again when more cases turn up."""
    drives = [await case(world) for _ in range(4)]
    crew = await entered(world, lanes=4)
    spare = await entered(world, name="二班", lanes=2)
    for lane, drive in enumerate(drives):
        await booked(drive, crew, TUESDAY, lane=lane)

    async def touch(drive: Drive) -> None:
        await world.act(await world.window(drive.city), lambda unit: _touched(unit, drive))

    touching = [asyncio.create_task(touch(drive)) for drive in drives * 3]
    done = await change(world, crew, active=False, accept=True)
    await asyncio.gather(*touching)
    assert sorted(each["outcome"] for each in done["visits"]) == [
        "declined",
        "declined",
        "moved",
        "moved",
    ]
    assert await SurveyVisit.filter(crew_id=spare["id"], active=True).count() == 2


async def _touched(unit: Unit, drive: Drive) -> Answer:
    await settle(await Case.open(unit, drive.id))
    return Answer({})
