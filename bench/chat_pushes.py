"""Messages as the platform pushes them in safe mode, made before any clock runs; answers opened."""

import itertools
import re
import secrets
import time
from collections.abc import Iterable
from urllib.parse import urlencode

from bot.addresses import OFFICIAL_ACCOUNT
from config.settings import WechatAccount
from wechat.crypto import Crypto, signature_of

_ENCRYPT = re.compile(r"<Encrypt><!\[CDATA\[([^\]]*)\]\]></Encrypt>")
_CONTENT = re.compile(r"<Content><!\[CDATA\[(.*?)\]\]></Content>", re.DOTALL)
_FIRST_ID = 24_000_000_000_000_000
"""Message ids have 17 digits and more."""


class Pushes:
    """Signs and encrypts as the platform does for one account; every message has its own MsgId."""

    def __init__(self, account: WechatAccount) -> None:
        self._token = account.token.get_secret_value()
        self._to = account.original_id or "gh_0123456789ab"
        self._crypto = Crypto(self._token, account.appid, account.aes_key.get_secret_value())
        self._ids = itertools.count(_FIRST_ID)

    def text(self, openid: str, content: str) -> bytes:
        """Something typed now: the whole request."""
        now = int(time.time())
        message = (
            f"<xml><ToUserName><![CDATA[{self._to}]]></ToUserName>\n"
            f"<FromUserName><![CDATA[{openid}]]></FromUserName>\n"
            f"<CreateTime>{now}</CreateTime>\n"
            f"<MsgType><![CDATA[text]]></MsgType>\n"
            f"<Content><![CDATA[{content}]]></Content>\n"
            f"<MsgId>{next(self._ids)}</MsgId>\n</xml>"
        )
        return self._pushed(openid, message.encode(), now)

    def said(self, answer: str) -> str:
        """The text of a whole answer, its XML as sent. ValueError for any other: a bare ``success``
        means that the reply comes later, which is no answer to measure.
        """
        sealed = _ENCRYPT.search(answer)
        opened = self._crypto.open(sealed[1]).message.decode() if sealed else ""
        content = _CONTENT.search(opened)
        if content is None:
            raise ValueError(f"not answered with a text: {answer[:400]}")
        return content[1]

    def _pushed(self, openid: str, message: bytes, now: int) -> bytes:
        nonce = str(secrets.randbelow(2_000_000_000))
        sealed = self._crypto.seal(message, timestamp=now, nonce=nonce)
        query = {
            "signature": signature_of(self._token, str(now), nonce),
            "timestamp": now,
            "nonce": nonce,
            "openid": openid,
            "encrypt_type": "aes",
            "msg_signature": sealed.msg_signature,
        }
        body = (
            f"<xml><ToUserName><![CDATA[{self._to}]]></ToUserName>"
            f"<Encrypt><![CDATA[{sealed.encrypt}]]></Encrypt></xml>"
        )
        head = (
            f"POST {OFFICIAL_ACCOUNT}?{urlencode(query)} HTTP/1.1\r\nhost: 127.0.0.1\r\n"
            f"content-type: text/xml\r\ncontent-length: {len(body)}\r\n\r\n"
        )
        return (head + body).encode("ascii")


def texts(pushes: Pushes, said: Iterable[tuple[str, str]]) -> tuple[bytes, ...]:
    """Messages of (openid, content)."""
    return tuple(pushes.text(openid, content) for openid, content in said)
