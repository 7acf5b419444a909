"""一同踏勘: the appointment of the one joint visit."""

from uuid import UUID

from rules.errors import Code, DomainError
from rules.states import SurveyState
from workflow.cases.appointment import free, hold, survey_time_faults
from workflow.cases.brief import brief
from workflow.cases.case import Case
from workflow.cases.settling import settle
from workflow.encoding import shown
from workflow.inputs import Input, Line, Moment
from workflow.unit import Answer, Unit


class Booking(Input):
    """A time for the joint survey: a working time in the future."""

    at: Moment


class Cancellation(Input):
    """Why the survey is cancelled."""

    reason: Line


async def book_survey(
    unit: Unit, application_id: UUID, body: Booking, *, expect: int | None
) -> Answer:
    """Book or move the survey of an accepted application."""
    case = await Case.open(unit, application_id, expect=expect)
    faults = survey_time_faults(case, body.at)
    if faults:
        raise DomainError(Code.INVALID, faults=faults)
    await case.move("book_survey", data={"at": shown(body.at)})
    await hold(case, body.at, SurveyState.CONFIRMED)
    await settle(case)
    return Answer(brief(case), version=case.app.version)


async def cancel_survey(
    unit: Unit, application_id: UUID, body: Cancellation, *, expect: int | None
) -> Answer:
    """Cancel the booked survey with a reason."""
    case = await Case.open(unit, application_id, expect=expect)
    await case.move("cancel_survey")
    await free(case, body.reason)
    await settle(case)
    return Answer(brief(case), version=case.app.version)
