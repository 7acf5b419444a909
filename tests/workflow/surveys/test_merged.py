"""Two persons turn out to be one: crews and subscribed calendars go along."""

from dataclasses import replace
from uuid import UUID

from models import CalendarLink, CrewMember, Membership, Person
from models.base import new_id
from rules.actors import Actor, Role
from tests.workflow.steps import at
from tests.workflow.surveys.roster import CITY, entered, keeper, organization
from tests.workflow.world import World
from workflow.people import persons
from workflow.surveys import calendar_feed, members
from workflow.unit import Answer, Unit


async def another(world: World, org: UUID) -> tuple[UUID, UUID]:
    """A younger person with the same office in an organisation; its membership."""
    row = await Person.create(id=new_id(), created_at=at(3, 17))
    held = await Membership.create(
        id=new_id(),
        person_id=row.id,
        organization_id=org,
        role=Role.CREW,
        created_at=world.clock.now(),
    )
    return row.id, held.id


async def test_crews_and_calendars_go_to_who_stays(world: World) -> None:
    org = (await organization("water")).id
    elder = await world.crew(CITY, org)
    kept = elder.memberships[0].id
    younger, office = await another(world, org)
    clerk = await keeper(world, "water")
    for name, offices in (("一班", (office,)), ("二班", (kept, office))):
        crew = await entered(world, name=name)
        body = members.Members(members=offices)
        await world.act(
            clerk,
            lambda unit, crew=crew, body=body: members.set_members(  # type: ignore[misc]
                unit, UUID(crew["id"]), body, expect=crew["version"]
            ),
        )
    await world.act(replace(elder, person=younger, memberships=()), calendar_feed.subscribe)

    async def merge(unit: Unit) -> Answer:
        one, other = await Person.get(id=elder.person), await Person.get(id=younger)
        assert await persons.merge(unit, one, other) is not None
        return Answer({})

    await world.act(Actor(person=None), merge)
    assert (await CalendarLink.get()).person_id == elder.person
    live = await CrewMember.filter(membership__ended_at=None).values_list(
        "membership_id", "crew__name"
    )
    assert sorted(live, key=str) == sorted([(kept, "一班"), (kept, "二班")], key=str)
