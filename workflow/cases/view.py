"""One case as its reader may see it, with what the reader may do now (domain §1)."""

from typing import Any
from uuid import UUID

from config.texts import words
from rules.states import Stage
from rules.visibility import Group, Level
from workflow import directory
from workflow.cases import parts
from workflow.cases.case import Case
from workflow.cases.sight import Sight
from workflow.encoding import shown
from workflow.unit import Answer, Unit

Json = dict[str, Any]


async def case_view(unit: Unit, application_id: UUID) -> Answer:
    """The case. ``NOT_FOUND`` for whoever has no part in it.

    A read by staff that shows personal data, masked or not, is written to the audit trail.
    """
    case = await Case.peek(unit, application_id)
    sight = Sight(case)
    body = await _body(unit, case, sight)
    personal = sight.reads_personal
    if personal is not Level.NONE:
        role = min(case.sees())
        unit.audit(
            case.app.city,
            role,
            "read_personal",
            "application",
            case.app.id,
            level=personal.name.lower(),
        )
    return Answer(body, version=case.app.version)


async def _body(unit: Unit, case: Case, sight: Sight) -> Json:
    app = case.app
    names = await directory.names(
        [
            *(row.organization_id for row in case.requests),
            *(row.organization_id for row in case.opinions),
        ]
    )
    documents = await parts.documents(case)
    if app.stage is Stage.SUBMITTED:
        case.missing_documents = bool(documents["missing"])
    corrected = sight.sees(Group.CORRECTION) is Level.FULL
    if not corrected:
        documents = parts.without_owed(documents)
    return {
        "id": str(app.id),
        "city": app.city,
        "number": case.number(),
        "stage": app.stage.value,
        "stage_label": words.state("application", app.stage.value),
        "channel": app.channel.value,
        "channel_label": words.state("channel", app.channel.value),
        "version": app.version,
        "own": case.owner,
        "roles": sorted(sight.roles),
        "allowed": list(case.allowed()),
        "submitted_at": shown(app.submitted_at),
        "accepted_at": shown(app.accepted_at),
        "connected_at": shown(app.connected_at),
        "closed_at": shown(app.closed_at),
        "due_at": shown(app.due_at),
        "registration_id": str(app.registration_id) if app.registration_id else None,
        "form": parts.form(unit, case, sight),
        "requests": [parts.request(case, row, sight, names) for row in case.requests],
        "surveys": await parts.surveys(case),
        "plan": app.plan_state.value,
        "plans": await parts.plans(case, sight) if sight.sees(Group.PLAN) else [],
        "documents": documents if sight.sees(Group.DOCUMENTS) else None,
        "corrections": parts.corrections(case) if corrected else [],
        "road": {
            "opened": app.road_opened,
            "checked_at": shown(app.road_checked_at),
        },
        "rating": await parts.rating(case) if sight.sees(Group.RATING) else None,
    }
