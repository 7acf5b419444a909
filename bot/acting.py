"""The acts a dialogue asks for, carried out by the same use cases as the mini-program.

``bot.dialogue.acts`` says what each act's ``Done.told`` holds. What a person does here it does as
applicant, in its own cases only, whatever offices it holds; as a crew only what crews do.
"""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any

from pydantic import ValidationError

from bot import acting_cases, acting_crew, acting_self, acting_surveys
from bot.dialogue.acts import (
    READS,
    Act,
    AnswerVisit,
    ConfirmVisit,
    ReadCases,
    ReadDay,
    ReadStatus,
    ReadVisits,
    TellAbsent,
    TellLate,
)
from bot.dialogue.heard import Done, Refused
from doors.invalid import faults_of
from rules.actors import Actor
from rules.errors import Code, DomainError
from workflow.chat import reading
from workflow.chat.turns import Opening, Talk
from workflow.ports import Services
from workflow.unit import Unit

Told = Mapping[str, Any]
Carrier = Callable[[Any, Unit, Talk], Awaitable[Told]]

_IN_OFFICE = (ReadVisits, ReadDay, ConfirmVisit, AnswerVisit)
_CARRIERS: Mapping[type[Act], Carrier] = {
    **acting_cases.CARRIERS,
    **acting_crew.CARRIERS,
    **acting_self.CARRIERS,
    **acting_surveys.CARRIERS,
}


async def read(
    act: ReadCases | ReadStatus,
    services: Services,
    actor: Actor,
    now: datetime,
    opened: Opening | None = None,
) -> Done | Refused:
    """A read outside of a unit of work, the way most turns go. What the opening has told already
    is not read again.
    """
    known = opened.case if opened else None
    if known is not None and isinstance(act, ReadStatus) and act.case is None:
        return await _outcome(reading.status(services, actor, now, known=known))
    return await _outcome(_read(act, services, actor, now, None))


async def carry_out(act: Act, unit: Unit, talk: Talk) -> Done | Refused:
    """Any act, inside the turn's unit of work; of a refused one nothing remains.

    What is no refusal goes on to the caller.
    """
    speaking = unit.actor
    acting = speaking if _in_office(act) else speaking.as_applicant()
    unit.actor = acting
    try:
        return await _outcome(_within(act, unit, talk))
    finally:
        if unit.actor is acting:  # else the act has found out who speaks
            unit.actor = speaking


def _in_office(act: Act) -> bool:
    return isinstance(act, _IN_OFFICE) or (isinstance(act, TellLate | TellAbsent) and act.crew)


async def _within(act: Act, unit: Unit, talk: Talk) -> Told:
    if isinstance(act, ReadCases | ReadStatus):
        return await _read(act, unit.services, unit.actor, unit.now, unit)
    carrier = _CARRIERS[type(act)]
    if isinstance(act, READS):
        return await carrier(act, unit, talk)
    async with unit.attempt():
        return await carrier(act, unit, talk)


async def _read(
    act: ReadCases | ReadStatus,
    services: Services,
    actor: Actor,
    now: datetime,
    unit: Unit | None,
) -> Told:
    if isinstance(act, ReadCases):
        return await reading.cases(services, actor, act.group, now)
    if act.case is None:
        return await reading.status(services, actor, now, unit)
    if act.kind == "registration":
        return await reading.registration(services, actor, act.case, unit)
    return await reading.application(services, actor, act.case, now)


async def _outcome(told: Awaitable[Told]) -> Done | Refused:
    try:
        return Done(await told)
    except DomainError as refusal:
        return Refused(refusal.code, refusal.faults, refusal.data)
    except ValidationError as invalid:  # what was said does not even make a body
        return Refused(Code.INVALID, faults_of(invalid))
