"""Is the product's answer to a pushed message one the platform could have used?"""

from dataclasses import dataclass
from typing import Any
from xml.parsers.expat import ExpatError

import xmltodict

from wechat.sandbox.config import AccountConfig, Kind
from wechat.sandbox.sealing import Sealer, Unreadable, sign

MAX_TEXT_BYTES = 2048
_ENVELOPE = ("Encrypt", "MsgSignature", "TimeStamp", "Nonce")
_MEDIA = {"image": "Image", "voice": "Voice", "video": "Video"}


class Unfit(Exception):
    """Why the platform could not use the answer."""


@dataclass(frozen=True, slots=True)
class Expected:
    """Who the answer goes to, and whether they sent an event."""

    kind: Kind
    account: AccountConfig
    openid: str
    event: bool


@dataclass(frozen=True, slots=True)
class Judged:
    """``outcome``: success, empty or reply. ``encrypted`` tells how the reply came, ``opened`` is
    its XML decrypted.
    """

    outcome: str
    reply: dict[str, Any] | None = None
    encrypted: bool = False
    opened: str = ""


def judge(expected: Expected, status: int, body: bytes) -> Judged:
    """Reads an answer. Raises Unfit."""
    if status != 200:
        raise Unfit(f"status {status}")
    if body == b"success":
        return Judged("success")
    if not body:
        return Judged("empty")
    told = _xml(body)
    encrypted = "Encrypt" in told
    mode = expected.account.mode
    if encrypted:
        if mode == "plain":
            raise Unfit("an encrypted reply in plain mode")
        body = _opened(expected.account, told)
        told = _xml(body)
    elif mode == "safe":
        raise Unfit("a plain reply in safe mode")
    _check_reply(expected, told)
    return Judged("reply", told, encrypted, body.decode())


def _xml(body: bytes) -> dict[str, Any]:
    try:
        told = xmltodict.parse(body, strip_whitespace=False)
    except (ExpatError, ValueError) as fault:
        raise Unfit(f"not XML: {fault}") from None
    root = told.get("xml")
    if not isinstance(root, dict):
        raise Unfit("the root is not <xml> with children")
    return {key: value for key, value in root.items() if key != "#text"}


def _opened(account: AccountConfig, envelope: dict[str, Any]) -> bytes:
    encrypt, signature, timestamp, nonce = (_text(envelope, key) for key in _ENVELOPE)
    if not (timestamp.isascii() and timestamp.isdigit()):
        raise Unfit("TimeStamp is not a number")
    if sign(account.token, timestamp, nonce, encrypt) != signature:
        raise Unfit("wrong MsgSignature")
    try:
        return Sealer(account.appid, account.aes_key).decrypt(encrypt)
    except Unreadable as fault:
        raise Unfit(f"Encrypt: {fault}") from None


def _check_reply(expected: Expected, reply: dict[str, Any]) -> None:
    if _text(reply, "ToUserName") != expected.openid:
        raise Unfit("ToUserName is not the person who wrote")
    if _text(reply, "FromUserName") != expected.account.original_id:
        raise Unfit("FromUserName is not the account")
    created = _text(reply, "CreateTime")
    if not (created.isascii() and created.isdigit()):
        raise Unfit("CreateTime is not a number")
    msgtype = _text(reply, "MsgType")
    if msgtype == "transfer_customer_service":
        if expected.event:
            raise Unfit("an event cannot be transferred to customer service")
        return
    if expected.kind == "mp":
        raise Unfit("a mini-program answers success or transfers, nothing else")
    if msgtype == "text":
        size = len(_text(reply, "Content").encode())
        if size > MAX_TEXT_BYTES:
            raise Unfit(f"Content of {size} bytes")
    elif msgtype in _MEDIA:
        _text(_part(reply, _MEDIA[msgtype]), "MediaId")
    elif msgtype == "music":
        _text(_part(reply, "Music"), "ThumbMediaId")
    elif msgtype == "news":
        _check_news(reply)
    else:
        raise Unfit(f"MsgType {msgtype}")


def _check_news(reply: dict[str, Any]) -> None:
    items = _part(reply, "Articles").get("item")
    if _text(reply, "ArticleCount") != "1" or not isinstance(items, dict):
        raise Unfit("news must have exactly one article")
    for key in ("Title", "Url"):
        _text(items, key)


def _part(reply: dict[str, Any], name: str) -> dict[str, Any]:
    part = reply.get(name)
    if not isinstance(part, dict):
        raise Unfit(f"{name} is missing")
    return part


def _text(part: dict[str, Any], name: str) -> str:
    value = part.get(name)
    if not isinstance(value, str) or not value:
        raise Unfit(f"{name} is missing")
    return value
