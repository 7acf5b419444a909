"""Crews of every provider and of the departments that come along, with their people and week."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID

from config.cities import City
from models import Crew
from rules.actors import Actor, Membership, OrgKind
from rules.rosters import FRIDAY, MONDAY
from rules.staffing import GOES_OUT, KEEPS_CREWS
from workflow.ports import Services
from workflow.surveys import crews, shifts
from workflow.unit import Answer, Unit, perform

_NAMES = ("踏勘一班", "踏勘二班", "踏勘三班")
_WEEKS = (
    (("08:30", "12:00"), ("14:00", "18:00")),
    (("08:00", "12:30"), ("14:30", "18:00")),
    (("08:30", "12:00"),),
)
"""Only what lies in the city's working time counts; the third crew goes out in the mornings."""
_MANY = 3
_FEW = 2


@dataclass(frozen=True, slots=True)
class _House:
    """An organisation with crews: who keeps them, who goes out."""

    organization: UUID
    crews: int
    keeper: Actor
    people: tuple[UUID, ...]


async def man(services: Services, city: City, actors: Mapping[str, Actor]) -> None:
    """Crews wherever an organisation has none yet; each organisation's in one transaction."""
    there = set(await Crew.filter(city=city.code).values_list("organization_id", flat=True))
    for number, house in enumerate(_houses(city, actors)):
        if house.organization not in there:
            await _found(services, city, number, house)


def _houses(city: City, actors: Mapping[str, Actor]) -> Iterator[_House]:
    for actor in actors.values():
        for held in actor.memberships:
            if held.city == city.code and _keeps(city, held):
                role = GOES_OUT[held.org_kind]
                people = tuple(
                    each.id
                    for other in actors.values()
                    for each in other.memberships
                    if each.org == held.org and each.role is role
                )
                many = _MANY if held.org_kind is OrgKind.UTILITY else _FEW
                yield _House(held.org, many, actor, people)


def _keeps(city: City, held: Membership) -> bool:
    if KEEPS_CREWS.get(held.org_kind) is not held.role:
        return False
    return held.org_kind is not OrgKind.DEPARTMENT or (
        held.org_code in city.survey_rules.departments
    )


async def _found(services: Services, city: City, number: int, house: _House) -> None:
    async def act(unit: Unit) -> Answer:
        for index in range(house.crews):
            town = city.towns[(number + index) % len(city.towns)]
            await _enter(unit, house, index, town.code)
        return Answer({})

    await perform(services, house.keeper, act)


async def _enter(unit: Unit, house: _House, index: int, town: str) -> None:
    """A crew for each of the house's people; where there are more crews, all go with them."""
    new = crews.NewCrew(organization=house.organization, name=_NAMES[index], town=town)
    crew = UUID(str((await crews.create(unit, new)).body["id"]))
    people = house.people[index : index + 1] or house.people
    await crews.set_members(unit, crew, crews.Members(members=people), expect=None)
    week = tuple(
        shifts.ShiftInput(weekday=day, starts=starts, ends=ends)
        for day in range(MONDAY, FRIDAY + 1)
        for starts, ends in _WEEKS[index]
    )
    await shifts.set_week(unit, crew, shifts.Week(shifts=week), expect=None)
