"""How often somebody may try to get in: per address and per account (ASVS 6.3.1)."""

import hashlib
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from rules.errors import Code, DomainError
from workflow.ports import Services


@dataclass(frozen=True, slots=True)
class Limit:
    """``tries`` within ``window_s`` seconds, counted for each address or account."""

    name: str
    tries: int
    window_s: int


SIGN_IN_ADDRESS: Final = Limit("sign_in.address", 120, 60)
"""Mobile carriers put thousands of phones behind one address: generous, but not endless."""
SIGN_IN_ACCOUNT: Final = Limit("sign_in.account", 20, 600)
PHONE: Final = Limit("phone", 10, 3600)
"""The platform charges for each number it tells."""
JOIN_ADDRESS: Final = Limit("join.address", 60, 600)
JOIN_ACCOUNT: Final = Limit("join.account", 10, 600)
DESK_ADDRESS: Final = Limit("desk.address", 60, 60)
DESK_CONFIRM: Final = Limit("desk.confirm", 20, 600)
DESK_FINISH: Final = Limit("desk.finish", 60, 600)


async def spend(services: Services, limit: Limit, who: str | UUID) -> None:
    """Count one try of an address or account. Raises ``TOO_MANY`` with ``retry_after`` seconds."""
    digest = hashlib.sha256(str(who).encode()).hexdigest()[:32]
    wait = await services.limits.spend(f"{limit.name}:{digest}", limit.tries, limit.window_s)
    if wait is not None:
        raise DomainError(Code.TOO_MANY, retry_after=wait)
