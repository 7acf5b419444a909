"""Routes on a Sanic app: authenticate, judge, decode, call, encode; refusals as problems."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from typing import Any

import structlog
from sanic import Request, Sanic
from sanic.exceptions import RequestCancelled, SanicException
from sanic.response import HTTPResponse, raw

from doors import decoding, problems
from doors.access import Kind
from doors.call import NOBODY, Call
from doors.plain import PlainResponse
from doors.routes import Resource, Route
from doors.streams import Streamed, hear_out
from rules.errors import Code, DomainError
from workflow.encoding import encode
from workflow.outages import code_of, cut_off
from workflow.unit import Answer, Done

ANSWER_TIMEOUT = 10.0
"""Seconds an answer may take (``app.config.ANSWER_TIMEOUT``); then the caller is told to come
again with the same key. An upload takes its own time.
"""

_OF_STATUS = {
    400: Code.MALFORMED,
    401: Code.UNAUTHENTICATED,
    403: Code.FORBIDDEN,
    404: Code.NOT_FOUND,
    405: Code.METHOD_NOT_ALLOWED,
    408: Code.MALFORMED,
    413: Code.TOO_LARGE,
    415: Code.UNSUPPORTED_MEDIA,
    416: Code.MALFORMED,
    417: Code.MALFORMED,
    431: Code.TOO_LARGE,
    503: Code.UNAVAILABLE,
}
"""Sanic's own refusals; any other status is a fault of ours."""

_log = structlog.get_logger("doors")
Response = HTTPResponse | Streamed
Handler = Callable[..., Coroutine[Any, Any, HTTPResponse | None]]


def install(app: Sanic[Any, Any], resources: Iterable[Resource]) -> None:
    """Put every route of ``resources`` on the app, and problems in the place of its errors.

    Handlers find the wiring as ``app.ctx.wiring``. ``routes(app)`` lists what was installed.
    """
    if not hasattr(app.ctx, "door_routes"):
        app.ctx.door_routes = []
        app.error_handler.add(Exception, refuse)
        app.error_handler.add(RequestCancelled, refuse)
        app.config.setdefault("ANSWER_TIMEOUT", ANSWER_TIMEOUT)
    for resource in resources:
        for route in resource.routes:
            app.ctx.door_routes.append(route)
            app.add_route(
                _handler(route),
                route.pattern,
                methods=[route.method],
                name=f"{resource.name}.{route.operation}",
                strict_slashes=True,
                stream=bool(route.upload),
            )


def routes(app: Sanic[Any, Any]) -> tuple[Route, ...]:
    """Every route the doors have installed on the app."""
    return tuple(getattr(app.ctx, "door_routes", ()))


def methods_of(app: Sanic[Any, Any], path: str) -> list[str]:
    """The methods an address takes; one written out goes before one with places. Addresses that
    are no part of the API are found, too.
    """
    parts = path.split("/")
    fitting = [route for route in routes(app) if _fits(route.uri.split("/"), parts)]
    exact = [route for route in fitting if route.uri == path]
    declared = {route.method for route in exact or fitting}
    plain = (route for route in app.router.routes if route.path == path.removeprefix("/"))
    return sorted(declared or {method for route in plain for method in route.methods})


def _fits(uri: list[str], parts: list[str]) -> bool:
    return len(uri) == len(parts) and all(
        ours.startswith("{") or ours == given for ours, given in zip(uri, parts, strict=True)
    )


def _handler(route: Route) -> Handler:
    async def handle(request: Request, **places: str) -> HTTPResponse | None:
        if route.upload:
            return await _take_in(route, request, places)
        async with asyncio.timeout(request.app.config.ANSWER_TIMEOUT):
            try:
                answer = await _answer(route, request, places)
            except Exception as error:  # asked again below, or refused by ``refuse``
                if route.method != "GET" or not cut_off(error):
                    raise
                answer = await _answer(route, request, places)
        if isinstance(answer, HTTPResponse):
            return answer
        await answer.send(request)
        return None

    return handle


async def _take_in(route: Route, request: Request, places: dict[str, str]) -> HTTPResponse:
    """An upload; whoever is refused hears why even in the middle of sending."""
    try:
        answer = await _answer(route, request, places)
    except Exception:
        await hear_out(request)
        raise
    assert isinstance(answer, HTTPResponse)  # noqa: S101 - no upload answers with a stream
    return answer


