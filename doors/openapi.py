"""The OpenAPI 3.1 document, built from the routes and from nothing else."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from config import texts
from doors import problems
from doors.access import Kind
from doors.routes import Media, Route
from doors.schemas import Mode, Pool
from rules.errors import Code
from workflow.inputs import Nothing

TITLE = "水电气暖讯联合报装"
VERSION = "1"
_BINARY = {"type": "string", "format": "binary"}
_PLACES: dict[type, dict[str, Any]] = {
    UUID: {"type": "string", "format": "uuid"},
    int: {"type": "integer", "minimum": 0},
    str: {"type": "string", "minLength": 1, "maxLength": 200},
}


class ProblemField(BaseModel):
    """一处问题。"""

    field: str
    label: str = Field(description="栏目的中文名称")
    code: str
    message: str


class Problem(BaseModel):
    """出错说明（RFC 9457）。``code`` 固定不变，供程序判断；其余成员随 code 而定。"""

    model_config = ConfigDict(extra="allow")

    type: str
    title: str
    status: int
    detail: str
    code: Code
    request_id: str
    fields: list[ProblemField] = Field(default_factory=list, description="全部有问题的栏目")


def document(routes: Sequence[Route], *, server: str) -> dict[str, Any]:
    """The whole document. ``server``: where clients reach us."""
    pool = Pool(_types(routes))
    paths: dict[str, dict[str, Any]] = {}
    for route in routes:
        paths.setdefault(route.uri, {})[route.method.lower()] = _operation(route, pool)
    resources = {route.resource.name: route.resource for route in routes}.values()
    found = {
        "openapi": "3.1.0",
        "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
        "info": {
            "title": TITLE,
            "version": VERSION,
            "description": "时间一律为北京时间（ISO 8601），坐标为 GCJ-02，长度为米，面积为平方米。"
            "出错时返回 application/problem+json，一次列出全部问题。",
        },
        "servers": [{"url": server}],
        "tags": [
            {"name": each.label, "description": each.description}
            if each.description
            else {"name": each.label}
            for each in {each.label: each for each in resources}.values()
        ],
        "paths": paths,
    }
    return {
        **found,
        "components": {
            "schemas": pool.used([found, pool.of(Problem, "serialization")]),
            "securitySchemes": {
                name: document
                for each in resources
                if each.scheme
                for name, document in each.scheme.documents.items()
            },
        },
    }


def refusals(route: Route) -> tuple[Code, ...]:
    """Every code a route may answer with: what its declaration implies, and what it adds."""
    implied = [Code.MALFORMED, Code.INVALID]
    if route.access.kind is not Kind.PUBLIC:
        scheme = route.resource.scheme
        implied.append(scheme.refusal if scheme else Code.UNAUTHENTICATED)
    if route.access.kind is Kind.ROLES:
        implied.append(Code.FORBIDDEN)
    if route.access.desk:
        implied.append(Code.TOTP_NEEDED)
    if route.parameters:
        implied.append(Code.NOT_FOUND)
    if route.body is not None:
        implied += [Code.TOO_LARGE, Code.UNSUPPORTED_MEDIA]
    if route.key:
        implied += [Code.KEY_NEEDED, Code.KEY_REUSED]
    if route.if_match:
        implied += [Code.VERSION_NEEDED, Code.VERSION_STALE]
    return tuple(dict.fromkeys((*implied, *route.errors, Code.UNAVAILABLE, Code.INTERNAL)))


def _types(routes: Iterable[Route]) -> Iterable[tuple[Any, Mode]]:
    yield Problem, "serialization"
    for route in routes:
        for model in (route.body, route.query):
            if model is not None:
                yield model, "validation"
        for answer in route.answers.values():
            if answer is not None and not isinstance(answer, Media | tuple):
                yield answer, "serialization"


def _operation(route: Route, pool: Pool) -> dict[str, Any]:
    access = route.access
    found: dict[str, Any] = {
        "operationId": f"{route.resource.name}.{route.operation}",
        "tags": [route.resource.label],
        "summary": route.summary,
        "security": [],
        "x-access": access.kind.value,
    }
    if route.description:
        found["description"] = route.description
    if access.kind is not Kind.PUBLIC and route.resource.scheme:
        found["security"] = [{name: [] for name in route.resource.scheme.documents}]
    if access.roles:
        found["x-roles"] = sorted(role.value for role in access.roles)
    if access.desk:
        found["x-desk"] = True
    if access.moves:
        found["x-event"] = access.moves[0].event
    parameters = [*_places(route), *_query(route, pool), *_headers(route)]
    if parameters:
        found["parameters"] = parameters
    if route.body is not None:
        found["requestBody"] = {
            "required": not issubclass(route.body, Nothing),
            "content": {"application/json": {"schema": pool.of(route.body, "validation")}},
        }
    elif route.upload:
        found["requestBody"] = {
            "required": True,
            "description": "；".join(each.description for each in route.upload),
            "content": {each.type: {"schema": each.schema or _BINARY} for each in route.upload},
        }
    found["responses"] = _responses(route, pool)
    return found


def _responses(route: Route, pool: Pool) -> dict[str, Any]:
    found = _answers(route, pool)
    for status, problem in _problems(route, pool).items():
        if status in found:  # a status both of answers and of refusals
            problem["content"] = {**found[status].get("content", {}), **problem["content"]}
        found[status] = problem
    return found


def _places(route: Route) -> Iterable[dict[str, Any]]:
    for name, kind in route.parameters.items():
        yield {"name": name, "in": "path", "required": True, "schema": _PLACES[kind]}


def _query(route: Route, pool: Pool) -> Iterable[dict[str, Any]]:
    if route.query is None:
        return
    for name, schema in pool.properties(route.query).items():
        told = {key: value for key, value in schema.items() if key != "description"}
        found = {"name": name, "in": "query", "required": False, "schema": told}
        if "description" in schema:
            found["description"] = schema["description"]
        if route.query.model_fields[name].is_required():
            found["required"] = True
        yield found


def _headers(route: Route) -> Iterable[dict[str, Any]]:
    if route.key:
        yield {
            "name": "Idempotency-Key",
            "in": "header",
            "required": True,
            "description": "操作编号，每次操作自取一个；重试带同一编号，只办一次，得到同一答复。",
            "schema": {"type": "string", "pattern": "^[!-~]{1,128}$"},
        }
    if route.if_match:
        yield {
            "name": "If-Match",
            "in": "header",
            "required": True,
            "description": "读到的版本，即上次答复的 ETag。",
            "schema": {"type": "string", "pattern": '^(W/)?"[0-9]{1,18}"$'},
        }
    if route.cache is not None:
        yield {
            "name": "If-None-Match",
            "in": "header",
            "required": False,
            "schema": {"type": "string"},
        }
    for name, description in route.headers.items():
        yield {
            "name": name,
            "in": "header",
            "required": False,
            "description": description,
            "schema": {"type": "string"},
        }


def _answers(route: Route, pool: Pool) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for status, kind in route.answers.items():
        answer: dict[str, Any] = {"description": "完成"}
        if isinstance(kind, Media):
            answer["description"] = kind.description or "内容"
            answer["content"] = {kind.type: {}}
        elif isinstance(kind, tuple):
            answer["description"] = "；".join(each.description for each in kind if each.description)
            answer["content"] = {each.type: {} for each in kind}
        elif kind is not None:
            answer["content"] = {"application/json": {"schema": pool.of(kind, "serialization")}}
        headers = _answer_headers(route, status)
        if headers:
            answer["headers"] = headers
        found[str(status)] = answer
    if route.cache is not None:
        found["304"] = {"description": "没有变化"}
    return found


def _answer_headers(route: Route, status: int) -> dict[str, Any]:
    text = {"schema": {"type": "string"}}
    headers: dict[str, Any] = {}
    if route.if_match or route.cache is not None:
        headers["ETag"] = {"description": "版本", **text}
    if status == 201:
        headers["Location"] = {"description": "新建内容的地址；不能单独读取的不带", **text}
    if route.key:
        headers["Idempotency-Replayed"] = {"description": "重试时为 true", **text}
    return headers


def _problems(route: Route, pool: Pool) -> dict[str, Any]:
    by_status: dict[int, list[Code]] = {}
    for code in refusals(route):
        by_status.setdefault(problems.status_of(code), []).append(code)
    return {str(status): _problem(by_status[status], pool) for status in sorted(by_status)}


def _problem(codes: list[Code], pool: Pool) -> dict[str, Any]:
    found: dict[str, Any] = {
        "description": "；".join(texts.error(code.value)[0] for code in codes),
        "content": {problems.CONTENT_TYPE: {"schema": pool.of(Problem, "serialization")}},
        "x-codes": [code.value for code in codes],
    }
    if any(code in problems.RETRY_AFTER for code in codes):
        found["headers"] = {"Retry-After": {"schema": {"type": "integer"}, "description": "秒"}}
    return found
