"""What was told when an application was returned for correction (一次性告知), in words."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from config.cities import City
from models import Application
from rules.states import Stage
from workflow.reading.wording import reasons_of
from workflow.values import form_b

Json = dict[str, Any]


def in_words(city: City, faults: Iterable[Mapping[str, Any]]) -> list[Json]:
    """Faults as they are kept, with the labels of their fields (or documents) and reasons."""
    fields = form_b(city).by_key
    documents = {each.code: each.label for each in city.documents}
    reasons = reasons_of(city)
    return [
        {
            "field": fault["field"],
            "label": fields[fault["field"]].label
            if fault["field"] in fields
            else documents.get(fault["field"], fault["field"]),
            "reason": fault["reason"],
            "reason_label": reasons.get(fault["reason"], fault["reason"]),
            "note": fault["note"],
        }
        for fault in faults
    ]


async def to_correct(city: City, application_id: UUID) -> list[Json]:
    """All that was told at the last return; ``touched``: written again since. Empty unless it is
    returned. Whoever asks has been let in already.
    """
    row = await Application.get(id=application_id).only("id", "stage", "faults_told", "revisions")
    if row.stage is not Stage.RETURNED or not row.faults_told:
        return []
    told = row.faults_told[-1]
    return [
        {**fault, "touched": row.revisions.get(fault["field"], 0) > told["version"]}
        for fault in in_words(city, told["faults"])
    ]
