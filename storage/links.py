"""Short-lived download links: what may be fetched, how, until when, and for whom.

A token is ``base64url(version ‖ upload ‖ person ‖ expiry ‖ disposition ‖ digest ‖ HMAC-SHA256)``.
It opens exactly one content of one upload; the caller compares ``digest`` with its row.
"""

import base64
import binascii
import hashlib
import hmac
import struct
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from rules.errors import Code, DomainError

TTL_MAX: Final = timedelta(hours=1)
KEY_MIN: Final = 32
_LABEL: Final = b"download-link/1"
_BODY: Final = struct.Struct(">B16s16sQB32s")
_MAC_BYTES: Final = 32
_TOKEN_CHARS: Final = -(-(_BODY.size + _MAC_BYTES) * 4 // 3)


class Disposition(StrEnum):
    """Saved as a file, or shown in place (images only make sense shown)."""

    ATTACHMENT = "attachment"
    INLINE = "inline"


_ORDER: Final = tuple(Disposition)


class LinkReason(StrEnum):
    """``reason`` of a refused link."""

    INVALID = "invalid"
    EXPIRED = "expired"
    FOREIGN = "foreign"
    """Made for another person or another upload."""


class LinkInvalid(DomainError):
    """The link opens nothing (any more)."""

    def __init__(self, reason: LinkReason) -> None:
        super().__init__(Code.LINK_INVALID, reason=reason.value)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Link:
    """What one token grants."""

    upload: UUID
    digest: str
    """SHA-256 of the content, lower-case hex."""
    disposition: Disposition
    person: UUID
    """Whom it was made for."""
    expires: datetime


class Links:
    """Makes and checks download tokens with one secret of at least 32 bytes."""

    def __init__(self, key: bytes) -> None:
        if len(key) < KEY_MIN:
            raise ValueError(f"the link key has fewer than {KEY_MIN} bytes")
        # its own key, so that a signature made elsewhere with the same secret means nothing here
        self._key = hmac.digest(key, _LABEL, hashlib.sha256)

    def issue(
        self,
        upload: UUID,
        digest: str,
        person: UUID,
        *,
        now: datetime,
        disposition: Disposition = Disposition.ATTACHMENT,
        ttl: timedelta = timedelta(minutes=5),
    ) -> str:
        """A token of URL-safe characters, good for ``ttl`` (at most an hour) from ``now``."""
        if not timedelta(0) < ttl <= TTL_MAX:
            raise ValueError("a link lives for at most an hour")
        expiry = int((now + ttl).timestamp())
        body = _BODY.pack(
            1,
            upload.bytes,
            person.bytes,
            expiry,
            _ORDER.index(disposition),
            bytes.fromhex(digest),
        )
        token = base64.urlsafe_b64encode(body + self._mac(body))
        return token.rstrip(b"=").decode("ascii")

    def verify(
        self, token: str, *, now: datetime, upload: UUID | None = None, person: UUID | None = None
    ) -> Link:
        """What ``token`` grants now. Raises LinkInvalid.

        Give ``upload`` and ``person`` where they are known, to refuse a link made for others.
        """
        body = self._body(token)
        version, upload_raw, person_raw, expiry, disposition, digest = _BODY.unpack(body)
        if version != 1 or disposition >= len(_ORDER):
            raise LinkInvalid(LinkReason.INVALID)
        link = Link(
            upload=UUID(bytes=upload_raw),
            digest=digest.hex(),
            disposition=_ORDER[disposition],
            person=UUID(bytes=person_raw),
            expires=datetime.fromtimestamp(expiry, UTC),
        )
        if now >= link.expires:
            raise LinkInvalid(LinkReason.EXPIRED)
        if upload not in (None, link.upload) or person not in (None, link.person):
            raise LinkInvalid(LinkReason.FOREIGN)
        return link

    def _mac(self, body: bytes) -> bytes:
        return hmac.digest(self._key, body, hashlib.sha256)

    def _body(self, token: str) -> bytes:
        """The signed part of a token whose signature holds (compared in constant time)."""
        if len(token) != _TOKEN_CHARS or not token.isascii():
            raise LinkInvalid(LinkReason.INVALID)
        try:
            raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
        except (binascii.Error, ValueError):
            raise LinkInvalid(LinkReason.INVALID) from None
        body, mac = raw[: _BODY.size], raw[_BODY.size :]
        if not hmac.compare_digest(mac, self._mac(body)):
            raise LinkInvalid(LinkReason.INVALID)
        return body
