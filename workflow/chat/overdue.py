"""Complaints whose time has passed: told once to those who are to answer (domain §9)."""

from uuid import UUID

from models import Complaint
from rules.actors import SYSTEM, Role
from workflow.chat.complaints import tell_offices
from workflow.ports import Services
from workflow.unit import Answer, Unit, perform

BATCH = 100


async def tell_overdue(services: Services) -> bool:
    """Escalate what is overdue; whether more may wait."""
    late = Complaint.filter(
        answered_at=None, overdue_told=False, due_at__lt=services.clock.now()
    ).order_by("due_at")
    ids = await late.limit(BATCH).values_list("id", flat=True)
    for ident in ids:
        await _tell(services, UUID(str(ident)))
    return len(ids) == BATCH


async def _tell(services: Services, complaint_id: UUID) -> None:
    async def act(unit: Unit) -> Answer:
        row = (
            await Complaint.filter(id=complaint_id, answered_at=None, overdue_told=False)
            .using_db(unit.connection)
            .select_for_update()
            .first()
        )
        if row is not None:
            await row.change(overdue_told=True)
            tell_offices(unit, row, "complaint_overdue")
            unit.audit(row.city, Role.SYSTEM, "complaint_overdue", "complaint", row.id)
        return Answer({})

    await perform(services, SYSTEM, act)
