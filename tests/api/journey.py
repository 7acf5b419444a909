"""Steps of a case over HTTP, for tests that begin further on."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from tests.api.service import Caller, Service, ok
from tests.workflow.forms import DAYE, ZHOUKOU
from tests.workflow.world import MONDAY

FORMS: dict[str, dict[str, Any]] = {"daye": DAYE, "zhoukou": ZHOUKOU}


def fields(values: dict[str, Any], revisions: dict[str, int] | None = None) -> dict[str, Any]:
    """A save's body: each value with the version it was read at."""
    read = revisions or {}
    return {"fields": {k: {"value": v, "base": read.get(k, 0)} for k, v in values.items()}}


def survey_time(service: Service, city: str) -> str:
    """A working time two days ahead of the service's clock, as form B writes it."""
    book = service.wiring.cities.on(city, service.today)
    calendar = service.wiring.services.calendars.of(book)
    at = calendar.next_working_time(service.clock.now() + timedelta(days=2))
    return at.astimezone(MONDAY.tzinfo).isoformat(timespec="minutes")


async def drafted(owner: Caller, city: str, **changed: Any) -> dict[str, Any]:
    """A complete draft; fields named in ``changed`` (dots as ``__``) differ."""
    draft = ok(await owner.post("/applications", {"city": city}), 201)
    values = FORMS[city] | {key.replace("__", "."): value for key, value in changed.items()}
    saved = fields(values, draft["revisions"])
    return ok(await owner.patch(f"/applications/{draft['id']}/draft", saved))


async def submitted(owner: Caller, city: str, **changed: Any) -> dict[str, Any]:
    """A submitted application."""
    draft = await drafted(owner, city, **changed)
    return ok(await owner.post(f"/applications/{draft['id']}/submit", version=draft["version"]))


async def accepted(service: Service, city: str, **changed: Any) -> dict[str, Any]:
    """An application of 李, accepted by the window and split into requests."""
    told = {"survey.time": survey_time(service, city), **changed}
    app = await submitted(await service.owner(), city, **told)
    book = service.wiring.cities.on(city, service.today)
    await service.attach(UUID(app["id"]), *(document.code for document in book.documents))
    window = await service.window(city)
    return ok(await window.post(f"/applications/{app['id']}/accept", {}, version=app["version"]))


@dataclass
class HttpCase:
    """A case on its way: the newest version of it and of each of its requests."""

    service: Service
    city: str
    app: dict[str, Any]
    requests: dict[str, dict[str, Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Take the versions of the first answer."""
        self._take(self.app)

    async def act(
        self, caller: Caller, event: str, body: Any = None, *, request: str | None = None
    ) -> dict[str, Any]:
        """One move of the case, or of one request, at the version last read; it must go well."""
        if request is None:
            path, version = f"/applications/{self.app['id']}", self.app["version"]
        else:
            path, version = f"/requests/{request}", self.requests[request]["version"]
        answer = ok(await caller.post(f"{path}/{event}", body, version=version))
        self._take(answer)
        return answer

    def providers(self, id: str) -> str:
        """Who serves a request: the utility, or the one carrier the forms name."""
        utility: str = self.requests[id]["utility"]
        return (
            {"daye": "telecom", "zhoukou": "unicom"}[self.city] if utility == "network" else utility
        )

    async def clerk(self, id: str) -> Caller:
        """The clerk of a request."""
        return await self.service.clerk(self.city, self.providers(id))

    async def crew(self, id: str) -> Caller:
        """The crew of a request."""
        return await self.service.crew(self.city, self.providers(id))

    async def organiser(self) -> Caller:
        """Whoever organises survey and joint acceptance."""
        duty = self.service.wiring.cities.on(self.city, self.service.today).organisers.survey
        ask = self.service.window if duty == "window" else self.service.coordinator
        return await ask(self.city)

    def now(self) -> str:
        """The service's time, as clients write it."""
        return self.service.clock.now().isoformat()

    def day(self, days: int) -> str:
        """A day from today."""
        return (self.service.today + timedelta(days=days)).isoformat()

    def _take(self, answer: dict[str, Any]) -> None:
        if "requests" in answer:
            self.app = answer
            self.requests |= {each["id"]: each for each in answer["requests"]}
        else:
            self.requests[answer["id"]] = answer
            self.app = {**self.app, **answer["application"]}
