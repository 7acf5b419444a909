"""A platform that shares no code with the product: signed and encrypted by werobot."""

import time
from dataclasses import dataclass, field
from typing import Any

import xmltodict
from werobot.crypto import MessageCrypt
from werobot.utils import get_signature

OPENID = "oA123456789012345678901234xy"
ACCOUNT = "gh_0123456789ab"


@dataclass
class Sender:
    """Pushes for one account. ``at`` stands for the sender's time, real unless given."""

    token: str
    aes_key: str
    appid: str
    at: int | None = None
    nonce: str = "1514711492"
    crypt: Any = field(init=False)

    def __post_init__(self) -> None:
        self.crypt = MessageCrypt(self.token, self.aes_key, self.appid)

    @property
    def timestamp(self) -> str:
        return str(int(time.time()) if self.at is None else self.at)

    def url(self) -> dict[str, str]:
        """What every request carries."""
        timestamp = self.timestamp
        signature = get_signature(self.token, timestamp, self.nonce)
        return {
            "signature": signature,
            "timestamp": timestamp,
            "nonce": self.nonce,
            "openid": OPENID,
        }

    def encrypted(self, message: bytes) -> str:
        """The message as ``Encrypt`` holds it."""
        sealed: bytes = self.crypt.prp_crypto.encrypt(message, self.appid)
        return sealed.decode()

    def signed(self, encrypt: str) -> dict[str, str]:
        """The query of an encrypted message."""
        url = self.url()
        signature = get_signature(self.token, url["timestamp"], self.nonce, encrypt)
        return {**url, "encrypt_type": "aes", "msg_signature": signature}

    def plain(self, message: bytes) -> tuple[dict[str, str], bytes]:
        """明文."""
        return self.url(), message

    def safe(self, message: bytes) -> tuple[dict[str, str], bytes]:
        """安全."""
        encrypt = self.encrypted(message)
        return self.signed(encrypt), envelope(encrypt)

    def compat(self, message: bytes) -> tuple[dict[str, str], bytes]:
        """兼容: the plain fields beside the encrypted ones."""
        encrypt = self.encrypted(message)
        part = f"<Encrypt><![CDATA[{encrypt}]]></Encrypt></xml>".encode()
        return self.signed(encrypt), message.replace(b"</xml>", part)

    def opened(self, body: bytes) -> dict[str, Any]:
        """An encrypted reply, its signature checked."""
        told = xmltodict.parse(body)["xml"]
        parts = told["TimeStamp"], told["Nonce"], told["MsgSignature"]
        assert told["Nonce"] == self.nonce
        inner = self.crypt.decrypt_message(*parts, told["Encrypt"])
        return dict(xmltodict.parse(inner)["xml"])


def envelope(encrypt: str, account: str = ACCOUNT) -> bytes:
    """The body of safe mode."""
    return (
        f"<xml><ToUserName><![CDATA[{account}]]></ToUserName>"
        f"<Encrypt><![CDATA[{encrypt}]]></Encrypt></xml>"
    ).encode()


def xml(**fields: object) -> bytes:
    """A message as the platform writes it: strings as CDATA, numbers bare."""
    told = {"ToUserName": ACCOUNT, "FromUserName": OPENID, "CreateTime": int(time.time()), **fields}
    inner = "".join(
        f"<{name}>{value}</{name}>"
        if isinstance(value, int)
        else f"<{name}><![CDATA[{split(value)}]]></{name}>"
        for name, value in told.items()
    )
    return f"<xml>{inner}</xml>".encode()


def text(content: str = "我的进度", number: int = 24000000000000001, to: str = ACCOUNT) -> bytes:
    """A text message."""
    return xml(ToUserName=to, MsgType="text", Content=content, MsgId=number)


def split(value: object) -> str:
    """A section's end inside of a section."""
    return str(value).replace("]]>", "]]]]><![CDATA[>")
