"""A record as its readers get it, with who has said what and what the reader may do."""

from typing import Any

from config.texts import words
from models import RecordSignature
from rules.actors import Role
from workflow import directory
from workflow.encoding import shown, shown_kept
from workflow.reading.wording import use_of
from workflow.surveys.record.matter import Matter
from workflow.surveys.record.parties import Party, words_of

Json = dict[str, Any]


async def view_of(matter: Matter) -> Json:
    """The record of a survey; it must be there."""
    row = matter.record
    assert row is not None  # noqa: S101 - the caller has looked
    content = row.content
    said = await words_of(row)
    named = {*matter.came, *(v for v in said if v is not None)}
    names = await directory.names(list(named))
    parties: list[Party] = [*matter.came, None]
    return {
        "survey_id": str(matter.survey.id),
        "application_id": str(matter.case.app.id) if matter.case else None,
        "number": matter.case.number() if matter.case else None,
        "edition": row.edition,
        "survey_at": shown_kept(content["survey_at"], "at"),
        "address": content["address"],
        "findings": [
            {
                **finding,
                "utility_label": use_of(matter.city, finding["utility"]),
                "visited_at": shown_kept(finding["visited_at"], "at"),
            }
            for finding in content["findings"]
        ],
        "conclusion": content["conclusion"],
        "notes": [
            {"organization_id": ident, "text": text} for ident, text in content["notes"].items()
        ],
        "parties": [
            {
                "organization_id": str(party) if party else None,
                "name": names[party] if party else words.role(Role.APPLICANT),
                "word": _word(said.get(party)),
            }
            for party in parties
        ],
        "agreed_at": shown(row.agreed_at),
        "updated_at": shown(row.updated_at),
        "may_change": row.agreed_at is None and (matter.by is not None or matter.organises),
        "may_sign": matter.owner or matter.at_window or bool(matter.own),
    }


def _word(row: RecordSignature | None) -> Json | None:
    if row is None:
        return None
    return {
        "agrees": row.agrees,
        "remark": row.remark,
        "upload_id": str(row.upload_id) if row.upload_id else None,
        "signed_at": shown(row.signed_at),
    }
