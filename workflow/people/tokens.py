"""Tokens of signed-in devices: signed, short, naming a session and nothing else.

A token opens nothing by itself: the session it names must still be there (``identity.actor_of``),
so signing out, being removed or losing a role acts at once.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final
from uuid import UUID

import jwt

from config.keys import Keyring
from rules.errors import Code, DomainError

ALGORITHM: Final = "HS256"
AUDIENCE: Final = "lianhe-baozhuang"
LONGEST: Final = 1024
"""Characters; a longer text is no token of ours and is not even decoded."""
SKEW: Final = timedelta(seconds=5)
"""How far the clocks of two processes may differ."""


REMEMBERED: Final = 4096
"""Tokens a process has verified and need not verify again; a signature stays what it was."""


@dataclass(frozen=True, slots=True)
class _Claims:
    session: UUID
    issued_at: datetime
    expires_at: datetime


class Tokens:
    """Signs with the active key of a ring, accepts any key of it by its ``kid``."""

    def __init__(self, ring: Keyring) -> None:
        self._ring = ring
        self._verified = lru_cache(REMEMBERED)(self._verify)

    def issue(self, session: UUID, *, now: datetime, expires_at: datetime) -> str:
        """A token for a session."""
        claims = {
            "sub": str(session),
            "iat": int(now.timestamp()),
            "exp": int(expires_at.timestamp()),
            "aud": AUDIENCE,
        }
        headers = {"kid": self._ring.active}
        return jwt.encode(claims, self._ring.active_key, algorithm=ALGORITHM, headers=headers)

    def read(self, token: str, now: datetime) -> UUID:
        """The session a token names. Raises ``UNAUTHENTICATED`` for every kind of fault alike.

        Required are ``exp``, ``aud``, ``sub``, ``iat``. Times are judged by the product's clock,
        not the library's.
        """
        try:
            claims = self._verified(token)
        except (jwt.PyJWTError, ValueError, OverflowError, OSError):
            raise DomainError(Code.UNAUTHENTICATED) from None
        if not claims.issued_at - SKEW <= now < claims.expires_at:
            raise DomainError(Code.UNAUTHENTICATED)
        return claims.session

    def _verify(self, token: str) -> _Claims:
        claims = jwt.decode(
            token,
            self._key(token),
            algorithms=[ALGORITHM],
            audience=AUDIENCE,
            options={
                "require": ["exp", "aud", "sub", "iat"],
                "verify_exp": False,
                "verify_iat": False,
                "strict_aud": True,
            },
        )
        expires, issued = claims["exp"], claims["iat"]
        if type(expires) is not int or type(issued) is not int:
            raise ValueError("times are whole seconds")
        return _Claims(
            UUID(claims["sub"]),
            datetime.fromtimestamp(issued, UTC),
            datetime.fromtimestamp(expires, UTC),
        )

    def _key(self, token: str) -> bytes:
        """The key a token says it was signed with, when it is one of ours."""
        if len(token) > LONGEST:
            raise ValueError("too long")
        kid = jwt.get_unverified_header(token).get("kid")
        key = self._ring.keys.get(kid) if isinstance(kid, str) else None
        if key is None:
            raise ValueError("unknown key")
        return key
