"""上传文件: streamed in, never whole in memory; handed out by short-lived links."""

import asyncio
import hashlib
from uuid import UUID

from pydantic import AwareDatetime, Field

from doors.access import SIGNED_IN
from doors.call import Call, one_header
from doors.multipart import Part, boundary_of, file_name, file_part
from doors.routes import Media
from doors.streams import body_of
from miniprogram_api.answers import Answered
from miniprogram_api.resource import resource
from rules.errors import Code, DomainError
from workflow import uploads as use_case
from workflow.unit import Done

uploads = resource(
    "uploads",
    "上传文件",
    "先上传得到编号，再附到办件上；一次上传，办件涉及的各单位共用。"
    "图片会重新编码并去除拍摄信息，支持 JPEG、PNG、WebP 和 PDF。",
)

WHOLE_S = 300.0
"""Seconds one upload may take."""
_FORM = {
    "type": "object",
    "properties": {"file": {"type": "string", "format": "binary"}},
    "required": ["file"],
}
_PLAIN = ("application/octet-stream", "application/pdf", "image/jpeg", "image/png", "image/webp")
_REFUSED = (
    Code.MALFORMED,
    Code.UNSUPPORTED_MEDIA,
    Code.TOO_MANY,
    Code.UPLOAD_EMPTY,
    Code.UPLOAD_TOO_LARGE,
    Code.UPLOAD_TYPE,
    Code.UPLOAD_BROKEN,
    Code.UPLOAD_UNSAFE,
    Code.UPLOAD_NAME,
    Code.STORAGE_UNAVAILABLE,
    Code.STORAGE_FULL,
)


class Uploaded(Answered):
    """一份已保存的文件。"""

    id: UUID
    name: str
    media_type: str
    size: int = Field(description="字节")
    digest: str = Field(description="保存内容的 SHA-256")
    pages: int
    width: int | None
    height: int | None
    created_at: AwareDatetime


class FileLink(Answered):
    """一个短时有效的下载链接。"""

    url: str
    expires_at: AwareDatetime


@uploads.post(
    "/uploads",
    who=SIGNED_IN,
    upload=(
        Media("multipart/form-data", "表单中名为 file 的一个文件（wx.uploadFile）", _FORM),
        *(Media(kind, f"或 {kind} 原文") for kind in _PLAIN),
    ),
    headers={"Content-Disposition": "原文上传时的文件名，attachment; filename*=UTF-8''…"},
    answers={201: Uploaded},
    errors=_REFUSED,
    summary="上传一个文件",
    description="类型以内容为准。同一操作编号重发同一文件，得到同一编号。",
)
async def upload(call: Call) -> Done:
    """Take a file in, then write its row under the request's key."""
    async with asyncio.timeout(WHOLE_S):
        part = await _sent(call)
        kept = await use_case.take(call.services, call.actor, part.chunks, part.name)
    sent = hashlib.sha256(f"upload {kept.sent_digest} {kept.name}".encode()).digest()
    return await call.act(lambda unit: use_case.keep(unit, kept), fingerprint=sent)


@uploads.post(
    "/uploads/<id>/link",
    who=SIGNED_IN,
    key=False,
    body=use_case.LinkWanted,
    answers={201: FileLink},
    summary="取得下载链接",
    description="五分钟内有效，只供取得链接的人使用。工作人员取得链接和下载都会留下记录。",
)
async def link(call: Call, id: UUID, body: use_case.LinkWanted) -> Done:
    """A link for a few minutes."""
    return await call.act(lambda unit: use_case.link(unit, id, body))


async def _sent(call: Call) -> Part:
    """The file of a form, or the body itself. Raises ``UNSUPPORTED_MEDIA``, ``MALFORMED``."""
    chunks = body_of(call.request)
    kind = one_header(call.request, "content-type", Code.UNSUPPORTED_MEDIA)
    boundary = boundary_of(kind)
    if boundary is not None:
        return await file_part(chunks, boundary)
    if kind is not None and kind.partition(";")[0].strip().lower() not in _PLAIN:
        raise DomainError(Code.UNSUPPORTED_MEDIA)
    disposition = one_header(call.request, "content-disposition", Code.MALFORMED)
    return Part(file_name(disposition) if disposition else None, chunks)
