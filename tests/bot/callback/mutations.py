"""Messages as somebody hostile, broken or merely different might write them. Seeded."""

import json
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

from tests.bot.callback.sender import ACCOUNT, OPENID, Sender, envelope, split

Query = dict[str, str]
Request = tuple[Query, bytes]

_ENTRY = {"TemplateId": "T1", "SubscribeStatusString": "accept", "PopupScene": "0"}
SHAPES: tuple[dict[str, Any], ...] = (
    {"MsgType": "text", "Content": "我的报装进度怎么样了", "MsgId": 24000000000000001},
    {"MsgType": "text", "Content": "大冶市", "bizmsgmenuid": "3.daye", "MsgId": 2},
    {"MsgType": "image", "PicUrl": "http://mmbiz/1", "MediaId": "m1", "MsgId": 3},
    {"MsgType": "voice", "MediaId": "m1", "Format": "amr", "Recognition": "进度", "MsgId": 4},
    {"MsgType": "video", "MediaId": "m1", "ThumbMediaId": "t1", "MsgId": 5},
    {
        "MsgType": "location",
        "Location_X": "30.095",
        "Location_Y": "114.974",
        "Scale": 15,
        "Label": "大冶市",
        "MsgId": 6,
    },
    {"MsgType": "link", "Title": "通知", "Description": "", "Url": "https://a", "MsgId": 7},
    {"MsgType": "event", "Event": "subscribe", "EventKey": "qrscene_hall", "Ticket": "gQ"},
    {"MsgType": "event", "Event": "CLICK", "EventKey": "menu:status"},
    {"MsgType": "event", "Event": "LOCATION", "Latitude": "30.1", "Longitude": "114.9"},
    {"MsgType": "event", "Event": "TEMPLATESENDJOBFINISH", "MsgID": 200163836, "Status": "success"},
    {
        "MsgType": "event",
        "Event": "subscribe_msg_popup_event",
        "SubscribeMsgPopupEvent": {"List": [_ENTRY, _ENTRY]},
    },
    {"MsgType": "event", "Event": "subscribe_msg_change_event", "List": _ENTRY},
    {
        "MsgType": "event",
        "Event": "wxa_media_check",
        "trace_id": "t-1",
        "errcode": 0,
        "result": {"suggest": "pass", "label": 100},
    },
    {"MsgType": "event", "Event": "unsubscribe", "EventKey": ""},
)
_TOKENS = (
    *(b"<!DOCTYPE x>", b'<!ENTITY e "b">', b"&e;", b"&lt;", b"&#0;", b"&#x1F600;", b"]]>", b"<!--"),
    *(b"<![CDATA[", b"<?pi?>", b"\x00", b"\xff", b"\xed\xa0\x80", b"\xef\xbb\xbf", b"\xc0\xaf"),
    *(b"</xml>", b"<xml>", b"<a>" * 50, b"{", b"[" * 40, b'"', b"\\ud800", b"null", b"1e999"),
    *(b"9" * 400, b"-1", b"\xe4\xbd\xa0", b"A" * 3000, b"\r\n", b"\x1b[2J", b'xmlns:a="b"'),
)
_VALUES: tuple[Any, ...] = (
    *("", " ", "0", "-1", "9" * 30, "1e3", "nan", "\ufeff", "\u202e", "a\0b", "'; DROP TABLE x;--"),
    *("长" * 1500, "x" * 70, "{{7*7}}", "%s%n", "../../etc/passwd", "qrscene_", "text", "event"),
    *(0, -1, 2**63, 2**64, 10**40, 1.5, True, None, [], {}, [1, [2, [3]]], {"List": {"List": []}}),
    *(
        ["a", "b"],
        [{"TemplateId": None}],
        {"#text": "x", "@a": "b"},
        "subscribe",
        "SCAN",
        "transfer",
    ),
)
_NAMES = (
    "ToUserName",
    "FromUserName",
    "CreateTime",
    "MsgType",
    "Event",
    "MsgId",
    "List",
    "Encrypt",
)


def message_of(shape: dict[str, Any], at: int) -> dict[str, Any]:
    """A whole message of one shape."""
    return {"ToUserName": ACCOUNT, "FromUserName": OPENID, "CreateTime": at, **shape}


def written(fields: dict[str, Any], *, as_json: bool) -> bytes:
    """As XML or JSON, whatever the values are."""
    if as_json:
        return json.dumps(fields, ensure_ascii=True).encode()
    return f"<xml>{_children(fields)}</xml>".encode("utf-8", "surrogatepass")


