"""Real tables and real rules around a platform that answers from memory."""

import os
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
import pytest

from config.cities import CITIES, CityBook
from config.keys import Keyring
from models import Identity, Membership, Organization, Person, Session, db
from models.base import new_id
from rules.actors import Actor, OrgKind, Role
from rules.errors import Code, DomainError
from server.calendars import CityCalendars
from server.limits import OwnCounts
from storage.address import open_store
from storage.links import Links
from storage.seal import Seal
from storage.uploads import Uploads
from tests.conftest import FreshDatabase
from wechat.accounts import Identity as PlatformIdentity
from workflow.people import organisations
from workflow.people.identity import ABSOLUTE, SessionKind, actor_of
from workflow.people.tokens import Tokens
from workflow.ports import Services
from workflow.unit import Answer, Unit, perform

START = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
DAYE, ZHOUKOU = "daye", "zhoukou"
MP, OA = "wx1111111111111111", "wx2222222222222222"


@dataclass
class HandClock:
    """Stands still until moved."""

    at: datetime = START

    def now(self) -> datetime:
        return self.at

    def forward(self, **by: float) -> None:
        self.at += timedelta(**by)


@dataclass
class MemoryPlatform:
    """Codes handed out by a test; each works once."""

    logins: dict[str, PlatformIdentity] = field(default_factory=dict)
    phones: dict[str, str] = field(default_factory=dict)

    async def login(self, code: str) -> PlatformIdentity:
        if code not in self.logins:
            raise DomainError(Code.LOGIN_FAILED)
        return self.logins.pop(code)

    async def h5_login(self, code: str) -> PlatformIdentity:
        return await self.login(code)

    async def phone_number(self, code: str) -> str:
        if code not in self.phones:
            raise DomainError(Code.LOGIN_FAILED)
        return self.phones.pop(code)

    async def send_subscription(
        self, openid: str, template_id: str, page: str, data: Mapping[str, str]
    ) -> None:
        raise AssertionError("nothing is sent here")

    async def unionid_of(self, openid: str) -> str | None:
        raise AssertionError("nobody follows here")

    async def chat_text(self, openid: str, text: str) -> None:
        raise AssertionError("nothing is sent here")

    async def chat_menu(
        self, openid: str, head: str, choices: Sequence[tuple[str, str]], tail: str
    ) -> None:
        raise AssertionError("nothing is sent here")

    async def chat_media(self, media_id: str) -> tuple[bytes, str]:
        raise AssertionError("nobody sends anything here")


class MemoryLimits:
    """Counts in memory, against the test's clock."""

    def __init__(self, clock: HandClock) -> None:
        self._own = OwnCounts(lambda: clock.at.timestamp())

    async def spend(self, name: str, limit: int, window_s: int) -> int | None:
        return self._own.spend(name, limit, window_s)


@dataclass
class World:
    """What the tests of identity act in."""

    clock: HandClock
    platform: MemoryPlatform
    services: Services

    async def act(self, actor: Actor, act: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """One unit of work; the answer's body as a client would read it."""

        async def run(unit: Unit) -> Answer:
            answer: Answer = await act(unit, *args, **kwargs)
            return answer

        body: dict[str, Any] = orjson.loads((await perform(self.services, actor, run)).body)
        return body

    async def person(self) -> UUID:
        """Somebody who signed in before."""
        person = await Person.create(id=new_id(), created_at=self.clock.at)
        await Identity.create(
            person_id=person.id,
            kind="mp",
            appid=MP,
            openid=f"o{person.id.hex}",
            created_at=self.clock.at,
        )
        return person.id

    async def employ(self, person: UUID, role: Role, city: str, kind: OrgKind, code: str) -> UUID:
        """Make somebody staff; the membership's id."""
        org = await Organization.get(city=city, kind=kind, code=code)
        made = await Membership.create(
            person_id=person, organization_id=org.id, role=role, created_at=self.clock.at
        )
        return made.id

    async def session(
        self, person: UUID, kind: SessionKind = SessionKind.MINIPROGRAM
    ) -> tuple[str, UUID]:
        """A token and its session."""
        now = self.clock.at
        ends = now + ABSOLUTE[kind]
        row = await Session.create(
            person_id=person, kind=kind, created_at=now, seen_at=now, expires_at=ends
        )
        return self.services.tokens.issue(row.id, now=now, expires_at=ends), row.id

    async def actor(self, person: UUID, kind: SessionKind = SessionKind.MINIPROGRAM) -> Actor:
        """Somebody signed in just now."""
        token, _ = await self.session(person, kind)
        return await actor_of(self.services.tokens, token, self.clock.at)

    async def admin(self, role: Role, city: str = DAYE) -> Actor:
        """An administrator at its desk."""
        person = await self.person()
        await self.employ(person, role, city, OrgKind.ADMINISTRATION, "administration")
        return await self.actor(person, SessionKind.DESK)


@pytest.fixture
async def world(fresh_database: FreshDatabase, tmp_path: Path) -> AsyncIterator[World]:
    """An empty service of both cities."""
    await db.connect(await fresh_database())
    cities = CityBook.load(CITIES)
    await organisations.sync(cities, date(2026, 3, 2))
    clock, platform = HandClock(), MemoryPlatform()
    store = open_store(tmp_path.as_uri())
    services = Services(
        clock=clock,
        cities=cities,
        calendars=CityCalendars(),
        seal=Seal({"k1": os.urandom(32)}, "k1", os.urandom(32)),
        platform=platform,
        store=store,
        uploads=Uploads(store, tmp_path / "spool", 1024 * 1024),
        links=Links(b"l" * 32),
        tokens=Tokens(Keyring("a", {"a": b"a" * 32, "b": b"b" * 32})),
        limits=MemoryLimits(clock),
        public_url="https://bz.example.cn",
    )
    yield World(clock, platform, services)
    await db.close()
