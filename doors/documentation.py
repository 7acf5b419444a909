"""``/openapi.json`` and ``/docs``: the routes described, by a page that loads nothing foreign."""

from pathlib import Path
from typing import Any

import orjson
from sanic import Sanic
from sanic.response import HTTPResponse, raw, redirect

from doors import openapi, serving
from doors.access import PUBLIC
from doors.call import Call
from doors.routes import Cache, Media, Resource
from workflow.unit import Done

_PAGES = Path(__file__).parent / "pages"
_POLICY = "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

documentation = Resource("documentation", "接口说明", scheme=None, prefix="")


def install(app: Sanic[Any, Any]) -> None:
    """After every other door: the document holds what is installed by then."""
    serving.install(app, [documentation])


@documentation.get(
    "/openapi.json",
    who=PUBLIC,
    answers={200: dict[str, Any]},
    cache=Cache(seconds=300),
    summary="本说明（OpenAPI 3.1）",
)
async def read_openapi(call: Call) -> Done:
    """Built once a process."""
    context = call.request.app.ctx
    if not hasattr(context, "openapi"):
        routes = serving.routes(call.request.app)
        context.openapi = orjson.dumps(
            openapi.document(routes, server=call.services.public_url), default=str
        )
    return Done(200, context.openapi, {})


@documentation.get("/", who=PUBLIC, answers={302: None}, summary="转到接口说明页面")
async def read_root(call: Call) -> HTTPResponse:
    """Where a browser lands first."""
    return redirect("/docs")


@documentation.get("/docs", who=PUBLIC, answers={200: Media("text/html")}, summary="接口说明页面")
async def read_page(call: Call) -> HTTPResponse:
    """The page itself."""
    return _file("docs.html", "text/html; charset=utf-8")


@documentation.get(
    "/docs/docs.css", who=PUBLIC, answers={200: Media("text/css")}, summary="页面样式"
)
async def read_style(call: Call) -> HTTPResponse:
    """Its style."""
    return _file("docs.css", "text/css; charset=utf-8")


@documentation.get(
    "/docs/docs.js", who=PUBLIC, answers={200: Media("text/javascript")}, summary="页面脚本"
)
async def read_script(call: Call) -> HTTPResponse:
    """Its script."""
    return _file("docs.js", "text/javascript; charset=utf-8")


@documentation.get(
    "/favicon.ico", who=PUBLIC, answers={200: Media("image/svg+xml")}, summary="页面图标"
)
async def read_icon(call: Call) -> HTTPResponse:
    """A drop of water with a spark in it."""
    return _file("icon.svg", "image/svg+xml")


def _file(name: str, content_type: str) -> HTTPResponse:
    headers = {"content-security-policy": _POLICY, "cache-control": "public, max-age=300"}
    return raw((_PAGES / name).read_bytes(), 200, headers, content_type=content_type)
