"""Subscription messages, customer-service messages and the typing sign."""

import asyncio
from typing import Any

from wechat.sandbox import fields
from wechat.sandbox.api import Answer, Call, endpoint
from wechat.sandbox.calls_identity import OK
from wechat.sandbox.refusal import Refusal
from wechat.sandbox.seen import seen_of_service

MAX_TEXT_BYTES = 2048
_STATES = ("developer", "trial", "formal")
_LANGUAGES = ("zh_CN", "en_US", "zh_HK", "zh_TW")
_REQUIRED: dict[str, tuple[str, ...]] = {
    "text": ("content",),
    "image": ("media_id",),
    "voice": ("media_id",),
    "link": ("title", "description", "url", "thumb_url"),
    "miniprogrampage": ("title", "pagepath", "thumb_media_id"),
    "msgmenu": ("head_content", "list"),
    "news": ("articles",),
}
_ONLY_OA = ("msgmenu", "news", "voice")


@endpoint("/cgi-bin/message/subscribe/send", "POST", accounts=("mp",))
async def subscribe_send(call: Call) -> Answer:
    """A subscription message: one acceptance used, values judged, one at a time per person."""
    body = call.json()
    world = call.world
    person = world.people.by_openid("mp", body.get("touser"))
    template_id = body.get("template_id")
    template = world.config.templates.get(template_id) if isinstance(template_id, str) else None
    if template is None or not isinstance(template_id, str):
        raise Refusal(40037, "invalid template_id")
    if body.get("miniprogram_state", "formal") not in _STATES:
        raise Refusal(47003, "argument invalid! miniprogram_state")
    if body.get("lang", "zh_CN") not in _LANGUAGES:
        raise Refusal(47003, "argument invalid! lang")
    check_page(call, body.get("page"))
    world.subscriptions.begin(person.mp_openid)
    try:
        await asyncio.sleep(world.config.options.subscribe_seconds)
        fields.judge(body.get("data"), template.keys)
        world.subscriptions.spend(person.mp_openid, template_id, long_term=template.long_term)
    finally:
        world.subscriptions.end(person.mp_openid)
    number = world.record_sent("mp", "subscribe", person, body)
    return {**OK, "msgid": number}


def check_page(call: Call, page: object) -> None:
    """A page of the released mini-program, with or without a query. Refuses 41030."""
    pages = call.world.config.options.pages
    if page is None or page == "":
        return
    if not isinstance(page, str) or (pages is not None and page.split("?")[0] not in pages):
        raise Refusal(41030, "invalid page")


@endpoint("/cgi-bin/message/custom/send", "POST")
async def custom_send(call: Call) -> Answer:
    """A customer-service message inside the window the person opened."""
    body = call.json()
    person = call.world.people.by_openid(call.kind, body.get("touser"))
    _check_content(call, body)
    if call.kind == "oa" and not person.follows:
        raise Refusal(45015, "response out of time limit or subscription is canceled")
    call.world.quota.spend(call.kind, person.openid(call.kind), call.now)
    call.world.check_links(seen_of_service(body))
    call.world.record_sent(call.kind, "custom", person, body)
    return OK


def _check_content(call: Call, body: dict[str, Any]) -> None:
    msgtype = body.get("msgtype")
    if not isinstance(msgtype, str) or msgtype not in _REQUIRED:
        raise Refusal(40008, "invalid message type")
    if call.kind == "mp" and msgtype in _ONLY_OA:
        raise Refusal(45162, "invalid msgtype")
    content = body.get(msgtype)
    if not isinstance(content, dict) or any(not content.get(key) for key in _REQUIRED[msgtype]):
        raise Refusal(44004 if msgtype == "text" else 47003, f"argument invalid! {msgtype}")
    texts = [value for value in content.values() if isinstance(value, str)]
    if any(len(text.encode()) > MAX_TEXT_BYTES for text in texts):
        raise Refusal(45002, "content size out of limit")
    if msgtype == "news" and not _one_article(content["articles"]):
        raise Refusal(45008, "article size out of limit")
    if msgtype == "msgmenu":
        _check_menu(content["list"])
    for key in ("media_id", "thumb_media_id"):
        media = call.world.media.get(str(content.get(key)))
        if key in content and (media is None or call.now >= media.ends):
            raise Refusal(40007, "invalid media_id")


def _one_article(articles: object) -> bool:
    return isinstance(articles, list) and len(articles) == 1 and isinstance(articles[0], dict)


def _check_menu(lines: object) -> None:
    whole = isinstance(lines, list) and all(
        isinstance(line, dict) and isinstance(line.get("id"), str) and line.get("content")
        for line in lines
    )
    if not whole:
        raise Refusal(47003, "argument invalid! msgmenu.list")


async def _typing(call: Call) -> Answer:
    body = call.json()
    person = call.world.people.by_openid(call.kind, body.get("touser"))
    openid = person.openid(call.kind)
    call.world.quota.typing(call.kind, openid, body.get("command"), call.now)
    call.world.bell.ring()
    return OK


endpoint("/cgi-bin/message/custom/typing", "POST", accounts=("oa",))(_typing)
endpoint("/cgi-bin/message/custom/business/typing", "POST", accounts=("mp",))(_typing)
