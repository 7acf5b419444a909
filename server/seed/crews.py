"""Crews of every provider and of the departments that come along, with their people and week."""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID

from config.cities import City
from models import Crew, CrewMember, CrewShift
from models.base import new_id
from models.db import pool
from models.writes import insert
from rules.actors import Actor, Membership, OrgKind, Role
from rules.rosters import FRIDAY, MONDAY
from rules.staffing import GOES_OUT, KEEPS_CREWS
from workflow.ports import Services
from workflow.surveys.shifts import minutes
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
    role: Role
    people: tuple[UUID, ...]


async def man(services: Services, city: City, actors: Mapping[str, Actor]) -> None:
    """Crews wherever an organisation has none yet; each organisation's in one transaction."""
    there = set(await Crew.filter(city=city.code).values_list("organization_id", flat=True))
    for index, house in enumerate(_houses(city, actors)):
        if house.organization not in there:
            await perform(services, house.keeper, _founding(city, index, house))


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
                yield _House(held.org, many, actor, held.role, people)


def _keeps(city: City, held: Membership) -> bool:
    if KEEPS_CREWS.get(held.org_kind) is not held.role:
        return False
    return held.org_kind is not OrgKind.DEPARTMENT or (
        held.org_code in city.survey_rules.departments
    )


def _founding(city: City, index: int, house: _House) -> Callable[[Unit], Awaitable[Answer]]:
    async def found(unit: Unit) -> Answer:
        numbers = await pool().fetch(
            "SELECT nextval('crew_numbers') AS number FROM generate_series(1, $1)", house.crews
        )
        crews = [
            Crew(
                id=new_id(),
                number=row["number"],
                city=city.code,
                organization_id=house.organization,
                name=_NAMES[place],
                town=city.towns[(index + place) % len(city.towns)].code,
                created_at=unit.now,
            )
            for place, row in enumerate(numbers)
        ]
        await insert(crews)
        await insert([each for place, crew in enumerate(crews) for each in _week(place, crew)])
        await insert([m for place, crew in enumerate(crews) for m in _people(house, place, crew)])
        for crew in crews:
            unit.audit(city.code, house.role, "create_crew", "crew", crew.id, demo=True)
        return Answer({})

    return found


def _week(place: int, crew: Crew) -> list[CrewShift]:
    return [
        CrewShift(
            id=new_id(),
            crew_id=crew.id,
            weekday=day,
            starts=minutes(starts),
            ends=minutes(ends),
        )
        for day in range(MONDAY, FRIDAY + 1)
        for starts, ends in _WEEKS[place]
    ]


def _people(house: _House, place: int, crew: Crew) -> list[CrewMember]:
    """A crew for each of the house's people; where there are more crews, all go with them."""
    return [
        CrewMember(id=new_id(), crew_id=crew.id, membership_id=each)
        for each in house.people[place : place + 1] or house.people
    ]
