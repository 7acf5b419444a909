"""When a crew, or one of its lanes, does not go out although it is its shift."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from models import Crew, CrewAbsence, Organization
from models.base import new_id
from models.writes import insert
from rules.errors import Code, DomainError, Fault
from workflow.inputs import Input, Line, Moment
from workflow.surveys import crew_view, keeping
from workflow.surveys.breaking import Change, carry_out
from workflow.unit import Answer, Unit


class AbsenceInput(Input):
    """From when until when, and why. ``lane``: which of its parallel visits, from 1; all without.

    ``accept``: as in a change of the crew.
    """

    starts_at: Moment
    ends_at: Moment
    lane: Annotated[int, Field(ge=1)] | None = None
    reason: Annotated[Line, Field(max_length=120)]
    accept: bool = False


async def add(unit: Unit, crew_id: UUID, body: AbsenceInput, *, expect: int | None) -> Answer:
    """Enter an absence. Raises ``VISITS_BROKEN`` as a change of the crew does."""

    async def effect(crew: Crew, _: Organization) -> Change:
        faults = _faults(unit, crew, body)
        if faults:
            raise DomainError(Code.INVALID, faults=faults)
        row = CrewAbsence(
            id=new_id(),
            crew_id=crew.id,
            lane=None if body.lane is None else body.lane - 1,
            starts_at=body.starts_at,
            ends_at=body.ends_at,
            reason=body.reason,
            entered_by=unit.actor.person,
            created_at=unit.now,
        )
        await insert([row])
        await crew.change()
        return Change("add_crew_absence", {"absence": str(row.id)}, status=201)

    return await carry_out(unit, crew_id, expect, effect, accept=body.accept)


async def remove(unit: Unit, crew_id: UUID, absence_id: UUID, *, expect: int | None) -> Answer:
    """Take an absence back; the time is free to be booked again."""
    crew, org, role = await keeping.to_keep(unit.actor, crew_id, expect)
    if not await CrewAbsence.filter(id=absence_id, crew_id=crew.id).delete():
        raise DomainError(Code.NOT_FOUND)
    await crew.change()
    unit.audit(crew.city, role, "remove_crew_absence", "crew", crew.id, absence=str(absence_id))
    return Answer(await crew_view.whole(unit, crew, org), version=crew.version)


def _faults(unit: Unit, crew: Crew, body: AbsenceInput) -> tuple[Fault, ...]:
    faults = []
    if body.ends_at <= body.starts_at:
        faults.append(Fault("ends_at", "ends_before_start"))
    elif body.ends_at <= unit.now:
        faults.append(Fault("ends_at", "time_past"))
    if body.lane is not None and body.lane > crew.lanes:
        faults.append(Fault("lane", "too_big", data={"max": crew.lanes}))
    return tuple(faults)
