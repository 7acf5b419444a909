"""A crew's usual week, replaced as a whole."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from models import Crew, CrewShift, Organization
from models.base import new_id
from models.writes import insert
from rules.errors import Code, DomainError, Fault
from rules.rosters import FRIDAY, MONDAY
from workflow.inputs import Input
from workflow.surveys.breaking import Change, carry_out
from workflow.unit import Answer, Unit

ClockTime = Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
"""``HH:MM`` in Shanghai."""
ClosingTime = Annotated[str, Field(pattern=r"^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$")]
"""Likewise; ``24:00`` is the end of the day."""


class ShiftInput(Input):
    """A stretch of one working day of the week; 1 is Monday, 5 Friday."""

    weekday: Annotated[int, Field(ge=MONDAY, le=FRIDAY)]
    starts: ClockTime
    ends: ClosingTime


class Week(Input):
    """Every shift of the week; none: the crew does not go out. ``accept``: as in ``change``."""

    shifts: Annotated[tuple[ShiftInput, ...], Field(max_length=35)]
    accept: bool = False


async def set_week(unit: Unit, crew_id: UUID, body: Week, *, expect: int | None) -> Answer:
    """Replace the week. Raises ``VISITS_BROKEN`` as a change of the crew does."""

    async def effect(crew: Crew, _: Organization) -> Change:
        faults = _faults(body)
        if faults:
            raise DomainError(Code.INVALID, faults=faults)
        await CrewShift.filter(crew_id=crew.id).delete()
        await insert(
            [
                CrewShift(
                    id=new_id(),
                    crew_id=crew.id,
                    weekday=each.weekday,
                    starts=minutes(each.starts),
                    ends=minutes(each.ends),
                )
                for each in body.shifts
            ]
        )
        await crew.change()
        return Change("set_crew_shifts", {"shifts": len(body.shifts)})

    return await carry_out(unit, crew_id, expect, effect, accept=body.accept)


def minutes(clock: str) -> int:
    """``HH:MM`` as minutes after midnight."""
    hours, rest = clock.split(":")
    return int(hours) * 60 + int(rest)


def _faults(body: Week) -> tuple[Fault, ...]:
    faults = []
    for index, each in enumerate(body.shifts):
        starts, ends = minutes(each.starts), minutes(each.ends)
        if ends <= starts:
            faults.append(Fault(f"shifts.{index}.ends", "ends_before_start"))
        elif any(
            other.weekday == each.weekday
            and starts < minutes(other.ends)
            and minutes(other.starts) < ends
            for other in body.shifts[:index]
        ):
            faults.append(Fault(f"shifts.{index}.starts", "shifts_overlap"))
    return tuple(faults)
