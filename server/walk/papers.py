"""Uploads of the walk: small, real files, made here."""

import struct
import zlib
from typing import Any
from urllib.parse import quote, urlsplit

from server.walk.people import Someone
from server.walk.surprise import Surprise
from server.walk.walk import Walk

_SIDE = 96


def picture() -> bytes:
    """A PNG of a few grey stripes, as a scan might be."""
    rows = b"".join(b"\x00" + bytes([200 + y % 40]) * _SIDE for y in range(_SIDE))
    head = struct.pack(">IIBBBBB", _SIDE, _SIDE, 8, 0, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*part) for part in parts)


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def document() -> bytes:
    """A PDF of one empty page."""
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>",
    )
    body, places = b"%PDF-1.4\n", []
    for number, each in enumerate(objects, start=1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    start = len(body)
    body += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    body += b"".join(b"%010d 00000 n \n" % place for place in places)
    body += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n" % (len(objects) + 1)
    return body + b"%d\n%%%%EOF\n" % start


def attach(walk: Walk, who: Someone, purpose: str, name: str) -> str:
    """Upload one file and use it in the case as one of its documents; the upload's id."""
    content = document() if name.endswith(".pdf") else picture()
    headers = {
        "content-type": "application/pdf" if name.endswith(".pdf") else "image/png",
        "content-disposition": f"attachment; filename*=UTF-8''{quote(name)}",
    }
    reply = who.send("POST", "/uploads", content=content, headers=headers)
    if reply.status != 201:
        raise Surprise(f"{who} 上传 {name}：{reply.said()}")
    upload = str(reply.body["id"])
    body = {"upload_id": upload, "purpose": purpose}
    path = f"/applications/{walk.case}/documents"
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
