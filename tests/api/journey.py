"""Steps of a case over HTTP, for tests that begin further on."""

from typing import Any
from uuid import UUID

from tests.api.service import Caller, Service, ok
from tests.workflow.forms import DAYE, ZHOUKOU

FORMS: dict[str, dict[str, Any]] = {"daye": DAYE, "zhoukou": ZHOUKOU}


def fields(values: dict[str, Any], revisions: dict[str, int] | None = None) -> dict[str, Any]:
    """A save's body: each value with the version it was read at."""
    read = revisions or {}
    return {"fields": {k: {"value": v, "base": read.get(k, 0)} for k, v in values.items()}}


async def drafted(owner: Caller, city: str, **changed: Any) -> dict[str, Any]:
    """A complete draft; fields named in ``changed`` (dots as ``__``) differ."""
    draft = ok(await owner.post("/applications", {"city": city}), 201)
    values = FORMS[city] | {key.replace("__", "."): value for key, value in changed.items()}
    return ok(await owner.patch(f"/applications/{draft['id']}/draft", fields(values)))


async def submitted(owner: Caller, city: str, **changed: Any) -> dict[str, Any]:
    """A submitted application."""
    draft = await drafted(owner, city, **changed)
    return ok(await owner.post(f"/applications/{draft['id']}/submit", version=draft["version"]))


async def accepted(service: Service, city: str, **changed: Any) -> dict[str, Any]:
    """An application of 李, accepted by the window and split into requests."""
    app = await submitted(await service.owner(), city, **changed)
    book = service.wiring.cities.on(city, service.today)
    await service.attach(UUID(app["id"]), *(document.code for document in book.documents))
    window = await service.window(city)
    return ok(await window.post(f"/applications/{app['id']}/accept", {}, version=app["version"]))
