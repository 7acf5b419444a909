"""Playing a story: acts of the cast through the use cases, at times that have passed."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID

import orjson

from config.cities import City
from models import (
    Application,
    Identity,
    Membership,
    Opinion,
    StoredAnswer,
    UtilityRequest,
)
from rules.actors import Actor, OrgKind, Role
from rules.actors import Membership as Held
from rules.calendar import SHANGHAI, WorkCalendar
from workflow.ports import Services
from workflow.unit import Answer, Key, Unit, perform

_SCOPE = "seed"
Act = Callable[[Unit], Awaitable[Answer]]


class StoryClock:
    """Stands where the story is."""

    def __init__(self, at: datetime) -> None:
        self._at = at.astimezone(UTC)

    def now(self) -> datetime:
        """Aware, UTC."""
        return self._at

    def set(self, at: datetime) -> None:
        """Go on to ``at``."""
        self._at = at.astimezone(UTC)


@dataclass(slots=True)
class Play:
    """One story in one city. Every act has a key of its own, so that a story broken off by a
    crash goes on where it stopped when it is told again."""

    services: Services
    clock: StoryClock
    city: City
    name: str
    actors: dict[str, Actor]
    """By the player's id without the city."""
    application: UUID | None = None
    _acts: int = field(default=0)

    @classmethod
    def begin(
        cls, services: Services, city: City, name: str, actors: dict[str, Actor], days_ago: int
    ) -> "Play":
        """A story that begins at nine, so many working days ago."""
        calendar = services.calendars.of(city)
        day = services.clock.now().astimezone(SHANGHAI).date()
        while days_ago:
            day -= timedelta(days=1)
            days_ago -= calendar.is_workday(day)
        clock = StoryClock(
            calendar.next_working_time(datetime.combine(day, time(9), tzinfo=SHANGHAI))
        )
        return cls(replace(services, clock=clock), clock, city, name, actors)

    @property
    def calendar(self) -> WorkCalendar:
        """The city's working time."""
        return self.services.calendars.of(self.city)

    @property
    def now(self) -> datetime:
        """Where the story is."""
        return self.clock.now()

    @property
    def app(self) -> UUID:
        """The application the story is about."""
        if self.application is None:
            raise LookupError(f"{self.name} has no application yet")
        return self.application

    def later(self, **delta: float) -> datetime:
        """The first working time after ``hours=``, ``days=`` from now; the story is there now."""
        self.clock.set(self.calendar.next_working_time(self.now + timedelta(**delta)))
        return self.now

    async def act(self, who: str, act: Act) -> dict[str, Any]:
        """One unit of work of one of the cast; its answer."""
        self._acts += 1
        key = Key(_SCOPE, f"{self.city.code}/{self.name}/{self._acts}", b"seed")
        done = await perform(self.services, self.actors[who], act, key=key)
        body: dict[str, Any] = orjson.loads(done.body)
        return body

    async def requests(self) -> list[UtilityRequest]:
        """The application's requests, in the order of their making."""
        return await UtilityRequest.filter(application_id=self.app).order_by("id")

    async def opinions(self, request: UUID) -> Sequence[Opinion]:
        """The departments asked about a request."""
        return await Opinion.filter(request_id=request).order_by("id")

    def at_home_in(self, organization: UUID, role: Role) -> str:
        """Who of the cast holds ``role`` in an organisation."""
        return next(
            name
            for name, actor in self.actors.items()
            if any(m.org == organization and m.role is role for m in actor.memberships)
        )

    async def begun(self, credit_code: str) -> bool:
        """Whether the story's enterprise has an application already."""
        return await Application.filter(city=self.city.code, credit_code=credit_code).exists()

    async def unfinished(self) -> bool:
        """Whether its acts are remembered: told again they repeat nothing, and go on."""
        first = f"{self.city.code}/{self.name}/1"
        return await StoredAnswer.filter(scope=_SCOPE, key=first).exists()


async def actors_of(city: City, appid: str) -> dict[str, Actor]:
    """Everybody of the cast in one city, with the offices they hold now."""
    prefix = f"mp-{city.code}-"
    people = dict(
        await Identity.filter(appid=appid, openid__startswith=prefix).values_list(
            "openid", "person_id"
        )
    )
    held: dict[UUID, list[Held]] = {}
    rows = await Membership.filter(
        person_id__in=list(people.values()), ended_at=None
    ).prefetch_related("organization")
    for row in rows:
        org: Any = row.organization
        one = Held(
            id=row.id,
            role=row.role,
            city=org.city,
            org=org.id,
            org_kind=OrgKind(org.kind),
            org_code=org.code,
            utility=org.utility,
            town=org.town,
        )
        held.setdefault(row.person_id, []).append(one)
    return {
        openid.removeprefix(prefix): _actor(person, held.get(person, []))
        for openid, person in people.items()
    }


def _actor(person: UUID, held: Sequence[Held]) -> Actor:
    roles = frozenset({Role.APPLICANT, *(each.role for each in held)})
    return Actor(person=person, memberships=tuple(held), roles=roles)
