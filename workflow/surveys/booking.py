"""一同踏勘: an appointment booked, moved and cancelled; a time kept for some minutes and taken.

A lost race answers with the next best times (``SLOT_TAKEN``). A time that is moved is a new row.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from models import Survey
from models.queries import lanes
from rules.actors import Role
from rules.errors import Code, DomainError, Fault
from rules.states import Ender, KeptFor, SurveyState
from workflow.encoding import shown
from workflow.inputs import Input, Line, Moment, Remark
from workflow.surveys import appointment, limits, waiting_list
from workflow.surveys.availability import slot_taken
from workflow.surveys.finishing import finish
from workflow.surveys.matter import SIDES, Matter, visits_of
from workflow.surveys.planning import Planned, Site, plan_at
from workflow.unit import Answer, Unit


class Booking(Input):
    """A time for the joint survey: a working time in the future."""

    at: Moment
    reason: Remark = ""
    """Needed of who goes beyond the applicant's limits in its office, and of a crew."""


class Cancellation(Input):
    """Why the survey is cancelled."""

    reason: Line


class Hold(Input):
    """A time to be kept for some minutes."""

    at: Moment


class Kept(Input):
    """A time that is kept: its survey."""

    survey: UUID


async def book_survey(
    unit: Unit, application_id: UUID, body: Booking, *, expect: int | None
) -> Answer:
    """Book or move the survey of an accepted application.

    Raises ``SLOT_TAKEN`` with the next best times, ``GUARD_FAILED`` beyond the limits.
    """
    return await _book(await Matter.application(unit, application_id, expect=expect), body)


async def book_registered(
    unit: Unit, registration_id: UUID, body: Booking, *, expect: int | None
) -> Answer:
    """Book or move the survey of a registration (前置服务)."""
    return await _book(await Matter.registration(unit, registration_id, expect=expect), body)


async def _book(matter: Matter, body: Booking) -> Answer:
    role = matter.check("book_survey")
    side = _side(matter, role, body.reason)
    whole = await _whole(matter)
    if whole and matter.survey is not None and matter.survey.at == body.at:
        return await finish(matter)  # it is booked already
    side = await _moved_by(matter, side, body.reason, whole=whole)
    site, planned = await planned_at(matter, body.at, await matter.own())
    await limits.to_have(matter, planned, side, body.reason)
    await matter.move("book_survey", {"at": shown(body.at)})
    await appointment.put(matter, site, planned, side, body.reason)
    return await finish(matter)


async def cancel_survey(
    unit: Unit, application_id: UUID, body: Cancellation, *, expect: int | None
) -> Answer:
    """Cancel the booked survey with a reason; who waits for an earlier time waits no more."""
    return await _cancel(await Matter.application(unit, application_id, expect=expect), body)


async def cancel_registered(
    unit: Unit, registration_id: UUID, body: Cancellation, *, expect: int | None
) -> Answer:
    """Cancel the booked survey of a registration."""
    return await _cancel(await Matter.registration(unit, registration_id, expect=expect), body)


async def _cancel(matter: Matter, body: Cancellation) -> Answer:
    side = SIDES.get(matter.check("cancel_survey"), Ender.SYSTEM)
    await limits.to_cancel(matter, side, body.reason)
    await matter.move("cancel_survey")
    await matter.end(SurveyState.CANCELLED, side, body.reason)
    await waiting_list.end(matter)
    return await finish(matter)


async def hold_survey(
    unit: Unit, application_id: UUID, body: Hold, *, expect: int | None
) -> Answer:
    """Keep a time for some minutes while the applicant decides; in place of one kept before."""
    matter = await Matter.application(unit, application_id, expect=expect)
    side = SIDES.get(matter.check("hold_survey"), Ender.SYSTEM)
    await _moved_by(matter, side, KeptFor.HOLD, whole=await _whole(matter))
    before = [row.id for row in await offers(matter) if row.reason == KeptFor.HOLD]
    site, planned = await planned_at(matter, body.at, before)
    await limits.to_have(matter, planned, side, KeptFor.HOLD)
    await matter.move("hold_survey", {"at": shown(body.at)})
    await release(matter, KeptFor.HOLD)
    minutes = timedelta(minutes=matter.city.survey_rules.hold_minutes)
    until = min(unit.now + minutes, planned.at)
    await matter.enter(site, planned, SurveyState.OFFERED, held_until=until, reason=KeptFor.HOLD)
    return await finish(matter)


