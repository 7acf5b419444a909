"""Crews entered, changed, looked at: by whom, with every fault at once, nothing lost to a race."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from models import AuditEntry, Crew, CrewAbsence, CrewMember, Membership
from rules.actors import Actor, OrgKind, Role
from rules.errors import Code, DomainError
from tests.workflow.steps import at
from tests.workflow.surveys.roster import (
    CITY,
    administrator,
    entered,
    keeper,
    organization,
    week,
)
from tests.workflow.world import World
from workflow.surveys import absences, crews, members, shifts


async def refused(awaited: Any) -> DomainError:
    with pytest.raises(DomainError) as refusal:
        await awaited
    return refusal.value


def faults(refusal: DomainError) -> list[tuple[str, str]]:
    assert refusal.code is Code.INVALID
    return [(fault.field, fault.code) for fault in refusal.faults]


async def make(world: World, actor: Actor, **values: Any) -> Any:
    body = crews.NewCrew(**values)
    return await world.act(actor, lambda unit: crews.create(unit, body))


async def test_a_crew_of_ones_own(world: World) -> None:
    crew = await entered(world, "water", "一班", lanes=2)
    assert crew["version"] == 2
    assert (crew["utility"], crew["town_label"], crew["lanes"]) == ("water", "川汇区", 2)
    assert len(crew["shifts"]) == 10
    assert crew["shifts"][0] == {"weekday": 1, "starts": "08:30", "ends": "12:00"}
    other = await entered(world, "gas", "一班")
    numbers = [row.number for row in await Crew.all().order_by("number")]
    assert len(set(numbers)) == 2
    assert other["organization"] != crew["organization"]


async def test_whose_crews_one_keeps(world: World) -> None:
    crew = UUID((await entered(world))["id"])
    water = await organization("water")
    inspectors = await organization("chengguan", kind=OrgKind.DEPARTMENT)
    approver = await world.approver(CITY, inspectors.id)
    made = await make(world, approver, organization=inspectors.id, name="巡查组", town="chuanhui")
    assert made["utility"] is None
    admin = await administrator(world)
    for org in (water, inspectors):
        made = await make(world, admin, organization=org.id, name="机动组", town="chuanhui")
        assert made["name"] == "机动组"
    off_desk = Actor(person=admin.person, memberships=admin.memberships)
    body = crews.CrewChange(name="新名")
    outsiders = {
        "gas": (await keeper(world, "gas"), Code.NOT_FOUND),
        "approver": (approver, Code.NOT_FOUND),
        "own crew": (await world.crew(CITY, water.id), Code.NOT_FOUND),
        "window": (await world.window(CITY), Code.NOT_FOUND),
        "other city": (await administrator(world, "daye"), Code.NOT_FOUND),
        "off the desk": (off_desk, Code.TOTP_NEEDED),
    }
    for name, (actor, code) in outsiders.items():
        refusal = await refused(
            world.act(actor, lambda unit: crews.change(unit, crew, body, expect=1))
        )
        assert refusal.code is code, name
        new = {"organization": water.id, "name": name, "town": "chuanhui"}
        assert (await refused(make(world, actor, **new))).code is code, name
    assert (await Crew.get(id=crew)).name == "一班"


async def test_who_looks_at_them(world: World) -> None:
    crew = UUID((await entered(world))["id"])
    await entered(world, "gas")
    query = crews.CrewQuery(city=CITY)
    water = await organization("water")
    seen = {
        "own clerk": (await keeper(world, "water"), 1),
        "own crew": (await world.crew(CITY, water.id), 1),
        "other clerk": (await keeper(world, "heat"), 0),
        "window": (await world.window(CITY), 2),
        "bureau": (await world.coordinator(CITY), 2),
        "administrator": (await administrator(world), 2),
    }
    for name, (actor, count) in seen.items():
        found = await world.act(actor, lambda unit: crews.listed(unit, query))
        assert len(found["items"]) == count, name
        if count:
            whole = await world.act(actor, lambda unit: crews.read(unit, crew))
            assert whole["id"] == str(crew)
        else:
            refusal = await refused(world.act(actor, lambda unit: crews.read(unit, crew)))
            assert refusal.code is Code.NOT_FOUND
    for actor in (await world.person("莫"), await administrator(world, "daye")):
        refusal = await refused(world.act(actor, lambda unit: crews.listed(unit, query)))
        assert refusal.code is Code.FORBIDDEN


async def test_the_list_is_narrowed_and_paged(world: World) -> None:
    for number in range(3):
        await entered(world, "water", f"水{number}班")
    await entered(world, "gas", "燃气班", town="xiangcheng")
    admin = await administrator(world)

    async def names(**asked: Any) -> list[str]:
        query = crews.CrewQuery(city=CITY, **asked)
        found = await world.act(admin, lambda unit: crews.listed(unit, query))
        return [each["name"] for each in found["items"]]

    assert await names() == ["水0班", "水1班", "水2班", "燃气班"]
    assert await names(utility="gas") == ["燃气班"]
    assert await names(town="xiangcheng") == ["燃气班"]
    assert await names(search="水1") == ["水1班"]
    assert await names(active=False) == []
    assert len(await names(organization=(await organization("water")).id)) == 3
    query = crews.CrewQuery(city=CITY, limit=3)
    first = await world.act(admin, lambda unit: crews.listed(unit, query))
    more = crews.CrewQuery(city=CITY, limit=3, after=first["next"])
    rest = await world.act(admin, lambda unit: crews.listed(unit, more))
    assert [each["name"] for each in rest["items"]] == ["燃气班"]
    assert rest["next"] is None


async def test_every_fault_at_once(world: World) -> None:
    await entered(world)
    admin = await administrator(world)
    water = await organization("water")
    far = crews.Point(lat=30.0, lng=120.0, system="gcj02")
    new = {"organization": water.id, "name": "一班", "town": "atlantis", "point": far}
    assert faults(await refused(make(world, admin, **new))) == [
        ("town", "not_town"),
        ("point", "point_outside"),
        ("name", "name_taken"),
    ]
    network = await organization("network")
    window = await organization("window", kind=OrgKind.WINDOW)
    for org in (network, window):
        new = {"organization": org.id, "name": "x", "town": "chuanhui"}
        assert faults(await refused(make(world, admin, **new))) == [
            ("organization", "no_crews_there")
        ]


async def test_a_point_is_kept_in_one_system(world: World) -> None:
    told = crews.Point(lat=33.62, lng=114.65, system="wgs84")
    crew = await entered(world, point=told)
    point = crew["point"]
    assert point["system"] == "gcj02"
    assert 0.001 < abs(point["lng"] - 114.65) < 0.01
    actor = await keeper(world, "water")
    body = crews.CrewChange(no_point=True)
    changed = await world.act(
        actor, lambda unit: crews.change(unit, UUID(crew["id"]), body, expect=crew["version"])
    )
    assert changed["point"] is None


async def test_a_stale_version_is_refused(world: World) -> None:
    crew = await entered(world)
    actor, ident = await keeper(world, "water"), UUID(crew["id"])
    body = crews.CrewChange(name="新名")
    nobody = members.Members(members=())
    empty = shifts.Week(shifts=())
    away = absences.AbsenceInput(starts_at=at(3, 18), ends_at=at(3, 19), reason="检修")
    for act in (
        lambda unit: crews.change(unit, ident, body, expect=1),
        lambda unit: members.set_members(unit, ident, nobody, expect=1),
        lambda unit: shifts.set_week(unit, ident, empty, expect=1),
        lambda unit: absences.add(unit, ident, away, expect=1),
        lambda unit: absences.remove(unit, ident, uuid4(), expect=1),
    ):
        refusal = await refused(world.act(actor, act))
        assert refusal.code is Code.VERSION_STALE
        assert refusal.data["version"] == 2


async def test_of_two_who_change_at_once_one_does(world: World) -> None:
    crew = await entered(world)
    actor, ident = await keeper(world, "water"), UUID(crew["id"])

    async def rename(name: str) -> str:
        body = crews.CrewChange(name=name)
        try:
            await world.act(
                actor, lambda unit: crews.change(unit, ident, body, expect=crew["version"])
            )
        except DomainError as refusal:
            return refusal.code
        return "done"

    outcomes = await asyncio.gather(*(rename(f"班{n}") for n in range(6)))
    assert sorted(outcomes) == ["done", *["version_stale"] * 5]
    assert (await Crew.get(id=ident)).version == crew["version"] + 1


async def test_members_are_people_of_ones_own_house(world: World) -> None:
    crew = await entered(world)
    actor, ident = await keeper(world, "water"), UUID(crew["id"])
    own = await world.crew(CITY, (await organization("water")).id)
    foreign = await world.crew(CITY, (await organization("gas")).id)
    mine, theirs = own.memberships[0].id, foreign.memberships[0].id
    clerk = actor.memberships[0].id
    wrong = members.Members(members=(mine, theirs, clerk, mine))
    assert faults(
        await refused(
            world.act(
                actor, lambda unit: members.set_members(unit, ident, wrong, expect=crew["version"])
            )
        )
    ) == [
        ("members.1", "member_unfit"),
        ("members.2", "member_unfit"),
        ("members.3", "repeated"),
    ]
    right = members.Members(members=(mine,))
    done = await world.act(
        actor, lambda unit: members.set_members(unit, ident, right, expect=crew["version"])
    )
    assert (done["members"], [each["membership"] for each in done["people"]]) == (1, [str(mine)])
    possible = await world.act(actor, lambda unit: members.people(unit, ident))
    assert [(each["membership"], each["member"]) for each in possible["items"]] == [
        (str(mine), True)
    ]
    await Membership.filter(id=mine).update(ended_at=world.clock.now())
    left = await world.act(actor, lambda unit: crews.read(unit, ident))
    assert (left["members"], left["people"]) == (0, [])
    assert await CrewMember.filter(crew_id=ident).count() == 1


async def test_a_new_crew_works_when_the_city_does(world: World) -> None:
    water = await organization("water")
    made = await make(
        world, await administrator(world), organization=water.id, name="新班", town="chuanhui"
    )
    assert made["shifts"] == [
        {"weekday": day, "starts": "00:00", "ends": "24:00"} for day in range(1, 6)
    ]


async def test_the_week_is_replaced_as_a_whole(world: World) -> None:
    crew = await entered(world)
    actor = await keeper(world, "water")
    half = await week(world, actor, crew, (("08:30", "12:00"),))
    assert len(half["shifts"]) == 5
    rows = (
        shifts.ShiftInput(weekday=1, starts="09:00", ends="08:00"),
        shifts.ShiftInput(weekday=2, starts="09:00", ends="11:00"),
        shifts.ShiftInput(weekday=2, starts="10:59", ends="12:00"),
        shifts.ShiftInput(weekday=3, starts="10:59", ends="12:00"),
    )
    refusal = await refused(
        world.act(
            actor,
            lambda unit: shifts.set_week(
                unit, UUID(crew["id"]), shifts.Week(shifts=rows), expect=half["version"]
            ),
        )
    )
    assert faults(refusal) == [
        ("shifts.0.ends", "ends_before_start"),
        ("shifts.2.starts", "shifts_overlap"),
    ]


async def test_absences_come_and_go(world: World) -> None:
    crew = await entered(world, lanes=2)
    actor, ident = await keeper(world, "water"), UUID(crew["id"])
    body = absences.AbsenceInput(starts_at=at(3, 17), ends_at=at(3, 18), lane=2, reason="车辆检修")
    added = await world.act(
        actor, lambda unit: absences.add(unit, ident, body, expect=crew["version"])
    )
    assert added["absences"][0] | {"id": ""} == {
        "id": "",
        "lane": 2,
        "starts_at": "2026-03-17T09:00:00+08:00",
        "ends_at": "2026-03-18T09:00:00+08:00",
        "reason": "车辆检修",
    }
    assert (await CrewAbsence.get(crew_id=ident)).lane == 1
    late = world.clock.now() - timedelta(hours=1)
    wrong = absences.AbsenceInput(
        starts_at=late - timedelta(hours=1), ends_at=late, lane=3, reason="x"
    )
    assert faults(
        await refused(
            world.act(actor, lambda unit: absences.add(unit, ident, wrong, expect=added["version"]))
        )
    ) == [("ends_at", "time_past"), ("lane", "too_big")]
    absence = UUID(added["absences"][0]["id"])
    gone = await world.act(
        actor, lambda unit: absences.remove(unit, ident, absence, expect=added["version"])
    )
    assert gone["absences"] == []
    refusal = await refused(
        world.act(actor, lambda unit: absences.remove(unit, ident, absence, expect=gone["version"]))
    )
    assert refusal.code is Code.NOT_FOUND


async def test_every_change_is_in_the_audit_trail(world: World) -> None:
    crew = await entered(world)
    actor, ident = await keeper(world, "water"), UUID(crew["id"])
    await world.act(actor, lambda unit: crews.read(unit, ident))
    rows = await AuditEntry.filter(object_kind="crew").order_by("id")
    assert [(row.action, row.role) for row in rows] == [
        ("create_crew", Role.UTILITY_CLERK),
        ("set_crew_shifts", Role.UTILITY_CLERK),
        ("read_crew", Role.UTILITY_CLERK),
    ]
    assert {row.person_id for row in rows} == {actor.person}
