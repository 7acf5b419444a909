"""Whatever a program sends, the stand-in answers like the platform and never stumbles itself."""

import asyncio
from typing import Any

import httpx
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.wechat.conftest import MP, OA, Sandbox
from tests.wechat.control import Control

THING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=4), inner, max_size=2)
    ),
    max_leaves=4,
)
BODIES: dict[str, tuple[str, dict[str, Any]]] = {
    "/cgi-bin/stable_token": (
        "mp",
        {"grant_type": "client_credential", "appid": "a", "secret": "b"},
    ),
    "/wxa/business/getuserphonenumber": ("mp", {"code": "c", "openid": "mp-li"}),
    "/cgi-bin/message/subscribe/send": (
        "mp",
        {
            "touser": "mp-li",
            "template_id": "T-progress",
            "page": "pages/case/case",
            "data": {"thing1": {"value": "进度"}},
            "miniprogram_state": "formal",
            "lang": "zh_CN",
        },
    ),
    "/cgi-bin/message/custom/send": (
        "oa",
        {
            "touser": "oa-li",
            "msgtype": "msgmenu",
            "msgmenu": {"head_content": "h", "list": [{"id": "1", "content": "c"}]},
            "text": {"content": "您好"},
            "image": {"media_id": "m"},
            "news": {"articles": [{}]},
        },
    ),
    "/cgi-bin/message/custom/typing": ("oa", {"touser": "oa-li", "command": "Typing"}),
    "/wxa/msg_sec_check": (
        "mp",
        {"content": "您好", "version": 2, "scene": 1, "openid": "mp-li"},
    ),
    "/wxa/media_check_async": (
        "mp",
        {
            "media_url": "http://127.0.0.1:9/x",
            "media_type": 2,
            "version": 2,
            "scene": 1,
            "openid": "mp-li",
        },
    ),
    "/wxa/getwxacodeunlimit": (
        "mp",
        {"scene": "a", "page": "pages/case/case", "width": 280, "check_path": True},
    ),
    "/wxa/generate_urllink": (
        "mp",
        {"path": "pages/case/case", "query": "", "expire_type": 1, "expire_interval": 1},
    ),
    "/cgi-bin/menu/create": (
        "oa",
        {"button": [{"name": "好", "type": "click", "key": "k"}, {"name": "查", "sub_button": []}]},
    ),
}


@st.composite
def calls(draw: st.DrawFn) -> tuple[str, Any]:
    """An address and a body right but for one part, anywhere in it."""
    path = draw(st.sampled_from(sorted(BODIES)))
    return path, draw(spoilt(BODIES[path][1]))


def spoilt(value: Any) -> st.SearchStrategy[Any]:
    """The value with one part of it replaced."""
    choices = [THING]
    if isinstance(value, dict):
        choices += [within(value, key) for key in value]
    if isinstance(value, list) and value:
        choices.append(spoilt(value[0]).map(lambda new: [new, *value[1:]]))
    if value == "msgmenu":
        choices.append(st.sampled_from(["text", "image", "news", "nothing"]))
    return st.one_of(choices)


def within(value: dict[str, Any], key: str) -> st.SearchStrategy[Any]:
    """The value with the part under ``key`` spoilt."""
    return spoilt(value[key]).map(lambda new: {**value, key: new})


def tokens(anybody: httpx.Client) -> dict[str, str]:
    """A token of each account."""
    told = {}
    for kind, account in (("mp", MP), ("oa", OA)):
        body = {
            "grant_type": "client_credential",
            "appid": account.appid,
            "secret": account.secret,
        }
        told[kind] = anybody.post("/cgi-bin/stable_token", json=body).json()["access_token"]
    return told


async def test_no_call_makes_the_stand_in_stumble(sandbox: Sandbox, control: Control) -> None:
    await control.post("/acts", person="li")
    await asyncio.to_thread(talk, sandbox, await control.code("login", "li"))
    assert all(reason["reason"] == "call" for reason in await control.flag())


def talk(sandbox: Sandbox, code: str) -> None:
    """250 calls, each wrong in one place."""
    with httpx.Client(base_url=sandbox.base_url, trust_env=False) as anybody:
        known = tokens(anybody)
        query = {"appid": MP.appid, "secret": MP.secret, "js_code": code}
        anybody.get("/sns/jscode2session", params={**query, "grant_type": "authorization_code"})

        @settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])
        @given(call=calls())
        def answers(call: tuple[str, Any]) -> None:
            path, body = call
            query = {"access_token": known[BODIES[path][0]]}
            answer = anybody.post(path, params=query, json=body)
            assert answer.status_code == 200
            if answer.headers["content-type"] == "application/json":
                assert answer.json().get("errcode", 0) != -1

        answers()
