"""The document is true: it validates, and matches the router both ways.

That real answers match it is seen to by ``judge`` in every test that calls the service.
"""

import re
from html.parser import HTMLParser
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from doors.access import Kind
from doors.openapi import refusals
from doors.serving import routes
from rules.lifecycle import Subject
from rules.moves import TABLES
from tests.api.service import Service, ok

NOT_API = {
    (method, path)
    for method in ("GET", "POST")
    for path in ("/wechat/callback", "/wechat/miniprogram")
}
"""What only the WeChat platform calls, by its own rules."""
_SANIC_PLACE = re.compile(r"<([a-z_]+)(?::[^>]*)?>")


@pytest.fixture(scope="module")
async def document(service: Service) -> dict[str, Any]:
    """The document as served."""
    answer = await service.nobody.get("/openapi.json")
    assert answer.headers["content-type"] == "application/json"
    return ok(answer)


def operations(document: dict[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
    """Method and path → operation."""
    return {
        (method.upper(), path): operation
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    }


async def test_it_is_valid(document: dict[str, Any]) -> None:
    assert not list(OpenAPIV31SpecValidator(document).iter_errors())
    assert document["openapi"].startswith("3.1")
    assert "$defs" not in str(document)
    for schema in document["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)


async def test_it_matches_the_router_both_ways(service: Service, document: dict[str, Any]) -> None:
    routed = {
        (method, "/" + _SANIC_PLACE.sub(r"{\1}", route.path))
        for route in service.app.router.routes
        for method in route.methods
    }
    assert routed - set(operations(document)) == NOT_API
    assert set(operations(document)) <= routed


async def test_operation_names_are_unique(document: dict[str, Any]) -> None:
    names = [operation["operationId"] for operation in operations(document).values()]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("subject", "plural"),
    [
        (Subject.REGISTRATION, "registrations"),
        (Subject.APPLICATION, "applications"),
        (Subject.REQUEST, "requests"),
    ],
)
async def test_every_public_move_has_exactly_one_route(
    service: Service, subject: Subject, plural: str
) -> None:
    public = {move.event for move in TABLES[subject] if move.public}
    declared = [
        (route.access.moves[0].event, route.method, route.uri)
        for route in routes(service.app)
        if route.access.kind is Kind.MOVE and route.access.moves[0].subject is subject
    ]
    assert sorted(event for event, _, _ in declared) == sorted(public)
    for event, method, uri in declared:
        assert (method, uri) == ("POST", f"/api/v1/{plural}/{{id}}/{event.replace('_', '-')}")


async def test_every_route_says_who_may(service: Service, document: dict[str, Any]) -> None:
    found = operations(document)
    for route in routes(service.app):
        told = found[(route.method, route.uri)]
        assert told["x-access"] == route.access.kind.value
        assert (told["security"] == []) == (route.access.kind is Kind.PUBLIC)
        if route.access.kind in (Kind.ROLES, Kind.MOVE):
            assert told["x-roles"]


async def test_every_act_asks_for_key_and_version(service: Service) -> None:
    for route in routes(service.app):
        if route.access.kind is Kind.MOVE:
            assert route.key, route.uri
            assert route.if_match, route.uri


async def test_refusals_are_complete(service: Service) -> None:
    """What the machinery itself may refuse is in every route's list."""
    for route in routes(service.app):
        told = {code.value for code in refusals(route)}
        assert {"invalid", "unavailable", "internal"} <= told
        scheme = route.resource.scheme
        refusal = scheme.refusal.value if scheme else "unauthenticated"
        assert (refusal in told) == (route.access.kind is not Kind.PUBLIC)
        if route.body is not None:
            assert {"malformed", "too_large", "unsupported_media"} <= told


class Loads(HTMLParser):
    """Everything a page would fetch, and whether it runs or styles anything inline."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.inline = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note sources; a style or script without one is inline."""
        given = dict(attrs)
        self.addresses += [str(given[name]) for name in ("src", "href") if name in given]
        self.inline |= tag == "style" or (tag == "script" and "src" not in given)
        self.inline |= "style" in given or any(name.startswith("on") for name in given)


async def test_the_page_loads_nothing_foreign(service: Service) -> None:
    page = await service.nobody.http.get("/docs")
    assert page.status_code == 200
    assert page.headers["content-type"].startswith("text/html")
    assert page.headers["content-security-policy"].startswith("default-src 'self'")
    assert "unsafe" not in page.headers["content-security-policy"]
    loads = Loads()
    loads.feed(page.text)
    assert not loads.inline
    assert loads.addresses
    for address in loads.addresses:
        assert address.startswith("/")
        found = await service.nobody.http.get(address)
        assert found.status_code == 200
        assert (
            "http://" not in found.text.replace(service.base_url, "") or address == "/openapi.json"
        )
        assert "innerHTML" not in found.text


async def test_a_kept_document_is_not_sent_again(service: Service) -> None:
    nobody = service.nobody
    first = await nobody.get("/openapi.json")
    again = await nobody.get("/openapi.json", headers={"if-none-match": first.headers["etag"]})
    assert again.status_code == 304
    assert again.content == b""
    weak = await nobody.get("/cities", headers={"if-none-match": 'W/"x"'})
    assert weak.status_code == 200
