"""Replies as the platform can show them: tappable where there is room, never too long."""

import re
from urllib.parse import parse_qsl, unquote

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.dialogue.replies import Choice, HandOver, PageLink, Reply, Say
from bot.rendering import BYTES, Rendering, Said

RENDERING = Rendering("wxminiprogram00001", "https://bz.example")
BARE = Rendering("", "https://bz.example")
CITIES = (Choice("3.daye", "1. 大冶市"), Choice("3.zhoukou", "2. 周口市"))
PAGE = PageLink("在小程序里填写", "pages/apply/apply?id=018f&from=chat")
_ANCHOR = re.compile(r'<a href="weixin://bizmsgmenu\?([^"]*)">([^<]*)</a>')


def tappable(content: str) -> list[tuple[str, str, str]]:
    """(words sent, id sent, words shown) of every tappable line."""
    found = []
    for query, label in _ANCHOR.findall(content):
        given = dict(parse_qsl(query, keep_blank_values=True, strict_parsing=True))
        found.append((given["msgmenucontent"], given["msgmenuid"], label))
    return found


def test_choices_are_tappable_lines_that_bring_their_id() -> None:
    said = RENDERING.passive(Say("您在哪个城市？", CITIES))
    assert said.content.split("\n")[0] == "您在哪个城市？"
    assert tappable(said.content) == [
        ("大冶市", "3.daye", "1. 大冶市"),
        ("周口市", "3.zhoukou", "2. 周口市"),
    ]


def test_what_means_something_in_an_address_is_escaped() -> None:
    label = "2. 甲&乙=丙#丁\"戊'%20<a>+？"
    ((words, ident, shown),) = tappable(
        RENDERING.passive(Say("?", (Choice("7.a&b=c", label),))).content
    )
    assert words == "甲&乙=丙#丁\"戊'%20＜a>+？"
    assert (ident, shown) == ("7.a&b=c", "2. 甲&乙=丙#丁\"戊'%20＜a>+？")


def test_nobody_says_a_tag_through_us() -> None:
    typed = '<a href="https://evil.example">点这里</a>'
    said = RENDERING.passive(Say(f"公司名称：{typed}", (Choice("1.x", typed),)))
    assert "evil.example" in said.content
    assert re.findall(r"<(?!a href=\"weixin://|/a>)", said.content) == []
    assert "<" not in Said.of_text(typed).content
    later = RENDERING.later(Say(typed, (Choice("1.x", typed),)))
    assert "<" not in later.head + later.choices[0].label


def test_a_page_of_the_mini_program() -> None:
    content = RENDERING.passive(Say("已保存。", links=(PAGE,))).content
    assert (
        '<a href="https://bz.example" data-miniprogram-appid="wxminiprogram00001"'
        ' data-miniprogram-path="pages/apply/apply?id=018f&from=chat">在小程序里填写</a>' in content
    )
    odd = RENDERING.passive(Say("x", links=(PageLink("去", 'pages/a?b="><a'),))).content
    assert unquote(re.findall(r'path="([^"]*)"', odd)[0]) == 'pages/a?b="><a'
    assert BARE.passive(Say("已保存。", links=(PAGE,))).content == "已保存。"
    assert BARE.later(Say("已保存。", links=(PAGE,))).content == "已保存。"


def test_later_it_is_a_menu() -> None:
    said = RENDERING.later(Say("您在哪个城市？", CITIES, (PAGE,)))
    assert (said.kind, said.head, said.choices) == ("menu", "您在哪个城市？", CITIES)
    assert "data-miniprogram-path" in said.tail
    assert RENDERING.later(Say("已保存。")) == Said("text", content="已保存。")


def test_a_menu_too_large_is_a_text() -> None:
    long = tuple(Choice(f"1.{at}", f"{at}. {'长' * 50}") for at in range(1, 4))
    for reply in (Say("?", long), Say("长" * 400, CITIES)):
        said = RENDERING.later(reply)
        assert said.kind == "text"
        assert all(choice.label in said.content for choice in reply.choices)


