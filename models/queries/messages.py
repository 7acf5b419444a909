"""Messages to a person of the official account, waiting in the outbox."""

from datetime import datetime

from models.db import pool

_EARLIER = """
SELECT max(available_at) FROM outbox
WHERE topic = 'chat_message' AND payload->>'openid' = $1 AND payload->>'ref' < $2
  AND done_at IS NULL AND failed_at IS NULL
"""


async def earlier_until(openid: str, ref: str) -> datetime | None:
    """When the last row of messages to the person written before ``ref`` is tried next; None where
    none waits.
    """
    found: datetime | None = await pool().fetchval(_EARLIER, openid, ref)
    return found
