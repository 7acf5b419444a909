"""One push of the platform taken out of its envelope, in any of the three modes.

Which mode applies is our setting, never the sender's choice: in safe mode a plain message is
refused, in compatible mode only the encrypted part is believed, because no signature covers
the plain copy beside it.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from xml.parsers.expat import ExpatError

import xmltodict

from wechat.crypto import AesKey, Crypto, CryptoFault

MAX_BODY_BYTES = 64 * 1024
_BEFORE_ROOT = re.compile(rb"(?:\xef\xbb\xbf)?(?:\s|<\?.*?\?>|<!--.*?-->)*+", re.DOTALL)
"""All XML allows before its root element but a declaration."""
_USUAL = re.compile(
    rb"\s*<xml>\s*<ToUserName><!\[CDATA\[[0-9A-Za-z_-]{0,64}\]\]></ToUserName>"
    rb"\s*<Encrypt><!\[CDATA\[([0-9A-Za-z+/=]+)\]\]></Encrypt>\s*</xml>\s*"
)
"""What safe mode sends, to the letter: read without a parser. Any other shape is parsed."""


class Mode(StrEnum):
    """Plain (明文), compatible (兼容) or safe (安全) mode, as set in the platform's console."""

    PLAIN = "plain"
    COMPAT = "compat"
    SAFE = "safe"


class Oversized(Exception):
    """The body is larger than any message of the platform."""


class Malformed(Exception):
    """The body is not the XML or JSON the platform sends."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """A message after its checks: XML or JSON text, and how to encrypt the reply if at all."""

    message: bytes
    nonce: str
    key: AesKey | None


class Envelope:
    """Opens pushes and wraps replies for one account."""

    def __init__(self, crypto: Crypto, mode: Mode) -> None:
        self._crypto = crypto
        self._mode = mode

    def echo(self, query: Mapping[str, str]) -> str:
        """What to answer to the URL check. Raises CryptoFault."""
        self._check_url(query)
        return query.get("echostr", "")

    def open(self, query: Mapping[str, str], body: bytes) -> Incoming:
        """Checks signature and envelope. Raises CryptoFault, Oversized, Malformed."""
        if len(body) > MAX_BODY_BYTES:
            raise Oversized
        nonce = query.get("nonce", "")
        if self._mode is Mode.PLAIN:
            self._check_url(query)
            refuse_declarations(body)
            return Incoming(body, nonce, None)
        encrypt = _encrypted_part(body)
        given = query.get("msg_signature", "")
        if not self._crypto.message_signed(given, query.get("timestamp", ""), nonce, encrypt):
            raise CryptoFault("signature")
        opened = self._crypto.open(encrypt)
        refuse_declarations(opened.message)
        return Incoming(opened.message, nonce, opened.key)

    def reply(self, incoming: Incoming, message: bytes, *, timestamp: int) -> bytes:
        """A reply in the mode of the message it answers; ``success`` and nothing stay bare."""
        if incoming.key is None or message in (b"", b"success"):
            return message
        sealed = self._crypto.seal(
            message, timestamp=timestamp, nonce=incoming.nonce, key=incoming.key
        )
        return sealed.xml()

    def _check_url(self, query: Mapping[str, str]) -> None:
        given = (query.get(key, "") for key in ("signature", "timestamp", "nonce"))
        if not self._crypto.url_signed(*given):
            raise CryptoFault("signature")


def refuse_declarations(body: bytes) -> None:
    """No message of the platform declares a document type or an entity, which is only possible
    before the root element: what people write inside of it is theirs. Raises Malformed.
    """
    before = _BEFORE_ROOT.match(body)
    if before is not None and body.startswith(b"<!", before.end()):
        raise Malformed("declaration")


def _encrypted_part(body: bytes) -> str:
    usual = _USUAL.fullmatch(body)
    if usual is not None:
        return usual[1].decode()
    refuse_declarations(body)
    try:
        is_json = body.lstrip()[:1] == b"{"
        told: object = json.loads(body) if is_json else xmltodict.parse(body).get("xml")
    except (ExpatError, ValueError, RecursionError):
        raise Malformed("envelope") from None
    encrypt = told.get("Encrypt") if isinstance(told, dict) else None
    if encrypt is None:
        raise CryptoFault("plaintext")
    if not isinstance(encrypt, str):
        raise Malformed("envelope")
    return encrypt
