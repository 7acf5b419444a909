"""The service account's menu, and temporary media of both accounts."""

import secrets
from typing import Any

from sanic.request import File
from sanic.response import raw

from wechat.sandbox.api import Answer, Call, endpoint
from wechat.sandbox.calls_identity import OK
from wechat.sandbox.config import Kind
from wechat.sandbox.refusal import Refusal
from wechat.sandbox.world import StoredMedia, World

MEDIA_SECONDS = 3 * 86400
_KEYED = (
    *("click", "scancode_push", "scancode_waitmsg", "pic_sysphoto"),
    *("pic_photo_or_album", "pic_weixin", "location_select"),
)
_MEDIA_BYTES = {"image": 10 << 20, "voice": 2 << 20, "video": 10 << 20, "thumb": 64 << 10}


@endpoint("/cgi-bin/menu/create", "POST", accounts=("oa",))
async def create_menu(call: Call) -> Answer:
    """Checked as documented; readable again under ``/_sandbox/menu``."""
    body = call.json()
    buttons = body.get("button")
    if not isinstance(buttons, list) or not 1 <= len(buttons) <= 3:
        raise Refusal(40017, "invalid button size")
    for button in buttons:
        subs = button.get("sub_button") if isinstance(button, dict) else None
        if not subs:
            _check_button(button, 16, 40018)
            continue
        _check_name(button, 16, 40018)
        if not isinstance(subs, list) or len(subs) > 5:
            raise Refusal(40023, "invalid sub button size")
        for sub in subs:
            _check_button(sub, 60, 40025)
    call.world.menus[call.world.config.oa.appid] = body
    return OK


def _check_name(button: Any, most: int, errcode: int) -> None:
    name = button.get("name") if isinstance(button, dict) else None
    if not isinstance(name, str) or not 1 <= len(name.encode()) <= most:
        raise Refusal(errcode, "invalid button name size")


def _check_button(button: Any, most: int, errcode: int) -> None:
    _check_name(button, most, errcode)
    kind = button.get("type")
    if kind in _KEYED:
        if not 1 <= len(str(button.get("key", "")).encode()) <= 128:
            raise Refusal(errcode + 1, "invalid button key size")
    elif kind in ("view", "miniprogram"):
        if not 1 <= len(str(button.get("url", "")).encode()) <= 1024:
            raise Refusal(errcode + 2, "invalid button url size")
        if kind == "miniprogram" and not (button.get("appid") and button.get("pagepath")):
            raise Refusal(40013, "invalid appid")
    elif kind not in ("media_id", "article_id", "article_view_limited", "view_limited"):
        raise Refusal(40119, "invalid use button type")


@endpoint("/cgi-bin/media/upload", "POST")
async def upload_media(call: Call) -> Answer:
    """Multipart, one part named ``media``; kept for 3 days."""
    kind = call.query.get("type", "")
    if kind not in _MEDIA_BYTES:
        raise Refusal(40004, "invalid media type")
    file: File | None = call.request.files.get("media") if call.request.files else None
    if file is None or not file.body:
        raise Refusal(41005, "media data missing")
    if len(file.body) > _MEDIA_BYTES[kind]:
        raise Refusal(40006, "invalid meida size")
    media_id = store_media(call.world, call.kind, file.body, file.type, file.name)
    return {"type": kind, "media_id": media_id, "created_at": int(call.now)}


def store_media(world: World, kind: Kind, content: bytes, mime: str, name: str) -> str:
    """Keeps a temporary file. Returns its media id."""
    media_id = secrets.token_urlsafe(32)
    ends = world.clock.now() + MEDIA_SECONDS
    world.media[media_id] = StoredMedia(kind, content, mime, name, ends)
    return media_id


@endpoint("/cgi-bin/media/get", "GET")
async def download_media(call: Call) -> Answer:
    """The file itself. Refuses 40007 when unknown, old or of the other account."""
    media = call.world.media.get(call.query.get("media_id", ""))
    if media is None or media.kind != call.kind or call.now >= media.ends:
        raise Refusal(40007, "invalid media_id")
    headers = {"content-disposition": f'attachment; filename="{media.name}"'}
    return raw(media.content, content_type=media.mime, headers=headers)
