"""How often, how late and how many surveys an applicant may book, move and cancel by itself (city
file, ours). Who organises the survey or comes to it may go beyond, with a reason.
"""

from datetime import timedelta

from models.db import pool
from rules.errors import Code, DomainError, Fault
from rules.states import Ender, SurveyState
from workflow.cases.case import Case
from workflow.surveys.matter import Matter
from workflow.surveys.planning import Planned

_COUNT = (
    "SELECT count(*) FROM surveys WHERE state = $3 AND ended_by = 'applicant'"
    " AND (application_id = $1"
    " OR $1::uuid IS NULL AND registration_id = $2 AND application_id IS NULL)"
)
_OPEN = """
SELECT count(*) FROM surveys s LEFT JOIN applications a ON a.id = s.application_id
LEFT JOIN registrations g ON g.id = s.registration_id AND s.application_id IS NULL
WHERE coalesce(a.owner_id, g.owner_id) = $1 AND s.state IN ('held', 'confirmed') AND s.at > $2
  AND s.application_id IS DISTINCT FROM $3
  AND EXISTS (SELECT FROM survey_visits v WHERE v.survey_id = s.id AND v.active)
"""


async def used(matter: Matter, state: SurveyState) -> int:
    """How many times of it the applicant has moved (or cancelled)."""
    count: int = await pool().fetchval(_COUNT, *matter.ids.values(), state)
    return count


def too_late(matter: Matter) -> bool:
    """Whether the visit is so near that the applicant no longer moves it by itself."""
    hours = timedelta(hours=matter.city.survey_rules.move_until_hours)
    return matter.survey is not None and matter.survey.at - matter.unit.now < hours


async def to_move(matter: Matter, side: Ender, reason: str) -> None:
    """Raises ``GUARD_FAILED`` when the applicant may not move its appointment any more, ``INVALID``
    when somebody else goes beyond the limits without a reason. A first booking moves nothing.
    """
    if matter.survey is None:
        return
    rules = matter.city.survey_rules
    if too_late(matter):
        _refuse(matter, side, reason, guard="too_late_to_move")
    elif await used(matter, SurveyState.MOVED) >= rules.max_moves:
        _refuse(matter, side, reason, guard="moves_used_up")


async def to_cancel(matter: Matter, side: Ender, reason: str) -> None:
    """As ``to_move``, for cancelling."""
    rules = matter.city.survey_rules
    if too_late(matter):
        _refuse(matter, side, reason, guard="too_late_to_move")
    elif await used(matter, SurveyState.CANCELLED) >= rules.max_cancels:
        _refuse(matter, side, reason, guard="cancels_used_up")


async def over(matter: Matter, planned: Planned) -> bool:
    """Whether the applicant has as many surveys with crews before it as it may have at once."""
    case = matter.case
    row = case.app if isinstance(case, Case) else case.row
    if not planned.parts or row.owner_id is None:
        return False
    found: int = await pool().fetchval(
        _OPEN, row.owner_id, matter.unit.now, matter.ids["application_id"]
    )
    return found >= matter.city.survey_rules.max_open


async def to_have(matter: Matter, planned: Planned, side: Ender, reason: str) -> None:
    """As ``to_move``, for one more survey."""
    if matter.survey is None and await over(matter, planned):
        _refuse(matter, side, reason, guard="surveys_used_up")


def _refuse(matter: Matter, side: Ender, reason: str, *, guard: str) -> None:
    if side is Ender.APPLICANT:
        raise DomainError(Code.GUARD_FAILED, guard=guard, allowed=matter.allowed())
    if not reason:
        raise DomainError(Code.INVALID, faults=(Fault("reason", "override_reason_needed"),))
