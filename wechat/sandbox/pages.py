"""The web page where people sign in with their account (网页授权)."""

import re
from html import escape
from urllib.parse import parse_qsl, urlencode, urlsplit

from sanic import HTTPResponse, Request
from sanic.response import html, redirect

from wechat.sandbox.world import World

_STATE = re.compile(r"[0-9A-Za-z]{0,128}")
_SCOPES = ("snsapi_base", "snsapi_userinfo")


async def authorize(world: World, request: Request) -> HTTPResponse:
    """Sends the browser back with a code for ``person``; without one, offers a choice."""
    query = dict(parse_qsl(request.query_string, keep_blank_values=True))
    fault = _fault(world, query)
    if fault:
        world.flag.raise_for("authorize", detail=fault)
        return html(_page("无法授权", f"<p>{escape(fault)}</p>"))
    if "person" not in query:
        return html(_choice(world, query))
    person = world.people.find(query["person"])
    if person is None:
        return html(_page("没有这个人", f"<p>{escape(query['person'])}</p>"))
    snapshot = query.get("snapshot") == "1"
    code = world.codes.issue(
        "oauth", person, world.clock.now(), scope=query["scope"], snapshot=snapshot
    )
    target = urlsplit(query["redirect_uri"])
    added = urlencode({"code": code, "state": query.get("state", "")})
    joined = f"{target.query}&{added}" if target.query else added
    return redirect(target._replace(query=joined).geturl())


def _fault(world: World, query: dict[str, str]) -> str:
    if query.get("appid") != world.config.oa.appid:
        return "appid 参数错误（10013）"
    if query.get("response_type") != "code":
        return "response_type 应为 code（10004）"
    if query.get("scope") not in _SCOPES:
        return "scope 参数错误（10005）"
    if not _STATE.fullmatch(query.get("state", "")):
        return "state 只能是 128 字节以内的字母和数字"
    target = urlsplit(query.get("redirect_uri", ""))
    hosts = world.config.options.oauth_hosts
    if target.scheme not in ("http", "https") or not target.hostname:
        return "redirect_uri 参数错误（10003）"
    if hosts is not None and target.hostname not in hosts:
        return "redirect_uri 域名与后台配置不一致（10003）"
    return ""


def _choice(world: World, query: dict[str, str]) -> str:
    links = "".join(
        f'<li><a href="?{escape(urlencode({**query, "person": person.id}))}">'
        f"{escape(person.name)}</a> {escape(person.note)}</li>"
        for person in world.people.all()
    )
    return _page("以谁的身份登录？", f"<ul>{links}</ul>")


def _page(title: str, content: str) -> str:
    return (
        '<!doctype html><html lang="zh-CN"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>{escape(title)}</title><h1>{escape(title)}</h1>{content}</html>"
    )
