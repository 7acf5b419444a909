"""Reminders of a joint visit: the day before and an hour before (city file), once.

The row of ``survey_reminders`` is the claim to a reminder, written with its notices in one
transaction: several workers, and one that starts anew, tell it once.
"""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from uuid import UUID

from models import Survey
from models.base import new_id
from models.db import pool
from models.writes import locked
from rules.actors import SYSTEM
from rules.lifecycle import Tell
from rules.states import SurveyState
from workflow.encoding import shown
from workflow.ports import Services
from workflow.surveys.each import each_apart
from workflow.surveys.matter import Matter
from workflow.unit import Answer, Unit, perform

BATCH = 200
TELLS = (Tell.APPLICANT, Tell.UTILITIES, Tell.COMING)


async def remind(services: Services) -> bool:
    """Tell of every visit that is near; whether more may wait."""
    now = services.clock.now()
    today = now.date()
    due: dict[UUID, list[int]] = {}
    for code in services.cities.codes():
        hours = services.cities.on(code, today).survey_rules.remind_hours
        for row in await pool().fetch(_DUE, code, now, list(hours), BATCH):
            due.setdefault(row["id"], []).append(row["hours"])
    await each_apart(
        [partial(_remind, services, survey, hours) for survey, hours in due.items()],
        "survey_reminder",
    )
    return len(due) >= BATCH


_DUE = """
SELECT s.id, h.hours FROM surveys s CROSS JOIN unnest($3::int[]) AS h(hours)
WHERE s.city = $1 AND s.state = 'confirmed' AND s.at > $2
  AND s.at <= $2 + h.hours * interval '1 hour'
  AND NOT EXISTS (SELECT FROM survey_reminders r WHERE r.survey_id = s.id AND r.hours = h.hours)
ORDER BY s.at, h.hours LIMIT $4
"""
_CLAIM = """
INSERT INTO survey_reminders (id, survey_id, hours, sent_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (survey_id, hours) DO NOTHING RETURNING id
"""


async def _remind(services: Services, survey_id: UUID, hours: Sequence[int]) -> None:
    """Claim what is due; tell once, however many are due at a time. Who has booked so late that
    the reminder's time was over by then has just been told.
    """

    async def act(unit: Unit) -> Answer:
        found = await Survey.filter(id=survey_id).first()
        if found is None:
            return Answer({})
        matter = await _matter(unit, found)
        survey = await locked(Survey, survey_id)
        if survey is None or survey.state is not SurveyState.CONFIRMED or survey.at <= unit.now:
            return Answer({})
        tell = False
        for each in hours:
            claim = await pool().fetchval(_CLAIM, new_id(), survey_id, each, unit.now)
            late = survey.created_at > survey.at - timedelta(hours=each)
            tell |= claim is not None and not late
        if tell:
            await matter.notify("survey_reminder", TELLS, {"at": shown(survey.at)})
        return Answer({})

    await perform(services, SYSTEM, act)


async def _matter(unit: Unit, survey: Survey) -> Matter:
    if survey.application_id is not None:
        return await Matter.application(unit, survey.application_id, expect=None)
    if survey.registration_id is None:
        raise LookupError(f"the survey {survey.id} belongs to nothing")
    return await Matter.registration(unit, survey.registration_id, expect=None)
