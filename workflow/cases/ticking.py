"""What a move does to the clocks of a case: whose they are, against whom they run."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from config.city.checks import WAITING_APPLICANT
from models import UtilityRequest
from models.base import new_id
from rules.actors import Role
from rules.lifecycle import Clock, Move, Organiser, organiser_role
from workflow import directory
from workflow.cases.stops import Stop
from workflow.deadlines import APPLICANT, Holder

if TYPE_CHECKING:
    from workflow.cases.case import Case

OF_DEPARTMENTS = frozenset({"document_list", "joint_approval", "commitment"})
OF_PROVIDER = frozenset({"plan", "permit_papers", "connection"})
OF_APPLICANT = frozenset({"offer_lapse", "rating_close", "gap_papers", "correction"})


async def tick(
    case: "Case",
    move: Move,
    request: UtilityRequest | None,
    *,
    start: datetime | None = None,
    due_at: datetime | None = None,
    department: Holder | None = None,
    skip: Sequence[str] = (),
) -> None:
    """Apply every tick of a move, except those of the steps to ``skip``."""
    for each in move.ticks:
        if each.step in skip or (each.step == "*" and each.clock in (Clock.PAUSE, Clock.RESUME)):
            continue  # a pause of the whole case is somebody's, see ``workflow.cases.pausing``
        match each.clock:
            case Clock.OPEN:
                await _open(case, each.step, request, start, due_at)
            case Clock.CLOSE:
                case.clocks.close(
                    each.step,
                    request_id=request.id if request else None,
                    organization_id=department.organization_id if department else None,
                )
            case Clock.PAUSE:
                case.stop_clocks(
                    Stop(str(new_id()), WAITING_APPLICANT, step=each.step, at=case.unit.now)
                )
            case Clock.RESUME:
                case.lift(*(stop.id for stop in case.clocks.stops if stop.step == each.step))


async def _open(
    case: "Case",
    step: str,
    request: UtilityRequest | None,
    start: datetime | None,
    due_at: datetime | None,
) -> None:
    if step in OF_DEPARTMENTS and request is not None:
        _for_departments(case, step, request, start)
        return
    case.clocks.open(
        step,
        await _holder(case, step, request),
        request_id=request.id if request else None,
        start=start,
        due_at=due_at if step == "gap_papers" else None,
    )


def _for_departments(
    case: "Case", step: str, request: UtilityRequest, start: datetime | None
) -> None:
    for opinion in case.opinions:
        if opinion.request_id == request.id and opinion.verdict is None:
            holder = Holder(Role.APPROVER, opinion.organization_id)
            case.clocks.open(step, holder, request_id=request.id, start=start)


async def _holder(case: "Case", step: str, request: UtilityRequest | None) -> Holder:
    if step in OF_APPLICANT:
        return APPLICANT
    if step in OF_PROVIDER and request is not None:
        return Holder(Role.UTILITY_CLERK, request.organization_id)
    if step == "survey":
        role = organiser_role(Organiser.SURVEY, case.city.organisers)
        found = await directory.organiser(case.app.city, Organiser.SURVEY, case.city.organisers)
        return Holder(role, found.id if found else None)
    return Holder(Role.WINDOW_CLERK, await directory.window_id(case.app.city))
