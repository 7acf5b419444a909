"""The real app over real HTTP in this process, and the cast that calls it."""

import io
import json
import logging
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, cast
from uuid import UUID, uuid4

import httpx
from sanic import Sanic

from config.cities import CITIES, CityBook
from config.settings import Settings
from doors.serving import routes
from models import (
    Application,
    EnterpriseMember,
    Identity,
    Membership,
    Organization,
    Person,
    Session,
    Upload,
    UploadUse,
)
from models.base import new_id
from rules.actors import ADMIN_ROLES, OrgKind, Role
from server import logs
from server.app import create_app
from server.wiring import Wiring
from tests.api.judge import Judge
from tests.serving import serving
from tests.workflow.world import MONDAY, HandClock
from workflow.people import organisations
from workflow.people.identity import ABSOLUTE, SessionKind

PREFIX = "/api/v1"
JSON = {"content-type": "application/json"}


@dataclass
class Caller:
    """Somebody with a token (or nobody), and an HTTP client of their own."""

    http: httpx.AsyncClient
    person: UUID | None = None
    token: str | None = None
    judge: Judge | None = None
    """Holds each answer to the OpenAPI document."""

    async def get(self, path: str, **more: Any) -> httpx.Response:
        """Read."""
        return await self.send("GET", path, **more)

    async def post(
        self,
        path: str,
        body: Any = None,
        *,
        version: int | None = None,
        key: str | None = "",
        **more: Any,
    ) -> httpx.Response:
        """Act, with a fresh key unless one is given (``None``: without)."""
        return await self.send("POST", path, body, version=version, key=key, **more)

    async def patch(self, path: str, body: Any, **more: Any) -> httpx.Response:
        """Save."""
        return await self.send("PATCH", path, body, **more)

    async def put(self, path: str, body: Any, **more: Any) -> httpx.Response:
        """Replace."""
        return await self.send("PUT", path, body, **more)

    async def delete(self, path: str, **more: Any) -> httpx.Response:
        """End."""
        return await self.send("DELETE", path, **more)

    async def send(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        version: int | None = None,
        key: str | None = None,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        """Anything. ``content`` sends bytes as they are."""
        told: dict[str, str] = {}
        if self.token is not None:
            told["authorization"] = f"Bearer {self.token}"
        if version is not None:
            told["if-match"] = f'"{version}"'
        if key is not None:
            told["idempotency-key"] = key or uuid4().hex
        if body is not None:
            content = json.dumps(body).encode()
        if content is not None:
            told |= JSON
        url = path if path.startswith(("/api/", "/integration/")) or path in BARE else PREFIX + path
        all_headers = [(n.encode(), v.encode()) for n, v in (told | dict(headers or {})).items()]
        answer = await self.http.request(method, url, content=content, headers=all_headers)
        if self.judge is not None:
            self.judge.check(method, httpx.URL(url).path, answer)
        return answer


BARE = frozenset({"/openapi.json", "/docs", "/healthz", "/readyz"})


def ok(response: httpx.Response, status: int = 200) -> dict[str, Any]:
    """The body of an answer that must have gone well."""
    assert response.status_code == status, response.text
    body: dict[str, Any] = response.json()
    return body


def problem(response: httpx.Response, status: int, code: str) -> dict[str, Any]:
    """The body of a refusal that must be this one."""
    assert response.headers["content-type"] == "application/problem+json", response.text
    body: dict[str, Any] = response.json()
    assert (response.status_code, body["code"]) == (status, code), response.text
    assert body["status"] == status
    assert body["request_id"] == response.headers["x-request-id"]
    assert body["title"]
    assert body["detail"]
    return body


def codes(refusal: Mapping[str, Any]) -> dict[str, str]:
    """Field → code of a refusal's faults; every one is worded."""
    assert all(fault["message"] for fault in refusal["fields"])
    return {fault["field"]: fault["code"] for fault in refusal["fields"]}


@dataclass
class Service:
    """A running app, its clock, and everybody of the cast, made when first asked for.

    People sign in on the spot: the token is real, the session row too. ``name`` of an applicant is
    an id of the stand-in (``li``, ``zhao``, ``sun``), so the same person may also sign in there.
    """

    app: Sanic[Any, Any]
    wiring: Wiring
    clock: HandClock
    base_url: str
    judge: Judge
    log: io.StringIO
    """Every line the service has logged."""
    cast: dict[str, Caller] = field(default_factory=dict)

    @property
    def nobody(self) -> Caller:
        """Somebody without a token."""
        return self.cast.setdefault("", Caller(self._http(), judge=self.judge))

    async def applicant(self, name: str) -> Caller:
        """An applicant."""
        if name not in self.cast:
            person = await self._person(name)
            self.cast[name] = await self.sign_in(person, SessionKind.MINIPROGRAM)
        return self.cast[name]

    async def owner(self) -> Caller:
        """李, whose case it is."""
        return await self.applicant("li")

    async def colleague(self) -> Caller:
        """赵, of the same enterprise once ``befriend`` was called."""
        return await self.applicant("zhao")

    async def stranger(self) -> Caller:
        """孙, who must see nothing."""
        return await self.applicant("sun")

    async def staff(self, city: str, role: Role, kind: OrgKind, code: str) -> Caller:
        """Somebody of ``role`` in one organisation; an administrator is at a desk.

        A desk left alone for half an hour of the service's clock signs out.
        """
        name = f"{city}/{role.value}/{code}"
        if name not in self.cast:
            org = await Organization.get(city=city, kind=kind, code=code)
            person = await self._person(None)
            await Membership.create(
                id=new_id(),
                person_id=person,
                organization_id=org.id,
                role=role,
                created_at=self.clock.now(),
            )
            where = SessionKind.DESK if role in ADMIN_ROLES else SessionKind.MINIPROGRAM
            self.cast[name] = await self.sign_in(person, where)
        return self.cast[name]

    async def window(self, city: str) -> Caller:
        """A clerk of the 综合受理专窗."""
        return await self.staff(city, Role.WINDOW_CLERK, OrgKind.WINDOW, "window")

    async def clerk(self, city: str, provider: str) -> Caller:
        """A clerk of a utility, or of a carrier."""
        return await self.staff(city, Role.UTILITY_CLERK, self._provider(city, provider), provider)

    async def crew(self, city: str, provider: str) -> Caller:
        """A field crew of a utility, or of a carrier."""
        return await self.staff(city, Role.CREW, self._provider(city, provider), provider)

    async def approver(self, city: str, department: str, town: str | None = None) -> Caller:
        """An approver of a department, of one town where the department is one per town."""
        code = organisations.town_code(department, town) if town else department
        return await self.staff(city, Role.APPROVER, OrgKind.DEPARTMENT, code)

    async def coordinator(self, city: str) -> Caller:
        """Somebody of the lead bureau."""
        return await self.staff(city, Role.COORDINATOR, OrgKind.LEAD, "lead")

    async def regulator(self, city: str) -> Caller:
        """Somebody of the 行业主管部门."""
        return await self.staff(city, Role.REGULATOR, OrgKind.REGULATOR, organisations.REGULATOR)

    async def administrator(self, city: str, role: Role) -> Caller:
        """One of the three separate administrators."""
        return await self.staff(city, role, OrgKind.ADMINISTRATION, organisations.ADMINISTRATION)

    async def everyone(self, city: str) -> dict[str, Caller]:
        """The whole cast of a city by name, for matrices of who may what."""
        book = self.wiring.cities.on(city, self.today)
        found = {
            "nobody": self.nobody,
            "owner": await self.owner(),
            "colleague": await self.colleague(),
            "stranger": await self.stranger(),
            "window": await self.window(city),
            "coordinator": await self.coordinator(city),
            "regulator": await self.regulator(city),
        }
        for code, utility in book.utilities.items():
            for provider in [carrier.code for carrier in utility.carriers] or [code]:
                found[f"clerk {provider}"] = await self.clerk(city, provider)
                found[f"crew {provider}"] = await self.crew(city, provider)
        for code, department in book.departments.items():
            town = book.towns[0].code if department.by_town else None
            found[f"approver {code}"] = await self.approver(city, code, town)
        for role in (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR):
            found[role.value] = await self.administrator(city, role)
        return found

    async def befriend(self, enterprise: UUID, caller: Caller) -> None:
        """Let somebody act for an enterprise."""
        assert caller.person is not None
        await EnterpriseMember.create(
            id=new_id(),
            enterprise_id=enterprise,
            person_id=caller.person,
            relation="agent",
            created_at=self.clock.now(),
        )

    async def enterprise_of(self, application: str) -> UUID:
        """The enterprise of a case."""
        app = await Application.get(id=UUID(application))
        assert app.enterprise_id is not None
        return app.enterprise_id

    async def attach(self, application: UUID, *purposes: str) -> None:
        """Uploads on a case under the codes of the documents they are; no bytes behind them."""
        for purpose in purposes:
            now = self.clock.now()
            upload = await Upload.create(
                id=new_id(),
                digest="0" * 64,
                media_type="image/jpeg",
                size=1,
                name="样例.jpg",
                created_at=now,
            )
            await UploadUse.create(
                id=new_id(),
                upload_id=upload.id,
                application_id=application,
                purpose=purpose,
                added_at=now,
            )

    async def sign_in(self, person: UUID, kind: SessionKind) -> Caller:
        """A new session and its token."""
        now = self.clock.now()
        ends = now + ABSOLUTE[kind]
        session = await Session.create(
            id=new_id(),
            person_id=person,
            kind=kind.value,
            created_at=now,
            seen_at=now,
            expires_at=ends,
        )
        token = self.wiring.services.tokens.issue(session.id, now=now, expires_at=ends)
        return Caller(self._http(), person, token, self.judge)

    @property
    def today(self) -> date:
        """The day on the service's clock, in Shanghai."""
        return self.clock.now().astimezone(MONDAY.tzinfo).date()

    async def aclose(self) -> None:
        """Close every client."""
        for caller in self.cast.values():
            await caller.http.aclose()

    async def _person(self, name: str | None) -> UUID:
        """A new person, or whoever has signed in under that name of the stand-in already."""
        appid = self.wiring.settings.wechat_mp_appid
        if name is not None:
            known = await Identity.filter(appid=appid, openid=f"mp-{name}").first()
            if known is not None:
                return known.person_id
        row = await Person.create(id=new_id(), created_at=self.clock.now())
        if name is not None:
            await Identity.create(
                id=new_id(),
                person_id=row.id,
                kind="mp",
                appid=appid,
                openid=f"mp-{name}",
                created_at=self.clock.now(),
            )
        return row.id

    def _provider(self, city: str, code: str) -> OrgKind:
        utilities = self.wiring.cities.on(city, self.today).utilities
        return OrgKind.UTILITY if code in utilities else OrgKind.CARRIER

    def _http(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(base_url=self.base_url, trust_env=False, timeout=20)


_BOOK = CityBook.load(CITIES)


@asynccontextmanager
async def running(settings: Settings, at: datetime = MONDAY) -> AsyncIterator[Service]:
    """The app on a free port, over the database of ``settings``, both cities' organisations in."""
    clock = HandClock(at)
    wiring = Wiring(settings, _BOOK, cast(Any, clock))
    app = create_app(settings, wiring)
    with _logged() as log:
        async with serving(app) as base_url:
            await organisations.sync(_BOOK, at.date())
            service = Service(app, wiring, clock, base_url, Judge(routes(app)), log)
            try:
                yield service
            finally:
                await service.aclose()
    Sanic.unregister_app(app)


@contextmanager
def _logged() -> Iterator[io.StringIO]:
    """Logs as in production, into memory."""
    root = logging.getLogger()
    before = root.handlers[:], root.level
    stream = io.StringIO()
    logs.configure("INFO", stream=stream)
    try:
        yield stream
    finally:
        root.handlers[:] = before[0]
        root.setLevel(before[1])
