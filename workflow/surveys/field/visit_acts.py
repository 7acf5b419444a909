"""Online acts on one's visit: check-in, the crew leaves, what the visit looks like."""

from typing import Any
from uuid import UUID

from models import SitePhoto, SurveyVisit
from rules.errors import Code, DomainError, Fault
from rules.states import SurveyState
from workflow.cases.site_visit import CheckIn
from workflow.encoding import shown
from workflow.surveys.field.applying import Coming, Conflict, Done, When, check, come, done
from workflow.surveys.field.photos import shown_photo
from workflow.surveys.field.visiting import Visiting, by_visit, hold
from workflow.unit import Answer, Unit

Json = dict[str, Any]


async def visit(unit: Unit, visit_id: UUID) -> Answer:
    """One's visit: how the check-in was judged, the photos."""
    visiting = await _open(unit, visit_id)
    return Answer(await _shown(visiting))


async def check_in(unit: Unit, visit_id: UUID, body: CheckIn) -> Answer:
    """到场签到 of one's visit, a department's too. Doubts ask for a reason: ``reason_needed``."""
    visiting = await _open(unit, visit_id)
    at = body.at or unit.now
    if at > unit.now:
        raise DomainError(Code.INVALID, faults=(Fault("at", "time_future"),))
    when = _checked(visiting, "check_in", When(at))
    await come(visiting, Coming(position=body.position, reason=body.reason), when, asking=True)
    return Answer(await _shown(visiting))


async def leave(unit: Unit, visit_id: UUID, body: Done) -> Answer:
    """The crew has done what it came for."""
    visiting = await _open(unit, visit_id)
    await done(visiting, body, _checked(visiting, "visit_done", When(unit.now)))
    return Answer(await _shown(visiting))


def _checked(visiting: Visiting, kind: str, when: When) -> When:
    """What a phone that comes late is kept for is refused to somebody who is there to be told."""
    try:
        return check(visiting, kind, when)
    except Conflict as found:
        raise DomainError(Code.CONFLICT, conflict=found.code) from None


async def _open(unit: Unit, visit_id: UUID) -> Visiting:
    named = await by_visit(visit_id)
    if named is None:
        raise DomainError(Code.NOT_FOUND)
    return await hold(unit, named)


async def _shown(visiting: Visiting) -> Json:
    assert visiting.visit is not None  # noqa: S101 - it was opened by it
    row = await SurveyVisit.get(id=visiting.visit.id)
    survey, case = visiting.survey, visiting.case
    photos = await SitePhoto.filter(visit_id=row.id).order_by("taken_at", "id")
    return {
        "id": str(row.id),
        "survey_id": str(row.survey_id),
        "request_id": str(visiting.request.id) if visiting.request else None,
        "application_id": str(case.app.id) if case else None,
        "number": case.number() if case else None,
        "at": shown(row.at),
        "ends_at": shown(row.ends_at),
        "state": row.state.value,
        "survey_state": (survey.state if survey else SurveyState.CONFIRMED).value,
        "arrived_at": shown(row.arrived_at),
        "metres": row.arrival.get("metres"),
        "accuracy_m": row.arrival.get("accuracy_m"),
        "doubts": row.arrival.get("doubts", []),
        "reason": row.reason,
        "late_minutes": row.late_minutes,
        "photos": [shown_photo(photo) for photo in photos],
    }
