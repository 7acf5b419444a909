"""Signing and encrypting as the platform does it, written apart from the product's own crypto.

The two must not share code: each is there to find the other's mistakes.
"""

import base64
import binascii
import hashlib
import secrets

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

_BLOCK = 32


class Unreadable(Exception):
    """What came back cannot be decrypted, or names another app id."""


def sign(*parts: str) -> str:
    """SHA-1 over the sorted parts put together, in hex."""
    return hashlib.sha1("".join(sorted(parts)).encode(), usedforsecurity=False).hexdigest()


class Sealer:
    """Encrypts to, and decrypts from, one account with one EncodingAESKey."""

    def __init__(self, appid: str, aes_key: str) -> None:
        self._appid = appid.encode()
        key = base64.b64decode(aes_key + "=")
        self._cipher = Cipher(algorithms.AES(key), modes.CBC(key[:16]))

    def encrypt(self, message: bytes, salt: bytes | None = None) -> str:
        """Base64 of the message with salt, length and app id, padded to 32 bytes."""
        body = (salt or secrets.token_hex(8).encode()) + len(message).to_bytes(4, "big")
        body += message + self._appid
        missing = _BLOCK - len(body) % _BLOCK
        body += bytes([missing]) * missing
        encryptor = self._cipher.encryptor()
        return base64.b64encode(encryptor.update(body) + encryptor.finalize()).decode()

    def decrypt(self, text: str) -> bytes:
        """The message. Raises Unreadable."""
        try:
            sealed = base64.b64decode(text, validate=True)
        except binascii.Error:
            raise Unreadable("not base64") from None
        if not sealed or len(sealed) % _BLOCK:
            raise Unreadable("not whole blocks of 32 bytes")
        decryptor = self._cipher.decryptor()
        body = decryptor.update(sealed) + decryptor.finalize()
        missing = body[-1]
        if not 1 <= missing <= _BLOCK or body[-missing:] != bytes([missing]) * missing:
            raise Unreadable("wrong padding")
        body = body[:-missing]
        length = int.from_bytes(body[16:20], "big")
        if len(body) < 20 + length:
            raise Unreadable("wrong length")
        if body[20 + length :] != self._appid:
            raise Unreadable("wrong appid")
        return body[20 : 20 + length]
