"""Which documents are attached to a case, by their purpose."""

from uuid import UUID

from models import UploadUse


async def attached_purposes(application_id: UUID) -> frozenset[str]:
    """City documents' codes and permit papers' names under which something is attached."""
    uses = await UploadUse.filter(application_id=application_id).only("purpose")
    return frozenset(use.purpose for use in uses)
