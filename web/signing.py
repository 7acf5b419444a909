"""Signed calls of other platforms: HMAC-SHA256 over what was sent (docs/integration.md).

The text that is signed has five lines: method, path with its query exactly as on the wire,
timestamp, nonce, SHA-256 of the body in hexadecimal. No line break follows the last.
"""

import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

PLATFORM = "x-platform"
TIMESTAMP = "x-timestamp"
NONCE = "x-nonce"
SIGNATURE = "x-signature"
HEADERS = (PLATFORM, TIMESTAMP, NONCE, SIGNATURE)

WINDOW = timedelta(minutes=5)
"""How far the timestamp may be off, either way."""

_TIMESTAMP = re.compile(r"[0-9]{10}")
_NONCE = re.compile(r"[0-9A-Za-z_-]{16,64}")
_SIGNATURE = re.compile(r"[0-9a-f]{64}")
_NO_KEY = b"no platform has this key........"


@dataclass(frozen=True, slots=True)
class Sent:
    """What is signed of a request. ``target``: path with query, percent-encoded as sent."""

    method: str
    target: bytes
    timestamp: str
    nonce: str
    body: bytes

    def text(self) -> bytes:
        """The five lines."""
        texts = (self.timestamp, self.nonce, hashlib.sha256(self.body).hexdigest())
        return b"\n".join((self.method.encode(), self.target, *(t.encode() for t in texts)))


def sign(key: bytes, sent: Sent) -> str:
    """The signature, 64 hexadecimal digits in lower case."""
    return hmac.new(key, sent.text(), hashlib.sha256).hexdigest()


@dataclass(frozen=True, slots=True)
class Credentials:
    """The four headers of a call, each well-formed."""

    platform: str
    timestamp: str
    nonce: str
    signature: str

    @classmethod
    def of(cls, given: Mapping[str, Sequence[str]]) -> "Credentials | None":
        """``given``: every value of each header. ``None`` unless each is there once and right."""
        if any(len(given[name]) != 1 for name in HEADERS):
            return None
        found = cls(*(given[name][0] for name in HEADERS))
        right = (
            _TIMESTAMP.fullmatch(found.timestamp)
            and _NONCE.fullmatch(found.nonce)
            and _SIGNATURE.fullmatch(found.signature)
        )
        return found if right else None


class Refusal(StrEnum):
    """Why a call is refused: for our log only, the caller is always told the same."""

    MALFORMED = "malformed"
    UNKNOWN = "unknown_platform"
    FORGED = "forged"
    STALE = "stale"
    REPLAYED = "replayed"


def judge(
    keys: Mapping[str, bytes],
    credentials: Credentials,
    *,
    method: str,
    target: bytes,
    body: bytes,
    now: datetime,
) -> Refusal | None:
    """``None`` when the platform it names signed the call within ``WINDOW`` of ``now``.

    An unknown platform costs the same time as a wrong signature. A replay is for the caller to
    find: the nonce is not looked at here.
    """
    key = keys.get(credentials.platform)
    sent = Sent(method, target, credentials.timestamp, credentials.nonce, body)
    expected = sign(key or _NO_KEY, sent)
    signed = hmac.compare_digest(expected, credentials.signature)
    if key is None:
        return Refusal.UNKNOWN
    if not signed:
        return Refusal.FORGED
    off = abs(now.timestamp() - int(credentials.timestamp))
    return Refusal.STALE if off > WINDOW.total_seconds() else None
