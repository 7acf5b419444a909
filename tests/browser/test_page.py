"""The chat page itself: what a person can do in it, on small screens, by keyboard, in the dark."""

from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image
from playwright.async_api import Page, expect

from tests.browser.conftest import Demo, Opening, Shots

_CONTRAST = (Path(__file__).parent / "contrast.js").read_text("utf-8").partition("\n")[2]
_LOOKS: dict[str, dict[str, Any]] = {
    "phone": {"viewport": {"width": 390, "height": 844}},
    "narrow": {"viewport": {"width": 320, "height": 640}},
    "narrow-dark": {"viewport": {"width": 320, "height": 640}, "color_scheme": "dark"},
    "desktop": {"viewport": {"width": 1280, "height": 900}},
    "desktop-dark": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "dark"},
}
_DESKTOP = _LOOKS["desktop"]


async def test_somebody_is_picked(opening: Opening, shots: Shots) -> None:
    chat = await opening("")
    page = chat.page
    people = page.locator("#people-list button")
    await expect(people.first).to_be_visible()
    assert await people.count() > 50
    await shots.take(page, "people")
    await page.fill("#people-search", "清润水务")
    assert await people.count() == 3
    await page.fill("#people-search", "没有这个人")
    await expect(page.locator("#people-none")).to_be_visible()
    await page.fill("#people-search", "企业负责人")
    await page.click("[data-person=zhoukou-owner]")
    await expect(page.locator("#who")).to_have_text("李样（周口市）")
    assert page.url.endswith("#zhoukou-owner")
    await expect(page.locator("#people")).to_be_hidden()


async def test_what_is_said_is_answered_and_stays(opening: Opening, shots: Shots) -> None:
    chat = await opening("daye-stranger", **_DESKTOP)
    await chat.say("你好")
    assert "您好" in await chat.said_last()
    await chat.tap("进度")
    own = chat.page.locator("#talk .own .bubble")
    assert "你好" in await own.first.inner_text()
    assert "进度" in await own.last.inner_text()
    await shots.take(chat.page, "said")
    before = await chat.answers.all_inner_texts()
    await chat.page.reload()
    await expect(chat.answers).to_have_count(len(before))
    assert await chat.answers.all_inner_texts() == before


async def test_every_exchange_is_shown_raw_and_opened(opening: Opening, shots: Shots) -> None:
    chat = await opening("daye-colleague", **_DESKTOP)
    await chat.say("<img src=x onerror=alert(1)> 你好]]>")
    assert "<img src=x" in await chat.page.locator("#talk .own .bubble").last.inner_text()
    newest = chat.page.locator("#wire-list li").first
    await newest.locator("summary").click()
    told = await newest.inner_text()
    await shots.take(chat.page, "wire")
    for part in (
        "第 1 次推送",
        "/wechat/callback",
        "msg_signature=",
        "encrypt_type=aes",
        "openid=oa-daye-colleague",
        "<Encrypt><![CDATA[",
        "HTTP 200",
        "<MsgSignature><![CDATA[",
        "<Content><![CDATA[<img src=x onerror=alert(1)> 你好]]",
        "<ToUserName><![CDATA[oa-daye-colleague]]></ToUserName>",
    ):
        assert part in told, part
    assert "毫秒" in await newest.locator(".outcome").inner_text()


async def test_things_are_sent(opening: Opening, shots: Shots, tmp_path: Path) -> None:
    chat = await opening("zhoukou-stranger")
    page, own = chat.page, chat.page.locator("#talk .own .bubble")
    await chat.send_place("川汇区")
    assert "周口市川汇区" in await own.last.inner_text()
    await chat.send_coordinates(33.5, 114.7, "样例大道 8 号")
    assert "纬度 33.5，经度 114.7" in await own.last.inner_text()
    await chat.send_voice("我想问问要什么材料")
    assert "语音：我想问问要什么材料" in await own.last.inner_text()
    photo = tmp_path / "photo.png"
    Image.new("RGB", (640, 480), "#3a7").save(photo)
    await chat.send_picture(photo)
    picture = own.last.locator("img")
    await expect(picture).to_be_visible()
    assert await picture.evaluate("(image) => image.naturalWidth") == 640
    await shots.take(page, "sent")


