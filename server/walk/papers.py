"""Uploads of the walk: small, real files."""

from typing import Any
from urllib.parse import quote, urlsplit

from server import samples
from server.walk.people import Someone
from server.walk.surprise import Surprise
from server.walk.walk import Walk


def attach(walk: Walk, who: Someone, purpose: str, name: str, case: str = "") -> str:
    """Upload one file and use it in the case (or another one) as one of its documents; the
    upload's id.
    """
    content = samples.document() if name.endswith(".pdf") else samples.picture()
    headers = {
        "content-type": "application/pdf" if name.endswith(".pdf") else "image/png",
        "content-disposition": f"attachment; filename*=UTF-8''{quote(name)}",
    }
    reply = who.send("POST", "/uploads", content=content, headers=headers)
    if reply.status != 201:
        raise Surprise(f"{who} 上传 {name}：{reply.said()}")
    upload = str(reply.body["id"])
    body = {"upload_id": upload, "purpose": purpose}
    path = f"/applications/{case or walk.case}/documents"
    walk.act(who, f"上传《{name}》", path, body, status=201)
    return upload


def opens(walk: Walk, who: Someone, upload: str) -> None:
    """Somebody of the case opens the file by a short-lived link."""
    link = _link(who, upload)
    if link.status != 201:
        raise Surprise(f"{who} 取下载链接：{link.said()}")
    path = urlsplit(link.body["url"]).path
    size = walk.api.fetch(path)
    walk.say(f"  {who} 打开同一份上传（{size} 字节），无须另交")


def stays_shut(walk: Walk, who: Someone, upload: str) -> None:
    """Somebody without a part in the case does not."""
    walk.refused(who, "打开别人的材料", _link(who, upload), 404, "not_found")


def _link(who: Someone, upload: str) -> Any:
    return who.send("POST", f"/uploads/{upload}/link", {"inline": False})
