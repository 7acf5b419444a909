"""Forgetting what only served its days (domain §12 keeps the rest)."""

from datetime import timedelta

from models import DeskLogin, PlatformNonce, StoredAnswer
from workflow.ports import Services

ANSWERS = timedelta(days=7)
"""How long a repeated key still gets its stored answer."""
NONCES = timedelta(days=1)
"""Far beyond the window in which a signed call is taken."""
SIGN_INS = timedelta(days=1)


async def forget(services: Services) -> bool:
    """Remove stored answers, nonces and desk sign-ins past their days."""
    now = services.clock.now()
    await StoredAnswer.filter(created_at__lt=now - ANSWERS).delete()
    await PlatformNonce.filter(seen_at__lt=now - NONCES).delete()
    await DeskLogin.filter(expires_at__lt=now - SIGN_INS).delete()
    return False