async def _answer(route: Route, request: Request, places: dict[str, str]) -> Response:
    services = request.app.ctx.wiring.services
    call = Call(request, route, NOBODY, services, services.clock.now())
    if route.shortcut is not None:
        found = await _short(route.shortcut, call, places)
        if found is not None:
            return _encode(route, request, found)
    if route.access.kind is not Kind.PUBLIC and route.resource.scheme is not None:
        call.actor = await route.resource.scheme.authenticate(request, services, call.now)
        route.access.judge(call.actor)
    call.check_headers()
    given = _places(route, places)
    query = decoding.query(route.query, request.query_string)
    if route.query is not None:
        given["query"] = query
    if route.body is not None:
        given["body"] = decoding.body(route.body, request.headers.get("content-type"), request.body)
    elif not route.upload and request.method != "GET" and request.body:
        raise DomainError(Code.MALFORMED)
    return _encode(route, request, await route.handler(call, **given))


async def _short(
    shortcut: Callable[..., Awaitable[Any]], call: Call, places: dict[str, str]
) -> Any:
    """What the shortcut gives. What it would refuse, the long way refuses, in its own order."""
    try:
        given = _places(call.route, places)
        decoding.query(None, call.request.query_string)
        return await shortcut(call, **given)
    except DomainError:
        return None


def _places(route: Route, places: dict[str, str]) -> dict[str, Any]:
    return {name: decoding.place(route.parameters[name], value) for name, value in places.items()}


def _encode(route: Route, request: Request, found: Any) -> Response:
    if isinstance(found, HTTPResponse | Streamed):
        return found
    if found is None:
        return HTTPResponse(status=204)
    if isinstance(found, Answer):
        headers = {"etag": f'"{found.version}"'} if found.version is not None else {}
        found = Done(found.status, encode(found.body), headers)
    assert isinstance(found, Done)  # noqa: S101 - a handler that answers otherwise is a fault of ours
    headers = dict(found.headers)
    if "location" in headers and not headers["location"].startswith(route.resource.prefix):
        headers["location"] = route.resource.prefix + headers["location"]
    if found.replayed:
        headers["idempotency-replayed"] = "true"
    if route.cache is not None and found.status == 200:
        return _cached(route.cache.seconds, request, found.body, headers)
    return PlainResponse(found.body, found.status, headers, content_type="application/json")


def _cached(seconds: int, request: Request, body: bytes, headers: dict[str, str]) -> HTTPResponse:
    tag = headers.get("etag") or f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers |= {"etag": tag, "cache-control": f"public, max-age={seconds}"}
    asked = request.headers.get("if-none-match", "")
    if tag in (part.strip().removeprefix("W/") for part in asked.split(",")) or asked == "*":
        return HTTPResponse(status=304, headers=headers)
    return raw(body, 200, headers, content_type="application/json")


async def refuse(request: Request, error: BaseException) -> HTTPResponse:
    """The one place where an exception becomes an answer; never with the exception's own text."""
    headers: dict[str, str] = {}
    if isinstance(error, DomainError):
        refusal = error
    elif isinstance(error, SanicException):
        refusal = DomainError(_OF_STATUS.get(error.status_code, Code.INTERNAL))
        headers = {str(k).lower(): str(v) for k, v in (error.headers or {}).items()}
        if refusal.code is Code.METHOD_NOT_ALLOWED:  # the router forgets some of them
            headers["allow"] = ", ".join(methods_of(request.app, request.path))
    elif isinstance(error, RequestCancelled):  # the caller hung up: nobody reads this
        refusal = DomainError(Code.MALFORMED)
    else:
        refusal = DomainError(code_of(error) or Code.INTERNAL)
    if not isinstance(error, DomainError):
        _report(refusal.code, error, str(request.id))
    return raw(
        problems.body_of(refusal, str(request.id)),
        problems.status_of(refusal.code),
        {**headers, **problems.headers_of(refusal)},
        content_type=problems.CONTENT_TYPE,
    )


def _report(code: Code, error: BaseException, request_id: str) -> None:
    """A fault of ours with its trace; an outage in one line, since there will be many."""
    if code is Code.INTERNAL:
        _log.error("request_failed", code=code.value, request_id=request_id, exc_info=error)
    elif code in (Code.UNAVAILABLE, Code.CONFLICT):
        cause = type(error.__cause__ or error).__name__
        _log.warning("request_refused", code=code.value, request_id=request_id, cause=cause)
