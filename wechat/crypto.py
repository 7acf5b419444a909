"""Signatures and encryption of the platform's pushes (消息加解密), and of our replies.

AES-256-CBC with the key's first 16 bytes as IV, padded to 32 bytes:
16 random bytes, the length (4 bytes, big end first), the message, the app id.
"""

import base64
import binascii
import hashlib
import hmac
import secrets
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

_BLOCK = 32
_SALT = 16
_HEAD = _SALT + 4


class CryptoFault(Exception):
    """Not from the platform, or not for us. ``reason`` is for counters, never for the sender."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def signature_of(*parts: str) -> str:
    """SHA-1 in hex over the parts, sorted by code unit and put together."""
    joined = "".join(sorted(parts)).encode(errors="surrogatepass")
    return hashlib.sha1(joined, usedforsecurity=False).hexdigest()


def signed(signature: str, *parts: str) -> bool:
    """Whether ``signature`` belongs to the parts, compared in constant time."""
    given = signature.encode(errors="surrogatepass")
    return hmac.compare_digest(given, signature_of(*parts).encode())


@dataclass(frozen=True, slots=True)
class AesKey:
    """An EncodingAESKey: 43 characters that are 32 bytes in base64."""

    key: bytes = field(repr=False)

    @classmethod
    def parse(cls, encoded: str) -> "AesKey":
        """Raises ValueError for anything but 43 letters and digits."""
        if len(encoded) != 43 or not (encoded.isascii() and encoded.isalnum()):
            raise ValueError("an EncodingAESKey has 43 letters and digits")
        return cls(base64.b64decode(encoded + "="))

    def cipher(self) -> "Cipher[modes.CBC]":
        """Ready for one encryption or decryption."""
        return Cipher(algorithms.AES(self.key), modes.CBC(self.key[:16]))


@dataclass(frozen=True, slots=True)
class Opened:
    """A decrypted message and the key that fitted, with which the reply is encrypted."""

    message: bytes
    key: AesKey


@dataclass(frozen=True, slots=True)
class Sealed:
    """An encrypted reply with its own signature."""

    encrypt: str
    msg_signature: str
    timestamp: int
    nonce: str

    def xml(self) -> bytes:
        """As the platform wants it from an account whose data format is XML."""
        return (
            f"<xml><Encrypt><![CDATA[{self.encrypt}]]></Encrypt>"
            f"<MsgSignature><![CDATA[{self.msg_signature}]]></MsgSignature>"
            f"<TimeStamp>{self.timestamp}</TimeStamp>"
            f"<Nonce><![CDATA[{self.nonce}]]></Nonce></xml>"
        ).encode()


class Crypto:
    """One account's signatures and keys; while a key is changed both are tried."""

    def __init__(
        self, token: str, appid: str, aes_key: str, previous_aes_key: str | None = None
    ) -> None:
        self._token = token
        self._appid = appid.encode()
        encoded = [aes_key] if previous_aes_key is None else [aes_key, previous_aes_key]
        self._keys = [AesKey.parse(each) for each in encoded]

    def url_signed(self, signature: str, timestamp: str, nonce: str) -> bool:
        """The signature of the URL check and of plain messages."""
        return signed(signature, self._token, timestamp, nonce)

    def message_signed(self, msg_signature: str, timestamp: str, nonce: str, encrypt: str) -> bool:
        """The signature of an encrypted message."""
        return signed(msg_signature, self._token, timestamp, nonce, encrypt)

    def open(self, encrypt: str) -> Opened:
        """Decrypts. Raises CryptoFault for base64, padding, length or app id alike."""
        try:
            sealed = base64.b64decode(encrypt, validate=True)
        except (binascii.Error, ValueError):
            raise CryptoFault("base64") from None
        if not sealed or len(sealed) % _BLOCK:
            raise CryptoFault("blocks")
        fault = CryptoFault("padding")
        for key in self._keys:
            try:
                return Opened(self._open_with(key, sealed), key)
            except CryptoFault as found:
                fault = found
        raise fault

    def seal(
        self,
        message: bytes,
        *,
        timestamp: int,
        nonce: str,
        key: AesKey | None = None,
        salt: bytes | None = None,
    ) -> Sealed:
        """Encrypts a reply; ``nonce`` is that of the request, ``timestamp`` Unix seconds now.

        ``key`` is the one the request came with; ``salt`` is random unless given.
        """
        head = (salt or secrets.token_bytes(_SALT)) + len(message).to_bytes(4, "big")
        body = head + message + self._appid
        missing = _BLOCK - len(body) % _BLOCK
        encryptor = (key or self._keys[0]).cipher().encryptor()
        sealed = encryptor.update(body + bytes([missing]) * missing) + encryptor.finalize()
        encrypt = base64.b64encode(sealed).decode()
        signature = signature_of(self._token, str(timestamp), nonce, encrypt)
        return Sealed(encrypt, signature, timestamp, nonce)

    def _open_with(self, key: AesKey, sealed: bytes) -> bytes:
        decryptor = key.cipher().decryptor()
        body = decryptor.update(sealed) + decryptor.finalize()
        missing = body[-1]
        padding = bytes([missing]) * missing
        if not 1 <= missing <= _BLOCK or not hmac.compare_digest(body[-missing:], padding):
            raise CryptoFault("padding")
        body = body[:-missing]
        if len(body) < _HEAD:
            raise CryptoFault("length")
        end = _HEAD + int.from_bytes(body[_SALT:_HEAD], "big")
        if end > len(body):
            raise CryptoFault("length")
        if not hmac.compare_digest(body[end:], self._appid):
            raise CryptoFault("appid")
        return body[_HEAD:end]