async def test_following_and_leaving(opening: Opening, shots: Shots) -> None:
    chat = await opening("daye-owner2")
    page = chat.page
    await chat.panel()
    await page.click("#unfollow")
    await expect(page.locator("#unfollowed")).to_be_visible()
    await expect(page.locator("#composer")).to_be_hidden()
    await shots.take(page, "left")
    await page.click("#follow-scan")
    await page.locator("#scan-list button").first.click()
    await expect(page.locator("#composer")).to_be_visible()
    await expect(page.locator("#talk .event").last).to_contain_text(
        "扫码关注了公众号（场景值 daye）"
    )
    await expect(chat.answers.last).to_be_visible()
    await chat.panel()
    await page.click("[data-open=scan]")
    await page.fill("#scan-form [name=scene]", "desk:1")
    await page.click("#scan-form button")
    await expect(page.locator("#talk .event").last).to_contain_text("扫描了二维码（场景值 desk:1）")


async def test_the_menu_is_the_account_s(opening: Opening, demo: Demo, shots: Shots) -> None:
    pushed = demo.told("menu")["button"]
    chat = await opening("daye-owner2")
    page = chat.page
    tops = page.locator("#menu > div > button")
    await expect(tops).to_have_count(len(pushed))
    folded = next(entry for entry in pushed if entry.get("sub_button"))
    leaf = next(each for each in folded["sub_button"] if each["type"] == "click")
    await tops.filter(has_text=folded["name"]).click()
    await shots.take(page, "menu")
    await page.keyboard.press("Escape")
    await expect(page.locator("#menu ul").first).to_be_hidden()
    await chat.tap_menu(folded["name"], leaf["name"])
    await expect(page.locator("#talk .event").last).to_have_text(f"点了菜单“{leaf['name']}”")


async def test_enter_sends_but_not_while_composing(opening: Opening) -> None:
    chat = await opening("daye-window")
    page = chat.page
    await page.fill("#words", "ni hao")
    for while_composing in ('{isComposing: true, key: "Enter"}', '{keyCode: 229, key: "Enter"}'):
        await page.evaluate(
            "document.getElementById('words').dispatchEvent("
            f"new KeyboardEvent('keydown', {{...{while_composing}, bubbles: true}}))"
        )
    await page.press("#words", "Shift+Enter")
    assert await page.input_value("#words") == "ni hao\n"
    await expect(page.locator("#talk > *")).to_have_count(0)
    await page.fill("#words", "你好")
    await page.press("#words", "Enter")
    await expect(page.locator("#words")).to_have_value("")
    await expect(chat.answers.first).to_be_visible()


async def test_the_keyboard_suffices(opening: Opening) -> None:
    chat = await opening("daye-window2")
    page = chat.page
    await chat.say("你好")
    choice = page.locator("#talk .tap").first
    await choice.focus()
    before = await page.locator("#talk .own").count()
    await page.keyboard.press("Enter")
    await expect(page.locator("#talk .own")).to_have_count(before + 1)
    await page.focus("#who")
    await page.keyboard.press("Enter")
    await expect(page.locator("#people")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.locator("#people")).to_be_hidden()
    assert await page.evaluate("document.activeElement.id") == "who"
    await page.focus("#wire-toggle")
    await page.keyboard.press("Enter")
    await expect(page.locator("#wire")).to_be_visible()
    await page.click("#wire-close")
    await expect(page.locator("#wire")).to_be_hidden()


