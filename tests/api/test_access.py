"""Who may not see a case cannot tell that it exists."""

from collections.abc import Iterable
from uuid import uuid4

import pytest

from doors import serving
from doors.access import Kind
from doors.routes import Route
from rules.actors import Role
from tests.api.journey import accepted, drafted
from tests.api.service import Caller, Service, ok, problem


def same(answer: dict[str, object]) -> dict[str, object]:
    """A problem without what differs in every answer."""
    return {name: value for name, value in answer.items() if name != "request_id"}


def of_cases(service: Service) -> Iterable[Route]:
    """Every installed route that takes one id of an application or of a request."""
    for route in serving.routes(service.app):
        if route.path.startswith(("/applications/<id>", "/requests/<id>")):
            yield route


async def test_a_foreign_case_does_not_exist(service: Service) -> None:
    """Every route that takes a case's id × everybody without a part in it."""
    app = await accepted(service, "daye")
    request = app["requests"][0]["id"]
    outsiders = {
        "stranger": await service.stranger(),
        "other city's window": await service.window("zhoukou"),
        "other city's clerk": await service.clerk("zhoukou", "water"),
        "other city's coordinator": await service.coordinator("zhoukou"),
        "uninvolved approver": await service.approver("daye", "zhujian"),
        "auditor": await service.administrator("daye", Role.AUDITOR),
    }
    checked = 0
    for route in of_cases(service):
        real = request if route.path.startswith("/requests") else app["id"]
        for name, caller in outsiders.items():
            found = await _send(caller, route, real)
            unknown = await _send(caller, route, str(uuid4()))
            assert same(found) == same(unknown), (name, route.uri)
            assert found["code"] in ("not_found", "invalid", "forbidden"), (name, route.uri, found)
            checked += 1
    assert checked > 100


async def _send(caller: Caller, route: Route, id: str) -> dict[str, object]:
    path = route.uri.replace("{id}", id)
    body: dict[str, object] | None = {} if route.body is not None else None
    answer = await caller.send(route.method, path, body, version=1, key=uuid4().hex)
    assert answer.status_code >= 400, (route.uri, answer.text)
    found: dict[str, object] = answer.json()
    return found


async def test_nobody_gets_nowhere_without_a_token(service: Service) -> None:
    for route in serving.routes(service.app):
        if route.access.kind is Kind.PUBLIC:
            continue
        path = route.uri.replace("{id}", str(uuid4()))
        answer = await service.nobody.send(route.method, path, {}, version=1, key="k")
        assert answer.status_code == 401, (route.uri, answer.text)
        assert answer.headers["www-authenticate"]


async def test_a_colleague_acts_for_the_enterprise_a_stranger_does_not(service: Service) -> None:
    app = await accepted(service, "daye")
    path = f"/applications/{app['id']}/pause"
    colleague, stranger = await service.colleague(), await service.stranger()
    problem(await colleague.get(f"/applications/{app['id']}/draft"), 404, "not_found")
    await service.befriend(await service.enterprise_of(app["id"]), colleague)
    ok(await colleague.get(f"/applications/{app['id']}/draft"))
    problem(await stranger.get(f"/applications/{app['id']}/draft"), 404, "not_found")
    problem(await stranger.post(path, {"reason": "x"}, version=app["version"]), 404, "not_found")


@pytest.mark.parametrize("field", ["state", "stage", "owner_id", "city", "role", "version", "id"])
async def test_mass_assignment_changes_nothing(service: Service, field: str) -> None:
    owner = await service.owner()
    draft = await drafted(owner, "daye")
    body = {"fields": {"site.address": {"value": "新址", "base": 99}}, field: "connected"}
    if field == "city":
        body[field] = "zhoukou"
    answer = await owner.patch(f"/applications/{draft['id']}/draft", body)
    problem(answer, 422, "invalid")
    assert ok(await owner.get(f"/applications/{draft['id']}/draft"))["version"] == draft["version"]
