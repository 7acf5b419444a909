"""Who has to confirm a record: every organisation that came, and the applicant."""

from collections.abc import Iterable
from uuid import UUID

from models import RecordSignature, Survey, SurveyRecord, SurveyVisit, UtilityRequest
from workflow.surveys.field.visiting import going
from workflow.unit import Unit

Party = UUID | None
"""An organisation; None is the applicant."""


async def who_came(survey: Survey, requests: Iterable[UtilityRequest]) -> list[UUID]:
    """Organisations that were on site: checked in, said that they had left, or with findings.

    A visit that only ended together with the survey is no sign of anybody.
    """
    visits = await SurveyVisit.filter(survey_id=survey.id)
    came = {v.organization_id for v in visits if v.arrived_at or v.arrival.get("done_at")}
    came |= {request.organization_id for request in requests if request.findings}
    return sorted(came)


async def words_of(record: SurveyRecord) -> dict[Party, RecordSignature]:
    """Each party's last word on the edition that stands."""
    rows = await RecordSignature.filter(record_id=record.id, edition=record.edition)
    return {row.organization_id: row for row in sorted(rows, key=lambda r: (r.signed_at, r.id))}


def is_agreed(came: Iterable[UUID], words: dict[Party, RecordSignature]) -> bool:
    """Whether everybody has confirmed."""
    parties: list[Party] = [*came, None]
    return all(party in words and words[party].agrees for party in parties)


def own_parties(unit: Unit, city: str, organizations: Iterable[UUID]) -> list[UUID]:
    """Of these organisations those for which the actor goes out."""
    return [each for each in organizations if going(unit.actor, city, each) is not None]
