"""Who goes out with a crew: people in office in its own organisation."""

from collections.abc import Sequence
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from models import Crew, CrewMember, Membership, Organization
from models.base import new_id
from models.writes import insert
from rules.errors import Code, DomainError, Fault
from rules.staffing import GOES_OUT
from workflow.inputs import Input
from workflow.surveys import crew_view, keeping
from workflow.unit import Answer, Unit


class Members(Input):
    """Everybody who goes out with a crew: memberships of its own organisation."""

    members: Annotated[tuple[UUID, ...], Field(max_length=60)]


async def set_members(unit: Unit, crew_id: UUID, body: Members, *, expect: int | None) -> Answer:
    """Replace who goes out with a crew: people in office in its own organisation."""
    crew, org, role = await keeping.to_keep(unit.actor, crew_id, expect)
    fit = {each.id for each in await _people(org)}
    faults = [
        Fault(f"members.{index}", "repeated" if given in body.members[:index] else "member_unfit")
        for index, given in enumerate(body.members)
        if given not in fit or given in body.members[:index]
    ]
    if faults:
        raise DomainError(Code.INVALID, faults=tuple(faults))
    await CrewMember.filter(crew_id=crew.id).delete()
    await insert(
        [CrewMember(id=new_id(), crew_id=crew.id, membership_id=each) for each in body.members]
    )
    await crew.change()
    unit.audit(
        crew.city, role, "set_crew_members", "crew", crew.id, members=[str(m) for m in body.members]
    )
    return Answer(await crew_view.whole(unit, crew, org), version=crew.version)


async def people(unit: Unit, crew_id: UUID) -> Answer:
    """Who may go out with a crew: people in office in its organisation; the read is audited."""
    crew = await Crew.filter(id=crew_id).first()
    if crew is None:
        raise DomainError(Code.NOT_FOUND)
    org = await keeping.of_crew(crew)
    role = keeping.keeps(unit.actor, org)
    rows = await _people(org)
    mine = set(await CrewMember.filter(crew_id=crew_id).values_list("membership_id", flat=True))
    unit.audit(org.city, role, "read_crew_people", "crew", crew_id, rows=len(rows))
    items = [
        {
            "membership": str(each.id),
            "name": crew_view.name(unit, each.person),
            "member": each.id in mine,
        }
        for each in rows
    ]
    return Answer({"items": items})


async def _people(org: Organization) -> Sequence[Any]:
    return await (
        Membership.filter(organization_id=org.id, role=GOES_OUT[org.kind], ended_at=None)
        .order_by("id")
        .limit(500)
        .prefetch_related("person")
    )