async def take_time(unit: Unit, application_id: UUID, body: Kept, *, expect: int | None) -> Answer:
    """Take a time that is kept: one's own choice, an earlier one, one that a crew has proposed.

    Raises ``INVALID`` when there is none, ``SLOT_TAKEN`` when it has run out and is gone.
    """
    matter = await Matter.application(unit, application_id, expect=expect)
    side = SIDES.get(matter.check("take_time"), Ender.SYSTEM)
    kept = await _kept(matter, body.survey)
    runs = kept.state is SurveyState.OFFERED and (kept.held_until or unit.now) > unit.now
    if runs and kept.reason != KeptFor.HOLD:
        side = Ender.SYSTEM  # counts as no move
    else:
        side = await _moved_by(matter, side, KeptFor.HOLD, whole=await _whole(matter))
    own = await matter.own()
    site = await matter.site(own)
    await lanes.lock(site.organizations)
    still = await Survey.filter(
        id=kept.id, state=SurveyState.OFFERED, held_until__gt=unit.now
    ).first()
    await matter.move("take_time", {"at": shown(kept.at)})
    if still is None:
        _, planned = await planned_at(matter, kept.at, own)
        await appointment.put(matter, site, planned, side, "")
    else:
        await _turn(matter, still, side)
    await waiting_list.taken(matter, kept)
    return await finish(matter)


async def leave_time(unit: Unit, application_id: UUID, body: Kept, *, expect: int | None) -> Answer:
    """Let a kept time go. The appointment stays; who waits goes on waiting."""
    matter = await Matter.application(unit, application_id, expect=expect)
    matter.check("leave_time")
    kept = await _kept(matter, body.survey)
    await matter.move("leave_time")
    await matter.release(*[row.id for row in await offers(matter) if row.id != kept.id])
    if kept.reason == KeptFor.EARLIER:
        await waiting_list.resume(matter)
    return await finish(matter)


async def offers(matter: Matter) -> list[Survey]:
    """What is kept beside the appointment, run out or not."""
    ids = {name: ident for name, ident in matter.ids.items() if ident is not None}
    return await Survey.filter(state=SurveyState.OFFERED, **ids).order_by("at")


async def release(matter: Matter, reason: str) -> None:
    """Let go what is kept for one reason."""
    await matter.release(*[row.id for row in await offers(matter) if row.reason != reason])


async def planned_at(
    matter: Matter, at: datetime, without: Sequence[UUID] = ()
) -> tuple[Site, Planned]:
    """Who would come at a time, under lock; ``without`` these surveys, which give way.

    Raises ``INVALID`` for a time nobody works, ``SLOT_TAKEN`` with the next best times.
    """
    faults = appointment.time_faults(matter, at)
    if faults:
        raise DomainError(Code.INVALID, faults=faults)
    site = await matter.site(without)
    planned = await plan_at(site, at)
    if planned is None:
        raise await slot_taken(site, at)
    if planned.parts and (fault := appointment.too_far(site, at)):
        raise DomainError(Code.INVALID, faults=(fault,))
    return site, planned


async def _moved_by(matter: Matter, side: Ender, reason: str, *, whole: bool) -> Ender:
    """On whose account the appointment is moved, within its limits. Where somebody who must come
    cannot, it is not the applicant who moves it.
    """
    standing = matter.survey is not None and matter.survey.state is SurveyState.CONFIRMED
    if side is Ender.APPLICANT and standing and not whole:
        return Ender.CREW
    await limits.to_move(matter, side, reason)
    return side


async def _whole(matter: Matter) -> bool:
    """Whether an appointment stands, and nobody who must come, and has crews, is missing."""
    survey = matter.survey
    if survey is None or survey.state is not SurveyState.CONFIRMED:
        return False
    there = {visit.organization_id for visit in matter.visits}
    return not await appointment.lacks(await matter.site(), there)


async def _kept(matter: Matter, survey: UUID) -> Survey:
    found = await Survey.filter(id=survey, application_id=matter.ids["application_id"]).first()
    kept = found is not None and (
        found.state is SurveyState.OFFERED
        or (found.state is SurveyState.CANCELLED and found.reason in set(KeptFor))
    )
    if found is None or not kept or found.at <= matter.unit.now:
        raise DomainError(Code.INVALID, faults=(Fault("survey", "not_held"),))
    return found


async def _turn(matter: Matter, kept: Survey, side: Ender) -> None:
    """The kept time becomes the appointment, with the crews it was kept with."""
    visits = await visits_of(kept)
    await matter.replace(kept, visits, side)
    site = await matter.site()
    if not await appointment.adjust(matter, site):
        raise await slot_taken(site, kept.at)


def _side(matter: Matter, role: Role, reason: str) -> Ender:
    """On whose side it is booked; a crew says why."""
    side = SIDES.get(role, Ender.SYSTEM)
    if side is Ender.CREW and not reason:
        raise DomainError(Code.INVALID, faults=(Fault("reason", "reason_needed"),))
    return side
