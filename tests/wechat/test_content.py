"""Content checks, codes, links, menus and media through the client against the stand-in."""

import base64
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from tests.wechat.control import Control
from wechat.errors import BadAnswer, Misconfigured, Refused, UserCaused
from wechat.platform import Platform

MENU: dict[str, Any] = {
    "button": [
        {"type": "click", "name": "我要报装", "key": "apply"},
        {
            "name": "查询",
            "sub_button": [
                {"type": "view", "name": "办事指南", "url": "https://example.com/guide"},
                {
                    "type": "miniprogram",
                    "name": "我的报装",
                    "appid": "wxtestminiprogram1",
                    "pagepath": "pages/index/index",
                    "url": "https://example.com",
                },
            ],
        },
    ]
}


async def test_text_is_checked_for_recent_visitors(platform: Platform, control: Control) -> None:
    with pytest.raises(UserCaused) as stranger:
        await platform.mp.check_text("mp-li", "您好", scene=2)
    assert stranger.value.errcode == 61010
    await platform.login(await control.code("login", "li"))
    assert (await platform.mp.check_text("mp-li", "您好", scene=2)).suggest == "pass"
    verdict = await platform.mp.check_text("mp-li", "诚招赌博代理", scene=2)
    assert (verdict.suggest, verdict.label) == ("risky", 20006)
    await control.post("/clock", seconds=2 * 3600 + 1)
    with pytest.raises(UserCaused):
        await platform.mp.check_text("mp-li", "您好", scene=2)


async def test_a_mini_program_code_is_an_image(platform: Platform, control: Control) -> None:
    image = await platform.mp.code_image("s=2023000001", "pages/case/case")
    assert image.startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("scene", "page", "kind", "errcode"),
    [
        ("x" * 33, "pages/case/case", Refused, 40169),
        ("50%", "pages/case/case", Refused, 40169),
        ("中文", "pages/case/case", Refused, 40169),
        ("a", "/pages/case/case", Misconfigured, 41030),
        ("a", "pages/case/case?id=1", Misconfigured, 41030),
        ("a", "pages/unknown", Misconfigured, 41030),
    ],
)
async def test_a_refused_code_is_an_error_not_an_image(
    platform: Platform, control: Control, scene: str, page: str, kind: Any, errcode: int
) -> None:
    with pytest.raises(kind) as refused:
        await platform.mp.code_image(scene, page)
    assert refused.value.errcode == errcode
    assert len(await control.flag()) == 1


async def test_a_page_instead_of_an_image_is_no_image(platform: Platform, control: Control) -> None:
    await control.inject("/wxa/getwxacodeunlimit", "html")
    with pytest.raises(BadAnswer):
        await platform.mp.code_image("a", "pages/case/case")


async def test_a_url_link_leads_to_its_page(platform: Platform, control: Control) -> None:
    link = await platform.mp.url_link("pages/case/case", "id=7", days=30)
    name = urlsplit(link).path.rsplit("/", 1)[1]
    assert (await control.get(f"/links/{name}"))["query"] == "id=7"
    with pytest.raises(Refused) as refused:
        await platform.mp.url_link("pages/case/case", days=31)
    assert refused.value.errcode == 85401
    assert len(await control.flag()) == 1


async def test_the_menu_is_kept(platform: Platform, control: Control) -> None:
    await platform.oa.create_menu(MENU)
    assert await control.get("/menu") == MENU


@pytest.mark.parametrize(
    ("menu", "errcode"),
    [
        ({"button": []}, 40017),
        ({"button": [MENU["button"][0]] * 4}, 40017),
        ({"button": [{"type": "click", "name": "六个汉字太长", "key": "k"}]}, 40018),
        ({"button": [{"type": "click", "name": "好", "key": ""}]}, 40019),
        ({"button": [{"type": "view", "name": "好"}]}, 40020),
        ({"button": [{"type": "nothing", "name": "好"}]}, 40119),
        ({"button": [{"name": "好", "sub_button": [MENU["button"][0]] * 6}]}, 40023),
        ({"button": [{"name": "好", "sub_button": [{"type": "click", "name": ""}]}]}, 40025),
    ],
)
async def test_a_wrong_menu_is_refused(
    platform: Platform, control: Control, menu: dict[str, Any], errcode: int
) -> None:
    with pytest.raises(Refused) as refused:
        await platform.oa.create_menu(menu)
    assert refused.value.errcode == errcode
    assert len(await control.flag()) == 1


async def test_media_come_and_go(platform: Platform, control: Control) -> None:
    photo = b"\xff\xd8\xff photo of the site"
    media_id = await platform.oa.upload_media("image", "site.jpg", photo, "image/jpeg")
    told = await platform.oa.download_media(media_id)
    assert (told.content, told.content_type) == (photo, "image/jpeg")
    await control.post("/clock", seconds=3 * 86400 + 1)
    with pytest.raises(Refused) as gone:
        await platform.oa.download_media(media_id)
    assert gone.value.errcode == 40007
    assert len(await control.flag()) == 1


async def test_a_picture_somebody_sent(platform: Platform, control: Control) -> None:
    told = await control.post("/media", content=base64.b64encode(b"\x89PNG 1").decode())
    assert (await platform.oa.download_media(told["media_id"])).content == b"\x89PNG 1"
    async with httpx.AsyncClient(trust_env=False) as anybody:
        assert (await anybody.get(told["url"])).content == b"\x89PNG 1"


async def test_a_file_too_large_to_download_is_refused(
    platform: Platform, control: Control
) -> None:
    await control.inject("/cgi-bin/media/get", "oversize", size=11 * 1024 * 1024)
    with pytest.raises(BadAnswer):
        await platform.oa.download_media("any")


async def test_calls_of_the_other_account_are_refused(platform: Platform, control: Control) -> None:
    token = await platform.mp_client.tokens.current()
    with pytest.raises(Misconfigured) as refused:
        await platform.oa_client.transport.json(
            "GET", "/cgi-bin/user/info", query={"access_token": token, "openid": "oa-li"}
        )
    assert refused.value.errcode == 48001
    assert len(await control.flag()) == 1
