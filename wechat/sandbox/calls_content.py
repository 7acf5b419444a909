"""Content checks, mini-program codes and links."""

import io
import re
import secrets
from typing import Any
from urllib.parse import quote

import segno
from sanic.response import raw

from wechat.sandbox.api import Answer, Call, endpoint
from wechat.sandbox.calls_identity import OK
from wechat.sandbox.people import Person
from wechat.sandbox.refusal import Refusal

_SCENE = re.compile(r"[0-9A-Za-z!#$&'()*+,/:;=?@\-._~]{1,32}")
_VISIT_SECONDS = 2 * 3600
_VERSIONS = ("release", "trial", "develop")
_LONGEST_LINK_DAYS = 30


def _recent_visitor(call: Call, body: dict[str, Any]) -> Person:
    if body.get("version") != 2:
        raise Refusal(47001, "version must be 2")
    if body.get("scene") not in (1, 2, 3, 4):
        raise Refusal(40129, "invalid scene")
    person = call.world.people.by_openid("mp", body.get("openid"))
    if call.now - person.visited > _VISIT_SECONDS:
        raise Refusal(61010, "code is expired")
    return person


@endpoint("/wxa/msg_sec_check", "POST", accounts=("mp",))
async def check_text(call: Call) -> Answer:
    """msgSecCheck version 2; risky when a configured word occurs."""
    body = call.json()
    content = body.get("content")
    if not isinstance(content, str) or not content:
        raise Refusal(44002, "empty content")
    if len(content) > 2500:
        raise Refusal(45002, "content size out of limit")
    _recent_visitor(call, body)
    found = next((word for word in call.world.config.options.risky_words if word in content), None)
    result = {"suggest": "risky" if found else "pass", "label": 20006 if found else 100}
    detail = [{"strategy": "content_model", "errcode": 0, **result, "prob": 90}]
    if found:
        detail.append({"strategy": "keyword", "errcode": 0, **result, "keyword": found})
    return {**OK, "trace_id": secrets.token_hex(16), "result": result, "detail": detail}


@endpoint("/wxa/media_check_async", "POST", accounts=("mp",))
async def check_media(call: Call) -> Answer:
    """mediaCheckAsync version 2; the verdict is pushed later."""
    body = call.json()
    if body.get("media_type") not in (1, 2):
        raise Refusal(47001, "invalid media_type")
    url = body.get("media_url")
    if not isinstance(url, str) or not url.startswith(("http://", "https://")):
        raise Refusal(47001, "invalid media_url")
    person = _recent_visitor(call, body)
    return {**OK, "trace_id": call.hub.checks.begin(url, person)}


@endpoint("/wxa/getwxacodeunlimit", "POST", accounts=("mp",))
async def code_image(call: Call) -> Answer:
    """An image whose code really holds page and scene, so that a camera can follow it."""
    body = call.json()
    scene, page = body.get("scene"), body.get("page", "")
    if not isinstance(scene, str) or not _SCENE.fullmatch(scene):
        raise Refusal(40169, "invalid length for scene, or the data is not json string")
    if not isinstance(page, str) or page.startswith("/") or "?" in page:
        raise Refusal(41030, "invalid page")
    _check_version(body)
    pages = call.world.config.options.pages
    if body.get("check_path", True) and page and pages is not None and page not in pages:
        raise Refusal(41030, "invalid page")
    width = body.get("width", 430)
    if not isinstance(width, int) or not 280 <= width <= 1280:
        raise Refusal(40097, "invalid args")
    appid = call.world.config.mp.appid
    code = segno.make(f"weixin://miniprogram/{appid}/{page}?scene={quote(scene, safe='')}")
    image = io.BytesIO()
    code.save(image, kind="png", scale=max(1, width // code.symbol_size()[0]))
    return raw(image.getvalue(), content_type="image/png")


@endpoint("/wxa/generate_urllink", "POST", accounts=("mp",))
async def url_link(call: Call) -> Answer:
    """generateUrlLink; the link opens a page of the stand-in that tells where it leads."""
    body = call.json()
    path, query = body.get("path", ""), body.get("query", "")
    pages = call.world.config.options.pages
    if not isinstance(path, str) or (path and pages is not None and path not in pages):
        raise Refusal(40165, "invalid weapp pagepath")
    if not isinstance(query, str) or len(query) > 1024:
        raise Refusal(40212, "invalid query")
    _check_version(body)
    days = body.get("expire_interval") if body.get("expire_type") == 1 else _LONGEST_LINK_DAYS
    if not isinstance(days, int) or not 1 <= days <= _LONGEST_LINK_DAYS:
        raise Refusal(85401, "time limit between 1min and 30 days")
    name = secrets.token_urlsafe(8)
    call.world.links[name] = {"path": path, "query": query, "ends": call.now + days * 86400}
    return {**OK, "url_link": f"http://{call.request.host}/_sandbox/links/{name}"}


def _check_version(body: dict[str, Any]) -> None:
    if body.get("env_version", "release") not in _VERSIONS:
        raise Refusal(85402, "invalid env_version")
