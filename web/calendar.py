"""``/calendar/<token>.ics``: what a calendar program subscribes to; the token lets it in."""

import hashlib
from typing import Any

from sanic import Sanic
from sanic.response import HTTPResponse, raw

from doors.access import PUBLIC
from doors.call import Call
from doors.routes import Media, Resource
from doors.serving import install as install_routes
from rules.errors import Code
from workflow.surveys import calendar_feed

TYPE = "text/calendar"

calendar = Resource("calendar", "日历订阅", scheme=None, prefix="")


@calendar.get(
    "/calendar/<token>",
    who=PUBLIC,
    answers={200: Media(TYPE, "踏勘日程（iCalendar），只含编号、地址和时间"), 304: None},
    errors=(Code.LINK_INVALID,),
    headers={"If-None-Match": "上次得到的 ETag；没有变化时返回 304"},
    summary="订阅的踏勘日程",
    description="地址由“我的日历订阅”给出，以 .ics 结尾，可随时作废。",
)
async def read_calendar(call: Call, token: str) -> HTTPResponse:
    """The visits of whoever made the link."""
    body = await calendar_feed.feed(call.services, token, call.now)
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {"etag": tag, "cache-control": "private, no-cache"}
    asked = call.request.headers.get("if-none-match", "")
    if asked == "*" or tag in (part.strip().removeprefix("W/") for part in asked.split(",")):
        return HTTPResponse(status=304, headers=headers)
    return raw(body, 200, headers, content_type=f"{TYPE}; charset=utf-8")


def install(app: Sanic[Any, Any]) -> None:
    """Put the feed on the app."""
    install_routes(app, (calendar,))
