"""Messages and events read into plain values, from XML and JSON, the odd ones too."""

import json
from typing import Any

import pytest

from wechat.callback import Malformed
from wechat.messages import Pushed, parse
from wechat.pushed_events import MediaVerdict, media_verdict, sent_results, template_answers
from wechat.sandbox.messages import to_xml

HEAD: dict[str, Any] = {
    "ToUserName": "gh_1",
    "FromUserName": "oA-1_z",
    "CreateTime": 1700000000,
}
MESSAGE = {**HEAD, "MsgId": 24000000000000001}


def read(fields: dict[str, Any]) -> Pushed:
    """The same from XML and JSON, which must come to the same."""
    from_xml = parse(to_xml(fields))
    from_json = parse(json.dumps(fields, ensure_ascii=False).encode())
    for name in Pushed.__slots__:
        if name not in ("raw", "fields"):
            assert getattr(from_xml, name) == getattr(from_json, name), name
    return from_xml


def event(name: str, **fields: Any) -> dict[str, Any]:
    return {**HEAD, "MsgType": "event", "Event": name, **fields}


MESSAGES: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"MsgType": "text", "Content": "我的进度\n查一下"}, {"text": "我的进度\n查一下"}),
    (
        {"MsgType": "text", "Content": "大冶市", "bizmsgmenuid": "3.daye"},
        {"text": "大冶市", "choice": "3.daye"},
    ),
    ({"MsgType": "text", "Content": "01"}, {"text": "01"}),
    ({"MsgType": "text", "Content": ""}, {"text": ""}),
    (
        {"MsgType": "image", "PicUrl": "http://mmbiz/1", "MediaId": "m1"},
        {"pic_url": "http://mmbiz/1", "media_id": "m1"},
    ),
    (
        {"MsgType": "voice", "MediaId": "m1", "Format": "amr", "Recognition": "查进度"},
        {"media_id": "m1", "recognition": "查进度"},
    ),
    ({"MsgType": "voice", "MediaId": "m1", "Format": "amr"}, {"recognition": ""}),
    ({"MsgType": "video", "MediaId": "m1", "ThumbMediaId": "t1"}, {"media_id": "m1"}),
    ({"MsgType": "shortvideo", "MediaId": "m1", "ThumbMediaId": "t1"}, {"media_id": "m1"}),
    (
        {
            "MsgType": "location",
            "Location_X": "30.095",
            "Location_Y": "114.974",
            "Scale": "15",
            "Label": "湖北省黄石市大冶市",
        },
        {"latitude": 30.095, "longitude": 114.974, "scale": 15, "label": "湖北省黄石市大冶市"},
    ),
    ({"MsgType": "location", "Location_X": "north", "Location_Y": "1e3"}, {"latitude": None}),
    ({"MsgType": "location", "Location_X": "200", "Location_Y": "-181"}, {"longitude": None}),
    ({"MsgType": "link", "Title": "通知", "Description": "", "Url": "https://a"}, {}),
    ({"MsgType": "miniprogrampage", "Title": "报装", "PagePath": "pages/a"}, {}),
    ({"MsgType": "hologram", "Depth": "3"}, {}),
]


@pytest.mark.parametrize(("fields", "told"), MESSAGES)
def test_every_kind_of_message(fields: dict[str, Any], told: dict[str, Any]) -> None:
    pushed = read({**MESSAGE, **fields})
    assert (pushed.to, pushed.openid, pushed.at) == ("gh_1", "oA-1_z", 1700000000)
    assert (pushed.type, pushed.event) == (fields["MsgType"], "")
    assert pushed.key == "m24000000000000001"
    for name, value in told.items():
        assert getattr(pushed, name) == value


def test_what_has_no_place_of_its_own_is_kept() -> None:
    pushed = read({**MESSAGE, "MsgType": "link", "Title": "通知", "Url": "https://a"})
    assert dict(pushed.fields) == {"Title": "通知", "Url": "https://a"}


