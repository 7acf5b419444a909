"""A whole application by chat, in a browser: from 你好 to the number, in both cities."""

import asyncio
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.async_api import expect

from server.walk.api import Api
from server.walk.people import sign_in
from tests.browser.chat_page import ChatPage
from tests.browser.conftest import Demo, Opening, Shots
from tests.browser.talker import Answer, Talker, aside, say, tap

DAYE_CODE = "91420281MA49QK7T17"
WRONG_CODE = "91420281MA49QK7T18"
ZHOUKOU_CODE = "91411628MA40QQ1N8Q"


async def test_daye_question_by_question(
    opening: Opening, demo: Demo, shots: Shots, tmp_path: Path
) -> None:
    chat = await opening("daye-stranger")
    await chat.say("你好")
    await shots.take(chat.page, "1-hello")
    await chat.tap("申请报装")
    talker = Talker(
        chat,
        [
            tap("在哪个城市办理", "大冶市"),
            say("要办理哪些报装", "水和电"),
            aside("申请单位的全称", "你吃饭了没有，今天好冷啊"),
            say("申请单位的全称", "大冶样品科技有限公司"),
            say("统一社会信用代码", WRONG_CODE),
            say("统一社会信用代码", DAYE_CODE),
            Answer("联系人姓名", lambda chat: _licence_then_name(chat, tmp_path, shots)),
            say("联系电话", "13800138000"),
            tap("哪个镇（街道）", "金湖街道"),
            Answer("路名和门牌号", _send_site),
            tap("项目代码", "跳过"),
            tap("用水办理哪种业务", "新开户"),
            say("多少吨水", "每天20吨"),
            tap("双路供水", "不是"),
            tap("用电办理哪种业务", "新装"),
            say("主供容量", "315千伏安"),
            tap("什么时间踏勘", "上午9点30分"),
            tap("跳过", "跳过", times=9),
            Answer("提交", lambda chat: _look_and_submit(chat, shots)),
        ],
    )
    number = await talker.until_numbered()
    await shots.take(chat.page, "4-number")
    wrong = chat.answers.filter(has_text="校验位不正确")
    await expect(wrong).to_have_count(1)
    case = await _case(demo, "daye-stranger", number)
    told = _texts(case)
    assert (case["city"], case["channel"]) == ("daye", "chat")
    assert told["enterprise.name"] == "大冶样品科技有限公司"
    assert told["enterprise.credit_code"] == DAYE_CODE
    assert (told["contact.name"], told["contact.phone"]) == ("莫样", "13800138000")
    assert (told["site.town"], told["site.address"]) == ("金湖街道", "大冶市金湖街道样例大道8号")
    assert told["site.point"] == "大冶市金湖街道样例大道8号"
    assert told["utilities"] == "用水报装、用电报装"
    assert told["electricity.main_capacity"].startswith("315")
    assert "T09:30:00+08:00" in case["surveys"][0]["at"]
    attached = [(each["purpose"], each["media_type"]) for each in case["documents"]["attached"]]
    assert attached == [("business_licence", "image/jpeg")]


async def _licence_then_name(chat: ChatPage, folder: Path, shots: Shots) -> None:
    """A picture in the middle of the form, then the answer."""
    photo = folder / "licence.jpg"
    Image.new("RGB", (1200, 900), "#dfe8e2").save(photo)
    await chat.send_picture(photo)
    await chat.tap("营业执照")
    await expect(chat.answers.filter(has_text="图片已收到")).to_have_count(1)
    await shots.take(chat.page, "2-picture")
    await chat.say("莫样")


async def _send_site(chat: ChatPage) -> None:
    await chat.send_coordinates(30.072, 114.948, "大冶市金湖街道样例大道8号")


async def _look_and_submit(chat: ChatPage, shots: Shots) -> None:
    await shots.take(chat.page, "3-whole-form")
    await chat.tap("提交")


async def test_zhoukou_everything_in_one_paragraph(
    opening: Opening, demo: Demo, shots: Shots
) -> None:
    chat = await opening("zhoukou-stranger", viewport={"width": 1280, "height": 900})
    await chat.say("你好")
    await chat.say(
        "我们是周口样品纺织有限公司，信用代码91411628MA40QQ1N8Q，联系人莫样，电话13800138000，"
        "新厂在川汇区庆丰路12号，要报装用水每天30吨、用电630千伏安，都是新装，"
        "再装一条联通1000M宽带，下周三上午9点可以来踏勘"
    )
    await shots.take(chat.page, "1-paragraph")
    talker = Talker(
        chat,
        [
            aside("项目代码", "晚上一起看电影吗"),
            aside("项目代码", "办下来一共要多长时间", "工作日"),
            tap("项目代码", "跳过"),
            Answer("个性化需求", lambda chat: chat.send_voice("希望周末也能施工")),
            tap("什么时间踏勘", "上午9点30分"),
            tap("跳过", "跳过", times=9),
            Answer("提交", lambda chat: _look_and_submit(chat, shots)),
        ],
    )
    number = await talker.until_numbered()
    await shots.take(chat.page, "4-number")
    case = await _case(demo, "zhoukou-stranger", number)
    told = _texts(case)
    assert (case["city"], case["channel"]) == ("zhoukou", "chat")
    assert told["enterprise.name"] == "周口样品纺织有限公司"
    assert told["enterprise.credit_code"] == ZHOUKOU_CODE
    assert (told["contact.name"], told["contact.phone"]) == ("莫样", "13800138000")
    assert (told["site.town"], told["site.address"]) == ("川汇区", "川汇区庆丰路12号")
    assert told["utilities"] == "用水报装、用电报装、用讯报装"
    assert told["water.daily_amount"].startswith("30")
    assert told["electricity.main_capacity"].startswith("630")
    assert told["network.carriers"] == "中国联通"
    assert told["needs.text"] == "希望周末也能施工"


async def _case(demo: Demo, person: str, number: str) -> dict[str, Any]:
    """The application as the mini-program shows it to the same person."""
    return await asyncio.to_thread(_read, demo.address, person, number)


def _read(address: str, person: str, number: str) -> dict[str, Any]:
    with Api(address) as api:
        token = sign_in(api, person)
        listed = api.send("GET", "/cases", token=token).body["items"]
        (case,) = [each for each in listed if each["number"] == number]
        return api.send("GET", f"/applications/{case['id']}", token=token).body


def _texts(case: dict[str, Any]) -> dict[str, str]:
    """Field → what stands in it, in words."""
    return {field["key"]: field["text"] for section in case["form"] for field in section["fields"]}
