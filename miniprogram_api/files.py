"""下载: what a short-lived link opens, streamed."""

from doors.access import PUBLIC
from doors.call import Call
from doors.routes import Media, Resource
from doors.streams import Streamed
from rules.errors import Code
from workflow import uploads as use_case

files = Resource("files", "下载", scheme=None, prefix="")


@files.get(
    "/files/<token>",
    who=PUBLIC,
    answers={
        200: (
            Media("image/jpeg", "文件内容"),
            Media("image/png"),
            Media("application/pdf"),
        )
    },
    errors=(Code.LINK_INVALID, Code.STORAGE_UNAVAILABLE),
    summary="下载文件",
    description="链接由 POST /api/v1/uploads/{id}/link 得到；取得链接的人失去权限后，链接即失效。",
)
async def download(call: Call, token: str) -> Streamed:
    """The file. One changed in the store breaks off before its end."""
    found = await use_case.download(call.services, token, correlation=call.id)
    return Streamed(found.media_type, found.headers, found.chunks)
