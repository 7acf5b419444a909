"""Who is told of a move, and what the notice repeats of it."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from models import UtilityRequest
from models.base import new_id
from rules.actors import Role
from rules.lifecycle import Move, Organiser, Tell, organiser_role
from workflow.notices import Audience, Notice

if TYPE_CHECKING:
    from workflow.cases.case import Case

PARAMS = frozenset(
    {
        "reason",
        "at",
        "due_at",
        "count",
        "verdict",
        "result",
        "level",
        "times",
        "organization",
        "minutes",
    }
)
"""What of an event's data a notice may repeat; never personal, never somebody's own words."""


def tell(
    case: "Case", move: Move, request: UtilityRequest | None, data: Mapping[str, Any] | None
) -> None:
    """Note the move's notice, unless it is silent."""
    if move.tells:
        notify(case, move.event, move.tells, request, data)


def notify(
    case: "Case",
    code: str,
    tells: Sequence[Tell],
    request: UtilityRequest | None = None,
    data: Mapping[str, Any] | None = None,
) -> None:
    """Tell whom ``tells`` names, by a code of ``config/texts/notices.toml``."""
    case.unit.notices.append(
        Notice(
            origin=str(new_id()),
            code=code,
            city=case.app.city,
            audience=audience(case, tells, request),
            params={
                "number": case.number(),
                "utility": request.utility if request else None,
                "stage": case.app.stage.value,
                **{k: v for k, v in (data or {}).items() if k in PARAMS},
            },
            application_id=case.app.id,
        )
    )


def audience(
    case: "Case", tells: Sequence[Tell], request: UtilityRequest | None = None
) -> Audience:
    """The people behind the table's ``tells``."""
    owner = case.app.owner_id
    roles: list[Role] = []
    organizations: list[UUID] = []
    staff: list[Role] = []
    if Tell.WINDOW in tells:
        roles.append(Role.WINDOW_CLERK)
    if Tell.COORDINATOR in tells:
        roles.append(Role.COORDINATOR)
    if Tell.ORGANISER in tells:
        role = organiser_role(Organiser.SURVEY, case.city.organisers)
        if role is not Role.UTILITY_CLERK:
            roles.append(role)
    if Tell.UTILITIES in tells:
        organizations += [r.organization_id for r in case.live_requests()]
        staff += [Role.UTILITY_CLERK, Role.CREW]
    if Tell.OWN_UTILITY in tells and request is not None:
        organizations.append(request.organization_id)
        staff.append(Role.UTILITY_CLERK)
    if Tell.DEPARTMENTS in tells:
        organizations += [
            o.organization_id
            for o in case.opinions
            if request is None or o.request_id == request.id
        ]
        staff.append(Role.APPROVER)
    if Tell.COMING in tells:
        organizations += sorted(case.visitors)
        staff += [Role.UTILITY_CLERK, Role.CREW, Role.APPROVER]
    return Audience(
        persons=(owner,) if Tell.APPLICANT in tells and owner else (),
        enterprise=case.app.enterprise_id if Tell.APPLICANT in tells else None,
        city_roles=tuple(dict.fromkeys(roles)),
        organizations=tuple(dict.fromkeys(organizations)),
        organization_roles=tuple(dict.fromkeys(staff)),
    )