def test_the_message_is_kept_as_it_came() -> None:
    message = to_xml({**MESSAGE, "MsgType": "text", "Content": "您好"})
    assert parse(message).raw == message


EVENTS: list[tuple[dict[str, Any], dict[str, Any]]] = [
    (event("subscribe", EventKey=""), {"event": "subscribe", "event_key": ""}),
    (
        event("subscribe", EventKey="qrscene_hall01", Ticket="gQ"),
        {"event": "subscribe", "event_key": "qrscene_hall01", "ticket": "gQ"},
    ),
    (
        event("subscribe", EventKey="scanbarcode|6"),
        {"event": "subscribe", "event_key": "scanbarcode|6"},
    ),
    (event("unsubscribe", EventKey=""), {"event": "unsubscribe"}),
    (event("SCAN", EventKey="hall01", Ticket="gQ"), {"event": "scan", "event_key": "hall01"}),
    (event("CLICK", EventKey="menu:status"), {"event": "click", "event_key": "menu:status"}),
    (
        event("VIEW", EventKey="https://a/b?c=d&e", MenuId="7"),
        {"event": "view", "event_key": "https://a/b?c=d&e"},
    ),
    (event("view_miniprogram", EventKey="pages/a/a"), {"event_key": "pages/a/a"}),
    (
        event("LOCATION", Latitude="30.1", Longitude="114.9", Precision="65.0"),
        {"event": "location", "latitude": 30.1, "longitude": 114.9},
    ),
    (
        event("scancode_waitmsg", EventKey="scan", ScanCodeInfo={"ScanType": "qrcode"}),
        {"event_key": "scan"},
    ),
    (event("pic_sysphoto", EventKey="pic", SendPicsInfo={"Count": "1"}), {"event_key": "pic"}),
    (
        event("location_select", EventKey="where", SendLocationInfo={"Location_X": "30"}),
        {"latitude": None},
    ),
    (
        event("TEMPLATESENDJOBFINISH", MsgID="200163836", Status="failed:user block"),
        {"event": "templatesendjobfinish"},
    ),
    (event("kf_create_session", KfAccount="a@gh_1"), {"event": "kf_create_session"}),
    (
        event("kf_switch_session", FromKfAccount="a@gh_1", ToKfAccount="b@gh_1"),
        {"event": "kf_switch_session"},
    ),
    (event("somebody_invented_this"), {"event": "somebody_invented_this"}),
]


@pytest.mark.parametrize(("fields", "told"), EVENTS)
def test_every_kind_of_event(fields: dict[str, Any], told: dict[str, Any]) -> None:
    pushed = parse(to_xml(fields))
    assert (pushed.type, pushed.msg_id) == ("event", "")
    for name, value in told.items():
        assert getattr(pushed, name) == value


@pytest.mark.parametrize(("fields", "told"), EVENTS)
def test_events_come_as_json_too(fields: dict[str, Any], told: dict[str, Any]) -> None:
    pushed = parse(json.dumps({**fields, "CreateTime": "1700000000"}).encode())
    for name, value in told.items():
        assert getattr(pushed, name) == value


def test_the_published_message_is_read() -> None:
    message = (
        b'{"ToUserName":"gh_97417a04a28d","FromUserName":"o9AgO5Kd5ggOC-bXrbNODIiE3bGY",'
        b'"CreateTime":1714112445,"MsgType":"event","Event":"debug_demo",'
        b'"debug_str":"hello world"}'
    )
    pushed = parse(message)
    assert (pushed.event, pushed.at) == ("debug_demo", 1714112445)
    assert dict(pushed.fields) == {"debug_str": "hello world"}


KEYS = [
    event("CLICK", EventKey="a"),
    event("CLICK", EventKey="b"),
    event("VIEW", EventKey="a"),
    event("CLICK", EventKey="a", CreateTime=1700000001),
    event("CLICK", EventKey="a", FromUserName="oB"),
    event("subscribe", EventKey="qrscene_a"),
    event("subscribe", EventKey="qrscene_b"),
    {**MESSAGE, "MsgType": "text", "Content": "a"},
    {**MESSAGE, "MsgType": "text", "Content": "a", "MsgId": 24000000000000002},
    {**HEAD, "MsgType": "text", "Content": "a"},
    {**HEAD, "MsgType": "text", "Content": "b"},
]


