"""The cast of the use-case tests: owner 李, a colleague, a stranger, and everyone in office."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import orjson

from config.cities import CITIES, CityBook
from models import Membership, Organization, Person
from models.base import new_id
from rules.actors import Actor, OrgKind, Role
from rules.actors import Membership as Held
from server.calendars import CityCalendars
from storage.seal import Seal
from workflow.people import organisations
from workflow.ports import Services
from workflow.unit import Answer, Done, Key, Unit, perform

SHANGHAI = ZoneInfo("Asia/Shanghai")
MONDAY = datetime(2026, 3, 16, 9, 0, tzinfo=SHANGHAI)
"""An ordinary working Monday: no holiday or moved weekend within three weeks."""


UNUSED: Any = None
"""A part of the outside that no use case of these tests reaches."""


class HandClock:
    """A clock set by hand."""

    def __init__(self, at: datetime = MONDAY) -> None:
        self.at = at.astimezone(UTC)

    def now(self) -> datetime:
        """Where the hand stands."""
        return self.at

    def set(self, at: datetime) -> None:
        """Move the hand."""
        self.at = at.astimezone(UTC)

    def forward(self, **delta: float) -> None:
        """Move the hand by ``hours=``, ``minutes=``, ``days=``."""
        self.at += timedelta(**delta)


@dataclass
class World:
    """Services over a real database, and people with roles."""

    services: Services
    clock: HandClock
    people: dict[str, Actor] = field(default_factory=dict)

    async def act(
        self,
        actor: Actor,
        act: Callable[[Unit], Awaitable[Answer]],
        key: Key | None = None,
    ) -> dict[str, Any]:
        """Perform and decode the answer."""
        done = await self.done(actor, act, key)
        body: dict[str, Any] = orjson.loads(done.body)
        return body

    async def done(
        self, actor: Actor, act: Callable[[Unit], Awaitable[Answer]], key: Key | None = None
    ) -> Done:
        """Perform."""
        return await perform(self.services, actor, act, key=key)

    async def person(self, name: str) -> Actor:
        """An applicant of that name, made when first asked for."""
        if name not in self.people:
            row = await Person.create(id=new_id(), created_at=self.clock.now())
            self.people[name] = Actor(person=row.id)
        return self.people[name]

    async def staff(self, city: str, role: Role, kind: OrgKind, code: str) -> Actor:
        """Somebody of ``role`` in one organisation, made when first asked for."""
        name = f"{city}/{role.value}/{code}"
        if name not in self.people:
            org = await Organization.get(city=city, kind=kind, code=code)
            person = await Person.create(id=new_id(), created_at=self.clock.now())
            held = await Membership.create(
                id=new_id(),
                person_id=person.id,
                organization_id=org.id,
                role=role,
                created_at=self.clock.now(),
            )
            self.people[name] = Actor(
                person=person.id,
                memberships=(Held(held.id, role, city, org.id, kind, code, org.utility, org.town),),
                on_desk=True,
            )
        return self.people[name]

    async def window(self, city: str) -> Actor:
        """A clerk of the 综合受理专窗."""
        return await self.staff(city, Role.WINDOW_CLERK, OrgKind.WINDOW, "window")

    async def coordinator(self, city: str) -> Actor:
        """Somebody of the lead bureau."""
        return await self.staff(city, Role.COORDINATOR, OrgKind.LEAD, "lead")

    async def organiser(self, city: str) -> Actor:
        """Whoever organises survey and joint acceptance in the city."""
        duty = self.services.cities.on(city, MONDAY.date()).organisers.survey
        return await (self.window(city) if duty == "window" else self.coordinator(city))

    async def clerk(self, city: str, organization: UUID) -> Actor:
        """A clerk of the organisation that serves a request."""
        org = await Organization.get(id=organization)
        return await self.staff(city, Role.UTILITY_CLERK, org.kind, org.code)

    async def crew(self, city: str, organization: UUID) -> Actor:
        """A field crew of the organisation that serves a request."""
        org = await Organization.get(id=organization)
        return await self.staff(city, Role.CREW, org.kind, org.code)

    async def approver(self, city: str, organization: UUID) -> Actor:
        """An approver of a department."""
        org = await Organization.get(id=organization)
        return await self.staff(city, Role.APPROVER, org.kind, org.code)


async def make_world() -> World:
    """Both cities on the connected database, at nine on a Monday."""
    clock = HandClock()
    book = CityBook.load(CITIES)
    await organisations.sync(book, MONDAY.date())
    services = Services(
        clock=clock,
        cities=book,
        calendars=CityCalendars(),
        seal=Seal({"t": b"k" * 32}, "t", b"l" * 32),
        platform=UNUSED,
        store=UNUSED,
        uploads=UNUSED,
        links=UNUSED,
        tokens=UNUSED,
        limits=UNUSED,
        public_url="https://example.invalid",
    )
    return World(services, clock)
