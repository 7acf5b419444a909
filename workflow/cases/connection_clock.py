"""The clock of the connection: it runs from the time agreed with the enterprise (预约式报装)."""

from datetime import datetime

from models import UtilityRequest
from rules.actors import Role
from workflow.cases.case import Case
from workflow.deadlines import Holder


def take_over_agreed(case: Case, request: UtilityRequest) -> None:
    """Take over the time agreed at the registration, unless it has passed: the limit runs from it.

    Called where the connection is next: nothing is to be built, or what was built is accepted.
    """
    early = request.connection.get("agreed_early")
    at = datetime.fromisoformat(early) if early else None
    if at is None or at <= case.unit.now:
        return
    case.set_request(request, connection_at=at)
    case.clocks.open(
        "connection",
        Holder(Role.UTILITY_CLERK, request.organization_id),
        request_id=request.id,
        start=at,
    )
