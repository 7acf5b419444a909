"""A crew's day on a phone: in order, with what to know, and no more than that."""

from datetime import date
from typing import Any
from uuid import UUID

from models import AuditEntry, Crew, Survey, SurveyVisit, UtilityRequest
from rules.actors import Actor, OrgKind
from rules.states import SurveyState, VisitState
from tests.workflow.steps import TWO, accepted, at
from tests.workflow.surveys.roster import CITY, Json, booked, entered, keeper, organization
from tests.workflow.world import World
from workflow.surveys import crews, day, members

TUESDAY = at(3, 17, 9)


async def manned(world: World, code: str = "water", name: str = "一班", **more: Any) -> Json:
    """A crew with the one crew person of the utility in it."""
    crew = await entered(world, code, name, **more)
    person = await world.crew(CITY, (await organization(code)).id)
    body = members.Members(members=(person.memberships[0].id,))
    return await world.act(
        await keeper(world, code),
        lambda unit: members.set_members(unit, UUID(crew["id"]), body, expect=crew["version"]),
    )


async def seen(world: World, actor: Actor, on: date | None = None) -> list[Json]:
    body = await world.act(actor, lambda unit: day.day(unit, day.DayQuery(date=on)))
    items: list[Json] = body["items"]
    return items


async def crew_person(world: World, code: str = "water") -> Actor:
    return await world.crew(CITY, (await organization(code)).id)


async def test_a_stop_tells_what_the_crew_needs(world: World) -> None:
    drive = await accepted(world)
    water, power = await manned(world), await entered(world, "electricity", "电一班")
    visit = await booked(drive, water, TUESDAY)
    await booked(drive, power, TUESDAY)
    actor = await crew_person(world)
    world.clock.set(at(3, 17, 8))
    [stop] = await seen(world, actor)
    requests = {r.utility: r for r in await drive.requests()}
    assert (stop["visit"], stop["request"]) == (str(visit.id), str(requests["water"].id))
    assert stop["application"] == str(drive.id)
    assert stop["at"] == "2026-03-17T09:00:00+08:00"
    assert stop["address"] == "川汇区庆丰路 12 号"
    assert stop["point"] == {"lat": 33.62, "lng": 114.65, "system": "gcj02", "exact": False}
    assert stop["contact"] == {"name": "李样", "phone": "13800001234", "masked": False}
    assert stop["coming"] == [
        {
            "organization_name": (await organization("electricity")).name,
            "crew_name": "电一班",
            "state": "confirmed",
            "state_label": "已确认到场",
        }
    ]
    needs = {need["utility"]: need for need in stop["needs"]}
    assert set(needs) == set(TWO["utilities"])
    amount = needs["water"]["fields"][-1]
    assert (amount["key"], amount["text"][:2]) == ("water.daily_amount", "30")
    assert needs["electricity"]["fields"] == [], "another utility's part of the form"
    assert needs["electricity"]["kind_label"]
    assert stop["way"]["from"] == "base"
    assert stop["allowed"] == ["confirm", "decline", "propose"]
    assert (await AuditEntry.filter(action="read_day").get()).person_id == actor.person


async def test_whom_to_meet_is_masked_until_the_day_and_after_the_visit(world: World) -> None:
    drive = await accepted(world)
    visit = await booked(drive, await manned(world), TUESDAY)
    actor = await crew_person(world)
    [stop] = await seen(world, actor, TUESDAY.date())
    hidden = {"name": "李**", "phone": "138****1234", "masked": True}
    assert stop["contact"] == hidden
    world.clock.set(at(3, 17, 0))
    [stop] = await seen(world, actor)
    assert stop["contact"]["phone"] == "13800001234"
    await SurveyVisit.filter(id=visit.id).update(state=VisitState.DONE)
    [stop] = await seen(world, actor)
    assert stop["contact"] == hidden
    assert stop["allowed"] == []
    world.clock.set(at(3, 18, 8))
    assert await seen(world, actor) == []
    [stop] = await seen(world, actor, TUESDAY.date())
    assert stop["contact"] == hidden


async def test_the_day_is_in_order_with_the_way_from_the_stop_before(world: World) -> None:
    first, second = await accepted(world), await accepted(world)
    crew = await manned(world, lanes=2)
    later = await booked(first, crew, at(3, 17, 15))
    await SurveyVisit.filter(id=later.id).update(lon=114.75, lat=33.62)
    await booked(second, crew, TUESDAY)
    stops = await seen(world, await crew_person(world), TUESDAY.date())
    assert [stop["application"] for stop in stops] == [str(second.id), str(first.id)]
    assert [stop["way"]["from"] for stop in stops] == ["base", "visit"]
    assert 15 <= stops[1]["way"]["minutes"] <= 25, "some nine kilometres at thirty an hour"
    await SurveyVisit.filter(id=later.id).update(lane=later.lane + 1)
    stops = await seen(world, await crew_person(world), TUESDAY.date())
    assert [stop["way"]["from"] for stop in stops] == ["base", "base"]


async def test_only_ones_own_crews_and_what_is_agreed(world: World) -> None:
    drive = await accepted(world)
    crew = await manned(world)
    visit = await booked(drive, crew, TUESDAY)
    day_of = TUESDAY.date()
    assert await seen(world, await crew_person(world, "electricity"), at(3, 20).date()) == []
    gas = await manned(world, "gas")
    assert gas["members"] == 1
    assert await seen(world, await crew_person(world, "gas"), day_of) == []
    for state in (SurveyState.HELD, SurveyState.OFFERED, SurveyState.CANCELLED):
        await Survey.filter(id=visit.survey_id).update(state=state)
        assert await seen(world, await crew_person(world), day_of) == []
    await Survey.filter(id=visit.survey_id).update(state=SurveyState.CONFIRMED)
    await SurveyVisit.filter(id=visit.id).update(active=False, state=VisitState.DECLINED)
    assert await seen(world, await crew_person(world), day_of) == []
    other = await Crew.get(id=gas["id"])
    assert other.active


async def test_an_organisation_without_crews_sees_what_it_must_come_to(world: World) -> None:
    drive = await accepted(world)
    await booked(drive, await manned(world), TUESDAY)
    actor = await crew_person(world, "electricity")
    [stop] = await seen(world, actor, TUESDAY.date())
    request = await UtilityRequest.get(application_id=drive.id, utility="electricity")
    assert (stop["visit"], stop["crew_name"], stop["way"]) == (None, None, None)
    assert stop["request"] == str(request.id)
    assert [each["crew_name"] for each in stop["coming"]] == ["一班"]


async def test_inspectors_have_a_day_too(world: World) -> None:
    drive = await accepted(world)
    org = await organization("chengguan", kind=OrgKind.DEPARTMENT)
    actor = await world.approver(CITY, org.id)
    new = crews.NewCrew(organization=org.id, name="巡查组", town="chuanhui")
    crew = await world.act(actor, lambda unit: crews.create(unit, new))
    body = members.Members(members=(actor.memberships[0].id,))
    await world.act(actor, lambda unit: members.set_members(unit, UUID(crew["id"]), body, expect=1))
    await booked(drive, crew, TUESDAY)
    world.clock.set(at(3, 17, 8))
    [stop] = await seen(world, actor)
    assert (stop["request"], stop["crew_name"]) == (None, "巡查组")
    assert all(need["fields"] == [] for need in stop["needs"])
