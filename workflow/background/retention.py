"""Forgetting what only served its days (domain §12 keeps the rest)."""

from datetime import timedelta

from models import DeskLogin, MediaVerdict, OutboxRow, PlatformNonce, StoredAnswer
from models.queries.field_reports import forget_positions
from workflow.ports import Services

ANSWERS = timedelta(days=7)
"""How long a repeated key still gets its stored answer."""
NONCES = timedelta(days=1)
"""Far beyond the window in which a signed call is taken."""
SIGN_INS = timedelta(days=1)
VERDICTS = timedelta(days=30)
"""A check of a file is answered within half an hour; whoever asked has looked long before."""
TOLD = timedelta(days=30)
"""What was told to the outside, or given up: messages may repeat what people have typed."""


UNJUDGED = timedelta(days=30)
"""A photo that was to prove something has been handed in by then, offline or not."""


async def forget(services: Services) -> bool:
    """Remove stored answers, nonces, desk sign-ins, verdicts and what was told, past their days;
    and where exactly crews were, once their case has ended.
    """
    now = services.clock.now()
    await StoredAnswer.filter(created_at__lt=now - ANSWERS).delete()
    await PlatformNonce.filter(seen_at__lt=now - NONCES).delete()
    await DeskLogin.filter(expires_at__lt=now - SIGN_INS).delete()
    await MediaVerdict.filter(received_at__lt=now - VERDICTS).delete()
    await OutboxRow.filter(done_at__lt=now - TOLD).delete()
    await OutboxRow.filter(failed_at__lt=now - TOLD).delete()
    await forget_positions(now - UNJUDGED)
    return False
