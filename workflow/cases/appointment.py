"""The appointment of the joint survey: held at submit, confirmed at acceptance, freed or done."""

from datetime import datetime, timedelta

from models import Survey
from models.writes import insert
from rules.errors import Fault
from rules.states import SurveyState
from workflow.cases.case import Case


async def hold(case: Case, at: datetime, state: SurveyState = SurveyState.HELD) -> None:
    """Take a time for the joint visit, in place of any taken before."""
    await _drop(case, "replaced")
    case.survey = Survey(
        application_id=case.app.id,
        city=case.app.city,
        at=at,
        ends_at=at + timedelta(minutes=case.city.survey_rules.slot_minutes),
        state=state,
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
    """The visit took place."""
    if case.survey is not None:
        await case.survey.change(state=SurveyState.DONE)
        case.survey = None


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
