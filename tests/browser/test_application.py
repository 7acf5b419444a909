"""A whole application by chat, in a browser: from 你好 to the number, in both cities."""

import asyncio
from pathlib import Path
from typing import Any

from PIL import Image

from server.walk.api import Api
from server.walk.people import sign_in
from tests.browser.conftest import Demo, Opening, Shots
from tests.browser.talker import Answer, Talker, aside, say, tap

DAYE_CODE = "91420281MA49QK7T17"
ZHOUKOU_CODE = "91411628MA40QQ1N8Q"


async def test_daye_question_by_question(
    opening: Opening, demo: Demo, shots: Shots, tmp_path: Path
) -> None:
    photo = tmp_path / "licence.jpg"
    Image.new("RGB", (1200, 900), "#dfe8e2").save(photo)
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
            say("统一社会信用代码", "91420281MA49QK7T18"),
            say("统一社会信用代码", DAYE_CODE),
            say("联系人姓名", "莫样"),
            say("联系电话", "13800138000"),
            tap("哪个镇（街道）", "金湖街道"),
            Answer(
                "路名和门牌号",
                lambda chat: chat.send_coordinates(30.072, 114.948, "金湖街道样例大道8号"),
            ),
            tap("项目代码", "跳过"),
            say("什么时间踏勘", "下周三上午9点"),
            tap("用水办理哪种业务", "新开户"),
            say("多少吨水", "每天20吨"),
            tap("双路供水", "不是"),
            tap("用电办理哪种业务", "新装"),
            say("主供容量", "315千伏安"),
            tap("跳过", "跳过", times=9),
            tap("提交", "提交"),
        ],
    )
    number = await talker.until_numbered()
    await shots.take(chat.page, "2-number")
    case = await _case(demo, "daye-stranger", number)
    values = case["values"]
    assert case["city"] == "daye"
    assert values["enterprise.name"] == "大冶样品科技有限公司"
    assert values["enterprise.credit_code"] == DAYE_CODE
    assert values["site.town"] == "jinhu"
    assert values["utilities"] == ["water", "electricity"]
    assert float(values["electricity.main_capacity"]) == 315
    assert values["contact.name"] == "莫样"


async def _case(demo: Demo, person: str, number: str) -> dict[str, Any]:
    """The application as the mini-program shows it to the same person."""
    return await asyncio.to_thread(_read, demo.address, person, number)


def _read(address: str, person: str, number: str) -> dict[str, Any]:
    with Api(address) as api:
        token = sign_in(api, person)
        listed = api.send("GET", "/cases", token=token).body["items"]
        (case,) = [each for each in listed if each["number"] == number]
        return api.send("GET", f"/applications/{case['id']}", token=token).body
