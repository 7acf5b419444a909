"""``/sandbox``: the chat page of a demo. It loads nothing foreign and runs nothing inline."""

from pathlib import Path

from sanic.response import HTTPResponse, raw

from doors.access import PUBLIC
from doors.call import Call
from doors.routes import Media, Resource
from rules.errors import Code, DomainError

_FOLDER = Path(__file__).parent / "page"
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_KINDS = {".css": "text/css", ".js": "text/javascript"}
_PAGE = "index.html"

pages = Resource("sandbox_pages", "演示", scheme=None, prefix="/sandbox")


@pages.get("", who=PUBLIC, answers={200: Media("text/html")}, summary="公众号对话页面")
async def sandbox_page(call: Call) -> HTTPResponse:
    """The page itself."""
    return _file(_FOLDER / _PAGE, "text/html")


@pages.get(
    "/page/<name>",
    who=PUBLIC,
    answers={200: tuple(Media(kind, "页面的样式和脚本") for kind in _KINDS.values())},
    errors=(Code.NOT_FOUND,),
    summary="对话页面的样式和脚本",
)
async def sandbox_page_part(call: Call, name: str) -> HTTPResponse:
    """One of the files beside the page, by its very name."""
    found = next((each for each in _FOLDER.iterdir() if each.name == name), None)
    if found is None or found.suffix not in _KINDS:
        raise DomainError(Code.NOT_FOUND)
    return _file(found, _KINDS[found.suffix])


def _file(path: Path, kind: str) -> HTTPResponse:
    """Always asked for anew: a demo that was updated must not show half of the old page."""
    headers = {"content-security-policy": _POLICY, "cache-control": "no-cache"}
    return raw(path.read_bytes(), 200, headers, content_type=f"{kind}; charset=utf-8")
