"""What has changed on a case since the version somebody read: told with every 412."""

from typing import Any
from uuid import UUID

from models import Event
from rules.lifecycle import Subject
from workflow.encoding import shown


async def changes_since(
    *,
    version: int,
    application_id: UUID | None = None,
    request_id: UUID | None = None,
    registration_id: UUID | None = None,
) -> list[dict[str, Any]]:
    """Moves made after ``version``, oldest first: what, by which role, when."""
    query = Event.filter(version__gt=version)
    if request_id is not None:
        query = query.filter(request_id=request_id)
    elif registration_id is not None:
        query = query.filter(registration_id=registration_id, subject=Subject.REGISTRATION)
    else:
        query = query.filter(application_id=application_id, subject=Subject.APPLICATION)
    return [
        {
            "event": event.name,
            "from": event.source,
            "to": event.target,
            "role": event.role.value,
            "at": shown(event.entered_at),
            "version": event.version,
        }
        for event in await query.order_by("id").limit(50)
    ]