def test_a_key_is_that_of_one_message() -> None:
    keys = [parse(to_xml(fields)).key for fields in KEYS]
    assert len(set(keys)) == len(KEYS)
    assert keys == [parse(to_xml(dict(reversed(fields.items())))).key for fields in KEYS]
    assert all(len(key) <= 64 and key.isascii() and key.isalnum() for key in keys)


def test_a_key_is_short_whatever_was_sent() -> None:
    long = parse(to_xml(event("VIEW", EventKey="https://a/" + "长" * 1000)))
    odd = parse(to_xml({**HEAD, "MsgType": "text", "Content": "a", "MsgId": "x" * 60}))
    assert len(long.key) == len(odd.key) == 41


def test_nothing_anybody_wrote_shows_when_printed() -> None:
    fields = {"Content": "我姓李", "Label": "某某路", "EventKey": "keykey"}
    shown = repr(parse(to_xml({**MESSAGE, "MsgType": "text", **fields})))
    for hidden in (*fields.values(), "oA-1_z"):
        assert hidden not in shown


BROKEN = [
    b"",
    b"<xml>",
    b"<xml/>",
    b"<xml></xml>",
    b"hello",
    b"{",
    b"[]",
    b'"text"',
    b"{}",
    b"\xff\xfe<\x00x\x00",
    b"<html><ToUserName>gh_1</ToUserName></html>",
    b"<xml>text</xml>",
    b"<xml><MsgType><a>text</a></MsgType></xml>",
    b"<xml>" + b"<a>" * 9000 + b"</a>" * 9000 + b"</xml>",
    b"[" * 60_000,
    b'{"a":' * 9000 + b"1" + b"}" * 9000,
    b'<!DOCTYPE x [<!ENTITY e "b">]><xml><Content>&e;</Content></xml>',
    to_xml({**MESSAGE, "MsgType": "text"})[:-9],
    b'{"ToUserName":"gh_1","FromUserName":"\xed\xa0\x80","CreateTime":1,"MsgType":"text"}',
    json.dumps({**MESSAGE, "MsgType": "text", "Content": "\ud800"}).encode(),
]


@pytest.mark.parametrize("message", BROKEN)
def test_what_is_broken_is_malformed(message: bytes) -> None:
    with pytest.raises(Malformed):
        parse(message)


SENSELESS: list[dict[str, Any]] = [
    {"ToUserName": ""},
    {"FromUserName": ""},
    {"FromUserName": "o" * 65},
    {"FromUserName": "openid with spaces"},
    {"FromUserName": "李"},
    {"FromUserName": ["a", "b"]},
    {"FromUserName": {"a": "b"}},
    {"CreateTime": ""},
    {"CreateTime": "now"},
    {"CreateTime": "-1"},
    {"CreateTime": "1" * 11},
    {"CreateTime": "१७०००००००"},
    {"MsgType": ""},
    {"MsgType": "t" * 65},
    {"MsgType": {"a": "text"}},
    {"MsgType": "event"},
    {"MsgType": "event", "Event": {"a": "b"}},
    {"Content": ["a", "b"]},
    {"Content": {"a": "b"}},
    {"MediaId": "m" * 513},
    {"MsgId": ["1", "2"]},
    {"Location_X": {"a": "b"}},
    {"EventKey": "k" * 4097},
]


@pytest.mark.parametrize("change", SENSELESS)
def test_what_makes_no_sense_is_malformed(change: dict[str, Any]) -> None:
    fields = {**MESSAGE, "MsgType": "text", "Content": "a", **change}
    with pytest.raises(Malformed):
        parse(to_xml(fields))
    with pytest.raises(Malformed):
        parse(json.dumps(fields).encode())


