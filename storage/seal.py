"""Sealing of personal data at rest: AES-256-GCM under rotating keys, and keyed hashes for look-up.

A sealed value is ``version (1) ‖ key id length (1) ‖ key id ‖ nonce (12) ‖ ciphertext and tag``.
Version, key id and purpose are authenticated, so a value cannot be moved to another column.
Random nonces are safe for 2³² values a key; rotate long before.
"""

import hashlib
import hmac
import os
from collections.abc import Mapping
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

VERSION: Final = 1
KEY_BYTES: Final = 32
NONCE_BYTES: Final = 12
TAG_BYTES: Final = 16


class SealError(Exception):
    """A sealed value cannot be opened. Never carries the value."""


class SealBroken(SealError):
    """Not a sealed value, changed since, or sealed for another purpose."""


class SealKeyMissing(SealError):
    """Sealed under a key this process does not hold."""

    def __init__(self, kid: str) -> None:
        super().__init__(f"no sealing key named {kid!r}")
        self.kid = kid


class SealKeysInvalid(ValueError):
    """The keys given are unusable; says which and why, never the key."""


class Seal:
    """Seals with the active key, opens with any key it holds.

    ``keys`` maps key ids (1 … 32 printable ASCII characters) to 32 bytes each, ``lookup_key`` is
    at least 32 bytes of its own and does not rotate with them. Raises SealKeysInvalid.
    """

    def __init__(self, keys: Mapping[str, bytes], active: str, lookup_key: bytes) -> None:
        for kid, key in keys.items():
            if not (0 < len(kid) <= 32 and kid.isascii() and kid.isprintable()):
                raise SealKeysInvalid(f"key id {kid!r} is not 1 … 32 printable ASCII characters")
            if len(key) != KEY_BYTES:
                raise SealKeysInvalid(f"key {kid!r} has {len(key)} bytes instead of {KEY_BYTES}")
        if active not in keys:
            raise SealKeysInvalid(f"the active key {active!r} is not among the keys")
        if len(lookup_key) < KEY_BYTES:
            raise SealKeysInvalid(f"the look-up key has fewer than {KEY_BYTES} bytes")
        if any(hmac.compare_digest(lookup_key, key) for key in keys.values()):
            raise SealKeysInvalid("the look-up key must not be a sealing key")
        self._ciphers = {kid: AESGCM(key) for kid, key in keys.items()}
        self._active = active
        self._lookup_key = lookup_key

    def seal(self, plaintext: bytes, purpose: str) -> bytes:
        """Encrypts under the active key, bound to ``purpose`` (``"application.personal"``)."""
        header = _header(self._active)
        nonce = os.urandom(NONCE_BYTES)
        cipher = self._ciphers[self._active]
        return header + nonce + cipher.encrypt(nonce, plaintext, _bound(header, purpose))

    def open(self, blob: bytes, purpose: str) -> bytes:
        """The plaintext. Raises SealBroken or SealKeyMissing."""
        kid, header, rest = _parse(blob)
        cipher = self._ciphers.get(kid)
        if cipher is None:
            raise SealKeyMissing(kid)
        try:
            return cipher.decrypt(rest[:NONCE_BYTES], rest[NONCE_BYTES:], _bound(header, purpose))
        except InvalidTag:
            raise SealBroken("changed, or sealed for another purpose") from None

    def needs_reseal(self, blob: bytes) -> bool:
        """Whether a value lies under another key than the active one. Raises SealBroken."""
        return _parse(blob)[0] != self._active

    def lookup(self, value: bytes | str, purpose: str) -> bytes:
        """32 bytes that are equal for equal values of one purpose; the caller normalises."""
        raw = value.encode() if isinstance(value, str) else value
        label = purpose.encode()
        message = len(label).to_bytes(2, "big") + label + raw
        return hmac.new(self._lookup_key, message, hashlib.sha256).digest()


def _header(kid: str) -> bytes:
    raw = kid.encode("ascii")
    return bytes((VERSION, len(raw))) + raw


def _bound(header: bytes, purpose: str) -> bytes:
    return header + purpose.encode()


def _parse(blob: bytes) -> tuple[str, bytes, bytes]:
    """Key id, header, and nonce with ciphertext."""
    if len(blob) < 2 or blob[0] != VERSION:
        raise SealBroken("not a sealed value")
    split = 2 + blob[1]
    header, rest = bytes(blob[:split]), bytes(blob[split:])
    if split == 2 or len(rest) < NONCE_BYTES + TAG_BYTES or not header[2:].isascii():
        raise SealBroken("not a sealed value")
    return header[2:].decode("ascii"), header, rest
