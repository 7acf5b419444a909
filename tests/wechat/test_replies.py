"""Passive replies as the platform reads them, whatever is said in them."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wechat import replies
from wechat.replies import Article, Way
from wechat.sandbox.config import AccountConfig
from wechat.sandbox.judge import Expected, Unfit, judge

WAY = Way("oA", "gh_1", 1700000000)
ACCOUNT = AccountConfig(appid="wx1", secret="s", original_id="gh_1", mode="plain")


def judged(body: bytes, *, event: bool = False) -> dict[str, object]:
    """What the stand-in for the platform reads. Raises Unfit."""
    told = judge(Expected("oa", ACCOUNT, "oA", event), 200, body).reply
    assert told is not None
    return told


def test_a_text() -> None:
    told = judged(replies.text(WAY, "您好\n<a href=\"x\">进度</a> & 'more'"))
    assert told["Content"] == "您好\n<a href=\"x\">进度</a> & 'more'"
    assert (told["ToUserName"], told["FromUserName"]) == ("oA", "gh_1")
    assert (told["CreateTime"], told["MsgType"]) == ("1700000000", "text")


def carried(sign: str) -> bool:
    """Whether XML carries it and somebody may want to see it."""
    control = unicodedata.category(sign) in ("Cc", "Cs") and sign not in "\t\n\r\x85"
    return not control and sign not in "\ufffe\uffff"


@given(st.text(max_size=300).map(lambda text: f"您好{text}。"))
def test_any_text_arrives_but_for_what_xml_does_not_carry(content: str) -> None:
    expected = "".join(filter(carried, content)).replace("\r\n", "\n").replace("\r", "\n")
    assert judged(replies.text(WAY, content))["Content"] == expected


def test_the_end_of_a_section_cannot_be_said() -> None:
    nasty = "a]]></Content><MsgType>transfer_customer_service</MsgType><x><![CDATA[b"
    assert judged(replies.text(WAY, nasty))["Content"] == nasty


def test_controls_are_left_out() -> None:
    assert judged(replies.text(WAY, "a\x00b\x08c\x1bd\x7f\ud800e\ufffe"))["Content"] == "abcde"


@pytest.mark.parametrize("content", ["", "\x00", "长" * 667, "a" * 2001])
def test_a_text_has_its_bounds(content: str) -> None:
    with pytest.raises(ValueError, match="2000"):
        replies.text(WAY, content)


def test_the_longest_text() -> None:
    assert len(str(judged(replies.text(WAY, "长" * 666 + "ab"))["Content"])) == 668


def test_handing_over() -> None:
    assert judged(replies.transfer(WAY))["MsgType"] == "transfer_customer_service"
    told = judged(replies.transfer(WAY, "li@gh_1"))
    assert told["TransInfo"] == {"KfAccount": "li@gh_1"}
    with pytest.raises(Unfit):
        judged(replies.transfer(WAY), event=True)


def test_a_picture_and_an_article() -> None:
    assert judged(replies.image(WAY, "m1"))["Image"] == {"MediaId": "m1"}
    article = Article("标题]]>", "摘要", "https://a/b.jpg", "https://a/?b=c&d")
    told = judged(replies.news(WAY, article))
    assert told["ArticleCount"] == "1"
    assert told["Articles"] == {
        "item": {
            "Title": "标题]]>",
            "Description": "摘要",
            "PicUrl": "https://a/b.jpg",
            "Url": "https://a/?b=c&d",
        }
    }