@pytest.mark.parametrize("name", ["ToUserName", "FromUserName", "CreateTime", "MsgType"])
def test_nobody_leaves_out_the_head(name: str) -> None:
    fields = {**MESSAGE, "MsgType": "text", "Content": "a"}
    del fields[name]
    with pytest.raises(Malformed):
        parse(to_xml(fields))


def test_json_says_no_more_than_xml_can() -> None:
    for value in (True, [1], {"a": 1}):
        with pytest.raises(Malformed):
            parse(json.dumps({**MESSAGE, "MsgType": "text", "Content": value}).encode())
    told = parse(json.dumps({**MESSAGE, "MsgType": "text", "Content": "a\0b"}).encode())
    assert told.text == "ab"
    told = parse(json.dumps({**MESSAGE, "MsgType": "text", "Content": 315}).encode())
    assert told.text == "315"


ENTRY = {"TemplateId": "T1", "SubscribeStatusString": "accept", "PopupScene": "0"}
OTHER = {"TemplateId": "T2", "SubscribeStatusString": "reject", "PopupScene": "0"}


@pytest.mark.parametrize("wrapper", ["SubscribeMsgPopupEvent", "SubscribeMsgChangeEvent"])
def test_answers_for_templates_in_every_wrapping(wrapper: str) -> None:
    for name in ("subscribe_msg_popup_event", "subscribe_msg_change_event"):
        wrapped = parse(to_xml(event(name, **{wrapper: {"List": [ENTRY, OTHER]}})))
        single = parse(to_xml(event(name, **{wrapper: {"List": ENTRY}})))
        bare = parse(json.dumps(event(name, List=[ENTRY, OTHER])).encode())
        lonely = parse(json.dumps(event(name, List=ENTRY)).encode())
        both = [("T1", "accept"), ("T2", "reject")]
        assert [(each.template, each.answer) for each in template_answers(wrapped)] == both
        assert [(each.template, each.answer) for each in template_answers(bare)] == both
        for one in (single, lonely):
            assert [(each.template, each.answer) for each in template_answers(one)] == both[:1]


@pytest.mark.parametrize("listed", [None, "", "x", 1, [], {}, [[]], {"TemplateId": [1]}])
def test_an_odd_list_holds_no_answer(listed: Any) -> None:
    pushed = parse(json.dumps(event("subscribe_msg_popup_event", List=listed)).encode())
    assert [each.template for each in template_answers(pushed) if each.template] == []


def test_what_became_of_messages() -> None:
    entry = {"TemplateId": "T1", "MsgID": "1", "ErrorCode": "0", "ErrorStatus": "success"}
    refused = {**entry, "ErrorCode": "43101", "ErrorStatus": "user refuse"}
    pushed = parse(
        to_xml(event("subscribe_msg_sent_event", SubscribeMsgSentEvent={"List": [entry, refused]}))
    )
    told = [(each.template, each.error, each.status) for each in sent_results(pushed)]
    assert told == [("T1", 0, "success"), ("T1", 43101, "user refuse")]


def test_a_verdict_on_a_file() -> None:
    result = {"suggest": "risky", "label": 20006}
    fields = event("wxa_media_check", trace_id="t-1", version=2, errcode=0, result=result)
    verdict = MediaVerdict("t-1", 0, "risky", 20006)
    assert media_verdict(parse(to_xml(fields))) == verdict
    assert media_verdict(parse(json.dumps(fields).encode())) == verdict
    failed = event("wxa_media_check", trace_id="t-1", errcode=-1008, detail=[])
    assert media_verdict(parse(json.dumps(failed).encode())) == MediaVerdict("t-1", -1008, "", 0)


@pytest.mark.parametrize(
    "fields", [{}, {"trace_id": "t"}, {"trace_id": "t", "isrisky": 1, "status_code": 0}]
)
def test_no_verdict_without_what_it_needs(fields: dict[str, Any]) -> None:
    assert media_verdict(parse(json.dumps(event("wxa_media_check", **fields)).encode())) is None
