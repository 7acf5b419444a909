"""A message that is read without a parser is read as the parser would."""

from hypothesis import given
from hypothesis import strategies as st
from wechatpy.parser import parse_message

from wechat.messages import _flat

TEXT = """<xml><ToUserName><![CDATA[gh_0123456789ab]]></ToUserName>
<FromUserName><![CDATA[oA1]]></FromUserName>
<CreateTime>1713424427</CreateTime>
<MsgType><![CDATA[text]]></MsgType>
<Content><![CDATA[ 我的报装到哪一步了 ]]></Content>
<MsgId>24000000000000001</MsgId>
</xml>"""
NAMES = ("ToUserName", "FromUserName", "MsgType", "Content", "Label", "MsgId")
SIGNS = st.text(
    alphabet=st.one_of(
        st.sampled_from("a1 \t\n\r]<>&;!\x85\u2028\u3000'\"[CDATA"), st.characters(codec="utf-8")
    ),
    max_size=12,
)


@st.composite
def messages(draw: st.DrawFn) -> str:
    """Flat XML, and things near it."""
    parts = []
    for name in draw(st.lists(st.sampled_from(NAMES), max_size=7)):
        kind = st.sampled_from(("text", "image", "Event", "event", "", "x"))
        value = draw(kind) if name == "MsgType" else draw(SIGNS)
        marked = draw(st.booleans())
        body = f"<![CDATA[{value}]]>" if marked else value
        end = draw(st.sampled_from((name, name, name, name, "Other")))
        parts.append(f"{draw(st.sampled_from(('', ' ', chr(10))))}<{name}>{body}</{end}>")
    return f"<xml>{''.join(parts)}{draw(st.sampled_from(('', chr(10))))}</xml>"


def parsed(text: str) -> dict[str, object]:
    """As wechatpy reads it."""
    return dict(parse_message(text)._data)


@given(messages())
def test_what_is_read_without_a_parser_is_read_alike(text: str) -> None:
    flat = _flat(text)
    if flat is not None:
        assert flat == parsed(text)


def test_what_people_write_needs_no_parser() -> None:
    assert _flat(TEXT) == parsed(TEXT)


def test_what_needs_a_parser_is_left_to_it() -> None:
    for other in (
        TEXT.replace("一步", "一 & 步"),
        TEXT.replace("一步", "<b>一步</b>"),
        TEXT.replace("一步", "一]步"),
        TEXT.replace("一步", "一\r\n步"),
        TEXT.replace("text", "event"),
        TEXT.replace("text", "EVENT"),
        TEXT.replace("CreateTime", "MsgId"),
        TEXT.replace("1713424427", "&#49;"),
        TEXT.replace("<xml>", "<xml a='b'>"),
        f"{TEXT}<xml></xml>",
        "<xml></xml>",
    ):
        assert _flat(other) is None, other
