"""What a record says: made from the findings of all requests; what those who came add to it."""

from typing import Any

from workflow.inputs import iso
from workflow.surveys.record.matter import Matter, address

Json = dict[str, Any]
ADDED = ("conclusion", "notes")
"""Written by those who came; the rest follows from what was found."""


def made(matter: Matter) -> Json:
    """The record as it is now, with what had been added to it before."""
    before: Json = matter.record.content if matter.record else {}
    return {
        "survey_at": iso(matter.survey.at),
        "address": address(matter),
        "came": [str(each) for each in matter.came],
        "findings": [
            {
                "request_id": str(request.id),
                "organization_id": str(request.organization_id),
                "utility": request.utility,
                "visited_at": request.findings["visited_at"],
                "access_point": request.findings["access_point"],
                "remark": request.findings.get("remark", ""),
                "segments": request.findings["segments"],
            }
            for request in matter.requests
            if request.findings
        ],
        "conclusion": before.get("conclusion", ""),
        "notes": before.get("notes", {}),
    }