async def test_what_the_account_sends_by_itself_appears(opening: Opening, demo: Demo) -> None:
    chat = await opening("zhoukou-window")
    await chat.say("你好")
    async with httpx.AsyncClient(base_url=demo.stand_in, trust_env=False) as platform:
        token = await _token(platform, demo)
        sent = await platform.post(
            "/cgi-bin/message/custom/send",
            params={"access_token": token},
            json={
                "touser": "oa-zhoukou-window",
                "msgtype": "text",
                "text": {"content": "踏勘提醒"},
            },
        )
    assert sent.json()["errcode"] == 0
    await expect(chat.answers.last).to_contain_text("踏勘提醒")


async def _token(platform: httpx.AsyncClient, demo: Demo) -> str:
    order = {"grant_type": "client_credential", "appid": demo.oa_appid, "secret": demo.oa_secret}
    return str((await platform.post("/cgi-bin/stable_token", json=order)).json()["access_token"])


async def test_every_attempt_is_shown(opening: Opening, demo: Demo, shots: Shots) -> None:
    chat = await opening("zhoukou-regulator", **_DESKTOP)
    async with httpx.AsyncClient(base_url=f"{demo.stand_in}/_sandbox", trust_env=False) as control:
        patience = (await control.post("/options", json={})).json()["cut_seconds"]
        await control.post("/options", json={"cut_seconds": 0.001})
        try:
            await chat.page.fill("#words", "你好")
            await chat.page.press("#words", "Enter")
            await expect(chat.page.locator("#talk .event.bad")).to_contain_text("出现故障")
        finally:
            await control.post("/options", json={"cut_seconds": patience})
            cleared = (await control.delete("/flag")).json()["cleared"]
    assert [each["reason"] for each in cleared] == ["no answer"]
    newest = chat.page.locator("#wire-list li").first
    await expect(newest.locator(".outcome")).to_contain_text("3 次")
    await newest.locator("summary").click()
    await expect(newest.locator("h3")).to_contain_text(["第 1 次", "第 2 次", "第 3 次", "解密后"])
    await shots.take(chat.page, "attempts")


async def test_everybody_has_a_chat_of_their_own(opening: Opening) -> None:
    chat = await opening("zhoukou-colleague")
    await chat.say("你好，我是王样")
    await chat.page.evaluate("location.hash = 'zhoukou-lead'")
    await expect(chat.page.locator("#who")).to_have_text("孙调样（周口市）")
    await expect(chat.page.locator("#talk > *")).to_have_count(0)
    await chat.page.evaluate("location.hash = 'zhoukou-colleague'")
    await expect(chat.page.locator("#talk .own")).to_have_count(1)


async def test_a_service_that_is_away_is_told_and_found_again(opening: Opening) -> None:
    chat = await opening("zhoukou-window2", strict=False)
    page = chat.page
    await chat.say("你好")
    await page.context.set_offline(True)
    await expect(page.locator("#trouble")).to_be_visible()
    await page.fill("#words", "还在吗")
    await page.press("#words", "Enter")
    await expect(page.locator("#words")).to_have_value("还在吗")
    await page.context.set_offline(False)
    await expect(page.locator("#trouble")).to_be_hidden()
    await chat.say("在的")


@pytest.mark.parametrize("look", _LOOKS)
async def test_it_can_be_read_everywhere(opening: Opening, shots: Shots, look: str) -> None:
    chat = await opening("daye-lead", **_LOOKS[look])
    page = chat.page
    await chat.say("你好")
    await chat.panel()
    await shots.take(page, "chat")
    await _is_readable(page)
    if not await page.locator("#wire").is_visible():
        await page.click("#wire-toggle")
    await page.locator("#wire-list summary").first.click()
    await shots.take(page, "wire")
    await _is_readable(page)
    if await page.locator("#wire-close").is_visible():
        await page.click("#wire-close")
    for opener in ("place", "voice", "scan"):
        await page.click(f"[data-open={opener}]")
        await shots.take(page, opener)
        await _is_readable(page)
        await page.keyboard.press("Escape")


async def _is_readable(page: Page) -> None:
    wide = await page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert wide[0] <= wide[1]
    found = await page.evaluate(_CONTRAST)
    assert found["texts"] > 10
    assert found["faint"] == []
