"""Sign-in, phone numbers and OAuth through the client against the stand-in."""

from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from tests.wechat.conftest import MP, OA
from tests.wechat.control import Control
from wechat.accounts import Identity
from wechat.errors import CodeRefused, Kind, SnapshotUser, UserCaused
from wechat.platform import Platform


async def test_login_tells_openid_and_unionid(platform: Platform, control: Control) -> None:
    identity = await platform.login(await control.code("login", "li"))
    assert identity == Identity(MP.appid, "mp-li", "union-li")


async def test_login_without_bound_accounts_has_no_unionid(
    platform: Platform, control: Control
) -> None:
    await control.post("/options", bound=False)
    assert (await platform.login(await control.code("login", "li"))).unionid is None


async def test_a_code_works_once(platform: Platform, control: Control) -> None:
    code = await control.code("login", "li")
    await platform.login(code)
    with pytest.raises(CodeRefused) as refused:
        await platform.login(code)
    assert (refused.value.errcode, refused.value.kind) == (40163, Kind.USER)


@pytest.mark.parametrize(("age", "works"), [(290, True), (301, False)])
async def test_a_code_lives_five_minutes(
    platform: Platform, control: Control, age: int, works: bool
) -> None:
    login, phone = await control.code("login", "li"), await control.code("phone", "li")
    web = await control.code("oauth", "li")
    await control.post("/clock", seconds=age)
    if works:
        assert (await platform.login(login)).openid == "mp-li"
        assert await platform.phone_number(phone) == "13800001234"
        assert (await platform.h5_login(web)).openid == "oa-li"
        return
    with pytest.raises(CodeRefused):
        await platform.login(login)
    with pytest.raises(CodeRefused):
        await platform.phone_number(phone)
    with pytest.raises(CodeRefused):
        await platform.h5_login(web)


async def test_login_and_phone_codes_are_not_exchangeable(
    platform: Platform, control: Control
) -> None:
    with pytest.raises(CodeRefused):
        await platform.login(await control.code("phone", "li"))
    with pytest.raises(CodeRefused):
        await platform.phone_number(await control.code("login", "li"))


async def test_a_foreign_number_keeps_its_country(platform: Platform, control: Control) -> None:
    assert await platform.phone_number(await control.code("phone", "gang")) == "+85251234567"


async def test_a_phone_code_is_bound_to_its_openid(platform: Platform, control: Control) -> None:
    code = await control.code("phone", "li")
    assert await platform.mp.phone_number(code, "mp-li") == "13800001234"
    with pytest.raises(CodeRefused):
        await platform.mp.phone_number(await control.code("phone", "li"), "mp-zhao")


async def test_a_blocked_person_is_the_persons_matter(platform: Platform, control: Control) -> None:
    await control.inject("/sns/jscode2session", "errcode", errcode=40226)
    with pytest.raises(UserCaused):
        await platform.login(await control.code("login", "li"))


async def test_web_sign_in_by_redirect(platform: Platform, control: Control) -> None:
    url = platform.oa.authorize_url("http://127.0.0.1:1/h5/back?from=menu", "a1B2")
    async with httpx.AsyncClient(trust_env=False) as browser:
        chooser = await browser.get(url)
        assert "李样" in chooser.text
        answer = await browser.get(url.replace("#", "&person=li#"))
    back = urlsplit(answer.headers["location"])
    told = parse_qs(back.query)
    assert (told["from"], told["state"]) == (["menu"], ["a1B2"])
    assert await platform.h5_login(told["code"][0]) == Identity(OA.appid, "oa-li", "union-li")


async def test_web_sign_in_of_a_stranger_to_the_account_has_no_unionid(
    platform: Platform, control: Control
) -> None:
    identity = await platform.h5_login(await control.code("oauth", "zhao"))
    assert identity == Identity(OA.appid, "oa-zhao", None)


async def test_web_sign_in_survives_a_failed_look_up(platform: Platform, control: Control) -> None:
    await control.inject("/cgi-bin/user/info", "html", status=502)
    identity = await platform.h5_login(await control.code("oauth", "li"))
    assert identity == Identity(OA.appid, "oa-li", None)


async def test_a_virtual_account_is_never_bound(platform: Platform, control: Control) -> None:
    with pytest.raises(SnapshotUser):
        await platform.h5_login(await control.code("oauth", "li", snapshot=True))


async def test_the_page_sends_nobody_to_another_host(platform: Platform, control: Control) -> None:
    await control.post("/options", oauth_hosts=["h5.example.com"])
    async with httpx.AsyncClient(trust_env=False) as browser:
        url = platform.oa.authorize_url("http://127.0.0.1:1/back", "a")
        assert "redirect_uri" in (await browser.get(url)).text
        url = platform.oa.authorize_url("https://h5.example.com/back", "a")
        assert (await browser.get(url.replace("#", "&person=li#"))).is_redirect
    assert len(await control.flag()) == 1


async def test_the_page_refuses_a_state_the_platform_would_cut(
    platform: Platform, control: Control
) -> None:
    async with httpx.AsyncClient(trust_env=False) as browser:
        url = platform.oa.authorize_url("http://127.0.0.1:1/back", "not-allowed!")
        answer = await browser.get(url)
    assert "state" in answer.text
    assert [reason["reason"] for reason in await control.flag()] == ["authorize"]