def _children(fields: dict[str, Any]) -> str:
    return "".join(_element(name, value) for name, value in fields.items())


def _element(name: str, value: Any) -> str:
    if isinstance(value, list):
        return "".join(_element(name, each) for each in value)
    if isinstance(value, dict):
        named = {key.strip("#@") or "x": inner for key, inner in value.items()}
        return f"<{name}>{_children(named)}</{name}>"
    if isinstance(value, int | float):
        return f"<{name}>{value}</{name}>"
    return f"<{name}><![CDATA[{split('' if value is None else value)}]]></{name}>"


def restructured(random: Random, fields: dict[str, Any]) -> dict[str, Any]:
    """Fields lost, doubled, swapped, emptied or filled with what does not belong."""
    changed = dict(fields)
    for _ in range(random.randint(1, 3)):
        name = random.choice([*changed, *_NAMES])
        act = random.randrange(6)
        if act == 0:
            changed.pop(name, None)
        elif act == 1:
            changed[name] = random.choice(_VALUES)
        elif act == 2:
            changed[name] = [changed.get(name), random.choice(_VALUES)]
        elif act == 3:
            changed[name] = {random.choice(_NAMES): changed.get(name)}
        elif act == 4:
            other = random.choice([*changed, *_NAMES])
            changed[name], changed[other] = changed.get(other), changed.get(name)
        else:
            changed[random.choice(["Extra", "content", "Content", "Label"])] = random.choice(
                _VALUES
            )
    return changed


def damaged(random: Random, body: bytes) -> bytes:
    """Bytes lost, doubled, flipped, cut or joined by what has a meaning elsewhere."""
    out = bytearray(body)
    for _ in range(random.choice((1, 1, 1, 2, 5))):
        at = random.randrange(len(out) + 1)
        act = random.randrange(6)
        if act == 0 and out:
            out[at % len(out)] ^= 1 << random.randrange(8)
        elif act == 1:
            del out[at : at + random.choice((1, 2, 8, 40))]
        elif act == 2:
            out[at:at] = out[at : at + random.choice((1, 8, 40))]
        elif act == 3:
            out[at:at] = random.choice(_TOKENS)
        elif act == 4:
            del out[at:]
        else:
            out[at : at + 1] = bytes([random.randrange(256)])
    return bytes(out)


def requests(
    random: Random, platform: Sender, count: int, *, fresh: bool = False, shapes: int = len(SHAPES)
) -> Iterator[Request]:
    """``count`` requests: most reach the parser with a good signature. ``fresh``: each is a message
    of its own, not one of a few sent again. ``shapes``: so many of ``SHAPES``, of which the first
    are what people say.
    """
    at = int(platform.timestamp)
    kinds: tuple[Callable[[Random, Sender, bytes], Request], ...] = (
        _sealed_damage,
        _sealed_damage,
        _sealed,
        _sealed,
        _sealed,
        _envelope_damage,
        _cipher_damage,
        _query_damage,
    )
    for number in range(count):
        fields = message_of(random.choice(SHAPES[:shapes]), at - number if fresh else at)
        if fresh and "MsgId" in fields:
            fields["MsgId"] = at * 10_000 + number
        as_json = random.random() < 0.3
        kind = random.choice(kinds)
        if kind is _sealed:
            fields = restructured(random, fields)
        yield kind(random, platform, written(fields, as_json=as_json))


def _sealed(_: Random, platform: Sender, message: bytes) -> Request:
    return platform.safe(message)


def _sealed_damage(random: Random, platform: Sender, message: bytes) -> Request:
    return platform.safe(damaged(random, message))


def _envelope_damage(random: Random, platform: Sender, message: bytes) -> Request:
    query, body = platform.safe(message)
    return query, damaged(random, body)


def _cipher_damage(random: Random, platform: Sender, message: bytes) -> Request:
    """Signed all the same: the signature does not vouch for what is inside."""
    encrypt = damaged(random, platform.encrypted(message).encode()).decode("latin-1")
    return platform.signed(encrypt), envelope(encrypt)


def _query_damage(random: Random, platform: Sender, message: bytes) -> Request:
    query, body = platform.safe(message)
    name = random.choice([*query, "echostr"])
    if random.random() < 0.3:
        query.pop(name, None)
    else:
        damage = damaged(random, query.get(name, "").encode())
        query[name] = damage.decode("utf-8", "surrogateescape")
    return query, body
