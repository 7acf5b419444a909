"""Who comes late and who does not come at all (爽约), told from a phone: as told at a desk."""

from datetime import datetime, timedelta

from models import SurveyVisit
from rules.states import VisitState
from workflow.inputs import iso
from workflow.surveys import missing
from workflow.surveys.field.applying import Conflict, Told, When
from workflow.surveys.field.visiting import Visiting

TO_COME = frozenset({VisitState.PLANNED, VisitState.CONFIRMED})


async def be_late(visiting: Visiting, body: missing.Late, when: When) -> Told:
    """The crew comes later: what it said last holds; who waits is told while that is of use."""
    visit, case = visiting.visit, visiting.case
    if visit is None or case is None:
        raise Conflict("no_visit")
    known = visit.arrival.get("late_at")
    if known is not None and datetime.fromisoformat(known) >= when.at:
        return {"effect": "superseded"}
    if visit.state in TO_COME and not when.decided:
        await missing.tell_late(visiting.unit, case.app.id, body, expect=None)
        visit = await SurveyVisit.get(id=visit.id)
    arrival = visit.arrival | {"late_at": iso(when.at)}
    await visit.change(late_minutes=body.minutes, arrival=arrival)
    return {}


async def miss(visiting: Visiting, body: missing.Absence, when: When) -> Told:
    """Somebody was not there; what has been found in spite of that speaks against it."""
    survey, case = visiting.survey, visiting.case
    if survey is None or case is None:
        raise Conflict("no_visit")
    if when.at < survey.at + timedelta(minutes=visiting.city.survey_rules.no_show_after_minutes):
        raise Conflict("not_yet_absent")
    if body.absent is None and any(request.findings for request in case.requests):
        raise Conflict("already_there")
    await missing.report_absence(visiting.unit, case.app.id, body, expect=None)
    return {}
