"""The clock of the connection: it runs from the time agreed with the enterprise (预约式报装)."""

from datetime import datetime

from models import UtilityRequest
from rules.actors import Role
from workflow.case import Case
from workflow.deadlines import Holder


def begin_connection(case: Case, request: UtilityRequest, at: datetime) -> None:
    """Take over a time agreed before, at the registration, and run the limit from it."""
    case.set_request(request, connection_at=at)
    case.clocks.open(
        "connection",
        Holder(Role.UTILITY_CLERK, request.organization_id),
        request_id=request.id,
        start=at,
    )
