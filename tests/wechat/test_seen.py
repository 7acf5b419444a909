"""What the stand-in lets people see: links taken apart as the app would, the broken ones named."""

import pytest

from wechat.sandbox.seen import parts_of, problems_of, seen_of_reply, seen_of_service

CHOICE = "weixin://bizmsgmenu?msgmenucontent=%E5%A4%A7%E5%86%B6%20A%2B1&msgmenuid=city%3Adaye"


def test_a_text_without_links_is_one_part() -> None:
    assert parts_of("您好\n1 &lt; 2 &amp; 3") == [{"type": "text", "text": "您好\n1 < 2 & 3"}]
    assert parts_of("") == []


def test_a_choice_says_its_words_with_its_id() -> None:
    before, choice, after = parts_of(f'请选择：\n<a href="{CHOICE}">1. 大冶&amp;</a>\n或直接输入')
    assert (before["text"], after["text"]) == ("请选择：\n", "\n或直接输入")
    assert choice == {
        "type": "choice",
        "label": "1. 大冶&",
        "content": "大冶 A+1",
        "id": "city:daye",
    }


def test_an_escaped_address_is_read() -> None:
    (choice,) = parts_of(f'<a href="{CHOICE.replace("&", "&amp;")}">大冶</a>')
    assert (choice["type"], choice["id"]) == ("choice", "city:daye")


def test_a_page_of_the_mini_program() -> None:
    (page,) = parts_of(
        '<a href="https://example.org/" data-miniprogram-appid="wx1"'
        " data-miniprogram-path='pages/apply/apply?id=1&amp;n=2'>打开</a>"
    )
    assert page == {
        "type": "page",
        "label": "打开",
        "appid": "wx1",
        "path": "pages/apply/apply?id=1&n=2",
        "url": "https://example.org/",
    }


def test_other_tags_are_shown_as_they_stand() -> None:
    assert parts_of("<b>粗</b>") == [{"type": "text", "text": "<b>粗</b>"}]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('<a href="">空</a>', "a link without an address"),
        ('<a href="javascript:alert(1)">坏</a>', "a link without an address"),
        ('<a href="weixin://bizmsgmenu?msgmenuid=1">无</a>', "a choice that says nothing"),
        (
            '<a data-miniprogram-appid="wx1" data-miniprogram-path="">页</a>',
            "a mini-program link without app id or path",
        ),
        (
            '<a data-miniprogram-appid="wx1" data-miniprogram-path="/pages/x">页</a>',
            "a mini-program link without app id or path",
        ),
        ('前<a href="https://example.org">没有收尾', 'a loose <a href="https://example.org">'),
        ("前</a>后", "a loose </a>"),
        (
            '<a href="x" data-miniprogram-appid="wx2" data-miniprogram-path="p">页</a>',
            "a link to the mini-program wx2, which is not linked",
        ),
    ],
)
def test_links_that_lead_nowhere_are_named(text: str, problem: str) -> None:
    assert problems_of([{"type": "text", "parts": parts_of(text)}], "wx1") == [problem]


def test_good_links_are_no_problem() -> None:
    text = f'<a href="{CHOICE}">1</a> <a href="https://example.org/">2</a>'
    assert problems_of([{"type": "text", "parts": parts_of(text)}], "wx1") == []


def test_replies() -> None:
    assert seen_of_reply({"MsgType": "transfer_customer_service"}) == [{"type": "transfer"}]
    assert seen_of_reply({"MsgType": "image", "Image": {"MediaId": "m"}}) == [
        {"type": "image", "media_id": "m"}
    ]
    news = {"MsgType": "news", "Articles": {"item": {"Title": "题", "Url": "https://example.org"}}}
    (shown,) = seen_of_reply(news)
    assert (shown["type"], shown["title"], shown["description"]) == ("news", "题", "")


def test_customer_service_messages() -> None:
    menu = {
        "head_content": "满意吗？",
        "list": [{"id": "5", "content": "满意"}, {"id": "1", "content": "不满意"}],
        "tail_content": "谢谢",
    }
    (shown,) = seen_of_service({"msgtype": "msgmenu", "msgmenu": menu})
    assert [(each["content"], each["id"]) for each in shown["choices"]] == [
        ("满意", "5"),
        ("不满意", "1"),
    ]
    assert shown["head"] == [{"type": "text", "text": "满意吗？"}]
    card = {"title": "填写", "appid": "wx2", "pagepath": "pages/a", "thumb_media_id": "t"}
    seen = seen_of_service({"msgtype": "miniprogrampage", "miniprogrampage": card})
    assert seen == [{"type": "card", "label": "填写", "appid": "wx2", "path": "pages/a"}]
    assert problems_of(seen, "wx1")
