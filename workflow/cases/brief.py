"""Short answers of acts: where the case or request stands now and what may be done next."""

from typing import Any

from models import UtilityRequest
from workflow.cases.case import Case
from workflow.encoding import shown


def brief(case: Case) -> dict[str, Any]:
    """An application after an act."""
    app = case.app
    return {
        "id": str(app.id),
        "city": app.city,
        "number": case.number(),
        "stage": app.stage.value,
        "version": app.version,
        "due_at": shown(app.due_at),
        "survey_at": shown(case.survey.at) if case.survey else None,
        "plan": app.plan_state.value,
        "requests": [_request(case, request) for request in case.requests],
        "allowed": list(case.allowed()),
    }


def brief_request(case: Case, request: UtilityRequest) -> dict[str, Any]:
    """A request after an act, with the stage of its application."""
    return {
        **_request(case, request),
        "application": {
            "id": str(case.app.id),
            "number": case.number(),
            "stage": case.app.stage.value,
            "version": case.app.version,
        },
    }


def _request(case: Case, request: UtilityRequest) -> dict[str, Any]:
    return {
        "id": str(request.id),
        "utility": request.utility,
        "kind": request.kind,
        "course": request.course.value,
        "state": request.state.value,
        "permit": request.permit_state.value if request.permit_state else None,
        "version": request.version,
        "due_at": shown(request.due_at),
        "connection_at": shown(request.connection_at),
        "allowed": list(case.allowed_on(request)),
    }