def test_without_room_for_tapping_the_lines_stand_plain() -> None:
    lines = tuple(Choice(f"12.option-{at}", f"{at}. {'选项' * 12}") for at in range(1, 11))
    said = RENDERING.passive(Say("请选择：", lines, (PAGE,)))
    assert tappable(said.content) == []
    assert [line for line in said.content.split("\n") if line in {c.label for c in lines}] == [
        choice.label for choice in lines
    ]
    assert "data-miniprogram-path" in said.content


def test_a_text_is_cut_before_what_it_offers() -> None:
    text = "\n".join(f"第{at}行" + "字" * 60 for at in range(20))
    said = RENDERING.passive(Say(text, CITIES))
    lines = said.content.split("\n")
    assert lines[-2:] == ["1. 大冶市", "2. 周口市"]
    assert lines[-3] == "…"
    assert lines[0] == text.split("\n")[0]
    assert all(line in text.split("\n") for line in lines[:-3])


def test_one_endless_line_is_cut_inside() -> None:
    content = Said.of_text("字" * 2000).content
    assert content.endswith("字…")
    assert BYTES - 4 <= len(content.encode()) <= BYTES


TEXTS = st.text(st.characters(codec="utf-8"), max_size=900)
LABELS = st.text(st.characters(codec="utf-8"), min_size=1, max_size=80)
CHOICES = st.builds(Choice, st.text('ab.:&%"<', min_size=1, max_size=30), LABELS)
LINKS = st.builds(PageLink, LABELS, st.text("pages/?&=\"<'", max_size=60))
SAYS = st.builds(
    Say,
    TEXTS,
    st.lists(CHOICES, max_size=12).map(tuple),
    st.lists(LINKS, max_size=2).map(tuple),
)
REPLIES = st.one_of(SAYS, st.builds(HandOver, TEXTS))


@settings(deadline=None)
@given(reply=REPLIES, event=st.booleans())
def test_everything_fits_and_can_be_stored(reply: Reply, event: bool) -> None:
    for rendering in (RENDERING, BARE):
        for said in (rendering.passive(reply, event=event), rendering.later(reply)):
            size = len(f"{said.content}{said.head}{said.tail}".encode())
            size += sum(len(choice.label.encode()) for choice in said.choices)
            assert size <= BYTES + (0 if said.kind == "text" else 2048)
            assert Said.read(orjson.loads(orjson.dumps(said.shown()))) == said
            assert not re.search(r"[\x00-\x09\x0b-\x1f]", said.content + said.head)
            assert said.kind != "transfer" or not event
        assert rendering.passive(reply).kind in ("text", "transfer")
        assert rendering.later(reply).kind in ("text", "menu")


def test_handing_over_answers_and_its_words_follow() -> None:
    now, after = RENDERING.answering([HandOver("正在为您转接。")], event=False)
    assert now is not None
    assert now.kind == "transfer"
    assert [each.content for each in after] == ["正在为您转接。"]
    now, after = RENDERING.answering([HandOver()], event=False)
    assert now is not None
    assert (now.kind, after) == ("transfer", [])


def test_handing_over_comes_first_wherever_it_stands() -> None:
    replies: list[Reply] = [Say("没听懂。"), HandOver("为您转接。"), Say("草稿已保存。")]
    now, after = RENDERING.answering(replies, event=False)
    assert now is not None
    assert now.kind == "transfer"
    assert [each.content for each in after] == ["没听懂。", "为您转接。", "草稿已保存。"]


@pytest.mark.parametrize("replies", [[HandOver("已转接。")], [Say("好。"), HandOver("已转接。")]])
def test_an_event_is_never_handed_over(replies: list[Reply]) -> None:
    now, after = RENDERING.answering(replies, event=True)
    assert now is not None
    told = [now, *after]
    assert [each.kind for each in told] == ["text"] * len(replies)
    assert "人工" in told[-1].content
    assert "已转接" not in told[-1].content


def test_the_first_answers_and_the_others_follow() -> None:
    assert RENDERING.answering([], event=False) == (None, [])
    now, after = RENDERING.answering([Say("一"), Say("二"), Say("三", CITIES)], event=False)
    assert now == Said("text", content="一")
    assert [each.kind for each in after] == ["text", "menu"]
