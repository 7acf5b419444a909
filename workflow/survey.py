"""一同踏勘: the appointment of the one joint visit (slots of crews come with ``rules/slots``)."""

from datetime import datetime
from uuid import UUID

from models import Survey
from models.writes import insert
from rules.errors import Code, DomainError, Fault
from rules.states import SurveyState
from workflow.case import Case
from workflow.encoding import shown
from workflow.inputs import Input, Line, Moment
from workflow.unit import Answer, Unit
from workflow.views import brief


class Booking(Input):
    """A time for the joint survey: a working time in the future."""

    at: Moment


class Cancellation(Input):
    """Why the survey is cancelled."""

    reason: Line


async def hold(case: Case, at: datetime) -> None:
    """Hold the time stated on form B at submit; acceptance confirms it."""
    await _drop(case, "replaced")
    case.survey = Survey(
        application_id=case.app.id,
        city=case.app.city,
        at=at,
        state=SurveyState.HELD,
        created_at=case.unit.now,
    )
    await insert([case.survey])


async def confirm_held(case: Case) -> None:
    """Acceptance confirms the held time; one that has passed is freed."""
    if case.survey is None:
        return
    if case.survey.at <= case.unit.now:
        await free(case, "held_time_passed")
        return
    await case.survey.change(state=SurveyState.CONFIRMED)


async def free(case: Case, reason: str) -> None:
    """Give the held or confirmed time back."""
    await _drop(case, reason)
    case.survey = None


async def done(case: Case) -> None:
    """The visit took place: every request has its findings."""
    if case.survey is not None:
        await case.survey.change(state=SurveyState.DONE)
        case.survey = None


async def book_survey(
    unit: Unit, application_id: UUID, body: Booking, *, expect: int | None
) -> Answer:
    """Book or move the survey of an accepted application."""
    case = await Case.open(unit, application_id, expect=expect)
    faults = survey_time_faults(case, body.at)
    if faults:
        raise DomainError(Code.INVALID, faults=faults)
    await case.move("book_survey", data={"at": shown(body.at)})
    await _drop(case, "moved")
    case.survey = await Survey.create(
        application_id=case.app.id,
        city=case.app.city,
        at=body.at,
        state=SurveyState.CONFIRMED,
        created_at=unit.now,
    )
    await case.finish()
    return Answer(brief(case), version=case.app.version)


async def cancel_survey(
    unit: Unit, application_id: UUID, body: Cancellation, *, expect: int | None
) -> Answer:
    """Cancel the booked survey with a reason."""
    case = await Case.open(unit, application_id, expect=expect)
    await case.move("cancel_survey", data={"reason": body.reason})
    await free(case, body.reason)
    await case.finish()
    return Answer(brief(case), version=case.app.version)


def survey_time_faults(case: Case, at: datetime) -> tuple[Fault, ...]:
    """Why a time cannot be surveyed at: past, or outside the city's working time."""
    if at <= case.unit.now:
        return (Fault("at", "time_past"),)
    if not case.clocks.calendar.is_working_time(at):
        return (Fault("at", "time_not_working"),)
    return ()


async def _drop(case: Case, reason: str) -> None:
    if case.survey is not None:
        await case.survey.change(state=SurveyState.CANCELLED, reason=reason)
