"""A message or event of the platform, read from its XML or JSON into plain values.

Everything the platform sends is read, also types nobody has heard of yet: what they mean is the
door's matter. Only what no platform would send is refused.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any
from xml.parsers.expat import ExpatError

import orjson
from wechatpy.events import SubscribeScanEvent, SubscribeScanProductEvent
from wechatpy.parser import parse_message

from wechat.callback import Malformed

SCENE = "qrscene_"
"""What the key of a ``subscribe`` event begins with when a QR code was scanned."""

_NAME = re.compile(r"[!-~]{1,64}")
_SECONDS = re.compile(r"[0-9]{1,10}")
_NUMBER = re.compile(r"[0-9]{1,20}")
_DEGREES = re.compile(r"-?[0-9]{1,3}(?:\.[0-9]{1,20})?")


@dataclass(frozen=True, slots=True)
class Pushed:
    """One message (``type`` text, image, voice …) or event (``type`` event, ``event`` its name).

    ``to`` is the account, ``openid`` who wrote; ``at`` Unix seconds. ``event`` is in lower case.
    ``choice`` is the id of a tapped line of a menu message. Degrees are GCJ-02. ``fields`` holds
    what has no place of its own. ``key`` is the same for every delivery of one message and for no
    other; ``raw`` is the message as it came. What people wrote does not show when printed.
    """

    to: str
    openid: str = field(repr=False)
    at: int
    type: str
    key: str
    raw: bytes = field(repr=False)
    event: str = ""
    event_key: str = field(default="", repr=False)
    text: str = field(default="", repr=False)
    choice: str = ""
    media_id: str = field(default="", repr=False)
    pic_url: str = field(default="", repr=False)
    recognition: str = field(default="", repr=False)
    latitude: float | None = field(default=None, repr=False)
    longitude: float | None = field(default=None, repr=False)
    scale: int | None = None
    label: str = field(default="", repr=False)
    ticket: str = field(default="", repr=False)
    msg_id: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict, repr=False)


_TEXTS = {
    "EventKey": ("event_key", 4096),
    "Content": ("text", 65_536),
    "bizmsgmenuid": ("choice", 512),
    "MediaId": ("media_id", 512),
    "PicUrl": ("pic_url", 4096),
    "Recognition": ("recognition", 65_536),
    "Label": ("label", 4096),
    "Ticket": ("ticket", 1024),
}
"""Where a text belongs, and how many characters of it make sense."""
_HEAD = frozenset({"ToUserName", "FromUserName", "CreateTime", "MsgType", "Event"})


_CHARACTERS = r"[^]<&\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff]*"
_ELEMENT = (
    r"[ \t\n]*<([A-Za-z][0-9A-Za-z_]{0,31})>"
    rf"(?:<!\[CDATA\[({_CHARACTERS})\]\]>|({_CHARACTERS}))</\1>"
)
_ELEMENTS = re.compile(_ELEMENT)
_FLAT = re.compile(rf"<xml>(?:{_ELEMENT})+[ \t\n]*</xml>[ \t\n]*")
"""What people write comes like this: read without a parser. Any other shape is parsed."""


def parse(message: bytes) -> Pushed:
    """Raises Malformed for what is neither XML nor JSON of the platform's shape."""
    told, scanned = _told(message)
    to, openid = _matching(_NAME, told, "ToUserName"), _matching(_NAME, told, "FromUserName")
    at = int(_matching(_SECONDS, told, "CreateTime"))
    kind = _text(told.get("MsgType"), 64).lower()
    event = _text(told.get("Event"), 64).lower() if kind == "event" else ""
    if not kind or (kind == "event" and not event):
        raise Malformed("type")
    found: dict[str, Any] = {}
    rest: dict[str, Any] = {}
    for name, value in told.items():
        if name in _TEXTS:
            place, most = _TEXTS[name]
            found[place] = _text(value, most)
        elif name in _READ:
            place, read = _READ[name]
            found[place] = read(value)
        elif name not in _HEAD:
            rest[name] = value
    if scanned:
        event, found["event_key"] = "subscribe", scanned
    key = _key_of(openid, at, event or kind, found)
    return Pushed(to, openid, at, kind, key, message, event, **found, fields=rest)


def _told(message: bytes) -> tuple[Mapping[str, Any], str]:
    """What the message holds, and the key of a QR code followed by, which wechatpy takes apart."""
    try:
        if message.lstrip()[:1] == b"{":
            return orjson.loads(message), ""
        text = message.decode()
        flat = _flat(text)
        if flat is not None:
            return flat, ""
        parsed = parse_message(text)
        told: object = parsed._data if parsed is not None else None
    except (ExpatError, LookupError, TypeError, AttributeError, ValueError, RecursionError):
        raise Malformed("message") from None
    if not isinstance(told, dict):
        raise Malformed("message")
    if isinstance(parsed, SubscribeScanEvent):
        return told, f"{SCENE}{_text(told.get('EventKey'), 512)}"
    if isinstance(parsed, SubscribeScanProductEvent):
        return told, _text(told.get("EventKey"), 512)
    return told, ""


def _flat(text: str) -> dict[str, str | None] | None:
    """A message of nothing but texts, each with a name of its own, as the parser would read it;
    None for all else, and for events, of which wechatpy knows more.
    """
    if _FLAT.fullmatch(text) is None:
        return None
    found = _ELEMENTS.findall(text)
    told = {name: (marked or plain).strip() or None for name, marked, plain in found}
    kind = told.get("MsgType")
    return told if len(told) == len(found) and kind and kind.lower() != "event" else None


def _matching(pattern: re.Pattern[str], told: Mapping[str, Any], name: str) -> str:
    value = _text(told.get(name), 64)
    if pattern.fullmatch(value) is None:
        raise Malformed(name)
    return value


def _text(value: object, most: int) -> str:
    """A text, of a number too: JSON senders disagree. No NUL, which no database keeps."""
    if type(value) in (int, float):
        value = str(value)
    if value is None:
        return ""
    if not isinstance(value, str) or len(value) > most:
        raise Malformed("value")
    return value.replace("\0", "")


def _degrees(value: object) -> float | None:
    text = _text(value, 64)
    number = float(text) if _DEGREES.fullmatch(text) else None
    return number if number is not None and -180 <= number <= 180 else None


def _scale(value: object) -> int | None:
    text = _text(value, 64)
    return int(text) if _NUMBER.fullmatch(text) else None


_READ: Mapping[str, tuple[str, Callable[[object], Any]]] = {
    "MsgId": ("msg_id", lambda value: _text(value, 64)),
    "Location_X": ("latitude", _degrees),
    "Location_Y": ("longitude", _degrees),
    "Latitude": ("latitude", _degrees),
    "Longitude": ("longitude", _degrees),
    "Scale": ("scale", _scale),
}


def _key_of(openid: str, at: int, kind: str, found: Mapping[str, Any]) -> str:
    """By MsgId; an event has none and is known by who, when, what and which key.

    Bounded, and of nothing a log could not show.
    """
    number = found.get("msg_id", "")
    if _NUMBER.fullmatch(number):
        return f"m{number}"
    subject = found.get("event_key") or number or found.get("text", "")
    told = "\0".join((openid, str(at), kind, subject))
    return "e" + blake2b(told.encode("utf-8", "surrogatepass"), digest_size=20).hexdigest()
