"""One registration (意向登记) under lock: who the actor is to it, how a move changes it.

The same shape as ``workflow/cases/case.py``: ``open`` (lock, visibility, version) → ``move`` (row,
event, clocks, notice) → own effect → ``finish`` (what follows, rows).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from config.cities import City
from models import Event, Registration, RegistrationVisit, Survey
from models.base import new_id
from rules.actors import Role
from rules.errors import Code, DomainError
from rules.lifecycle import (
    Clock,
    Move,
    Organiser,
    Position,
    Subject,
    Tell,
    advance,
    allowed_actions,
    organiser_role,
)
from rules.moves import REGISTRATION
from rules.states import RegistrationState, SurveyState
from workflow import directory
from workflow.cases.case import is_owner
from workflow.cases.standing import standing
from workflow.cases.telling import PARAMS
from workflow.changes import changes_since
from workflow.deadlines import Clocks, Holder
from workflow.encoding import shown
from workflow.moving import acting_organization, acting_role
from workflow.notices import Audience, Notice
from workflow.registrations.claims import shared_enterprise
from workflow.unit import Unit

OPEN_STATES = frozenset(
    {
        RegistrationState.RECEIVED,
        RegistrationState.VISITED,
        RegistrationState.READY,
        RegistrationState.PARKED,
    }
)
"""Neither converted nor withdrawn."""

CREATED = "register"
"""The event a registration begins with; not a move, since there was no state before."""


@dataclass(slots=True)
class RegistrationCase:
    """A registration with the visits owed and its clocks, inside one unit of work."""

    unit: Unit
    row: Registration
    city: City
    owner: bool
    clocks: Clocks
    visits: list[RegistrationVisit] = field(default_factory=list)
    facts: dict[str, bool] = field(default_factory=dict)
    """Guards that hold, beside what the visits owed say."""
    visitors: frozenset[UUID] = frozenset()
    """Organisations that come to the joint survey, once it has been looked up."""
    changes: dict[str, Any] = field(default_factory=dict)

    @classmethod
    async def open(
        cls, unit: Unit, registration_id: UUID, *, expect: int | None = None
    ) -> "RegistrationCase":
        """Lock and load. ``NOT_FOUND`` when the actor has no part in it; ``VERSION_STALE``."""
        case = await cls.load(unit, registration_id, lock=True)
        if expect is not None and expect != case.row.version:
            raise DomainError(
                Code.VERSION_STALE,
                version=case.row.version,
                changes=await changes_since(registration_id=case.row.id, version=expect),
            )
        return case

    @classmethod
    async def load(
        cls, unit: Unit, registration_id: UUID, *, lock: bool = False
    ) -> "RegistrationCase":
        """Read it, under lock when it is to be changed. ``NOT_FOUND`` as in ``open``."""
        query = Registration.filter(id=registration_id).using_db(unit.connection)
        row = await (query.select_for_update() if lock else query).first()
        if row is None:
            raise DomainError(Code.NOT_FOUND)
        shared = await shared_enterprise(row.owner_id, unit.actor.person, row.credit_code)
        case = cls.around(unit, row, owner=await is_owner(unit.actor, row.owner_id, shared))
        if not case.standing():
            raise DomainError(Code.NOT_FOUND)
        await case.clocks.load()
        case.visits = await RegistrationVisit.filter(registration_id=row.id).order_by("id")
        case.facts["survey_booked"] = await Survey.filter(
            registration_id=row.id,
            application_id=None,
            state__in=[SurveyState.HELD, SurveyState.CONFIRMED],
        ).exists()
        return case

    @classmethod
    def around(cls, unit: Unit, row: Registration, *, owner: bool) -> "RegistrationCase":
        """A row with nothing else loaded: one just made."""
        city = unit.services.cities.on(row.city, row.judged_on)
        clocks = Clocks(city, unit.services.calendars.of(city), unit.now, registration_id=row.id)
        return cls(unit, row, city, owner, clocks)

    # -- who and what ---------------------------------------------------------------------------

    def standing(self) -> frozenset[Role]:
        """The actor's roles towards it: every utility of the city has a part in each."""
        actor = self.unit.actor
        orgs = frozenset(m.org for m in actor.memberships)
        roles = standing(
            actor, city=self.row.city, owner=self.owner, providers=orgs, departments=frozenset()
        )
        if actor.holds(Role.PLATFORM) and actor.platform_city == self.row.city:
            roles |= {Role.PLATFORM}
        return roles

    def own_visit(self) -> RegistrationVisit | None:
        """The call the actor's organisation still owes."""
        role = organiser_role(Organiser.HOME_VISIT, self.city.organisers)
        mine = {m.org for m in self.unit.actor.memberships_in(self.row.city, role)}
        owed = (v for v in self.visits if v.organization_id in mine and v.visited_at is None)
        return next(owed, None)

    def position(self) -> Position:
        """Where it stands, with the facts its guards need."""
        return Position(
            self.row.state.value, {"visit_open": self.own_visit() is not None, **self.facts}
        )

    def allowed(self) -> tuple[str, ...]:
        """What the actor may do with it now."""
        return allowed_actions(REGISTRATION, self.position(), self.standing(), self.city.organisers)

    # -- moves ----------------------------------------------------------------------------------

    async def move(
        self,
        event: str,
        *,
        data: Mapping[str, Any] | None = None,
        happened_at: datetime | None = None,
        holder: Holder | None = None,
        by_system: bool = False,
    ) -> Move:
        """Move it by ``event``: table row, event, clocks (of ``holder`` only, if named), notice."""
        roles = frozenset({Role.SYSTEM}) if by_system else self.standing()
        source = self.row.state.value
        move = advance(REGISTRATION, event, self.position(), roles, self.city.organisers)
        if move.target is not None:
            self.set(state=RegistrationState(move.target))
        if "version" not in self.changes:
            self.set(version=self.row.version + 1)
        for tick in move.ticks:
            if tick.clock is Clock.CLOSE:
                self.clocks.close(
                    tick.step, organization_id=holder.organization_id if holder else None
                )
        role = acting_role(move, roles, self.city.organisers)
        self.note(event, role, source, data=data, happened_at=happened_at)
        await self.tell(event, move.tells, data)
        return move

    def note(
        self,
        event: str,
        role: Role,
        source: str,
        *,
        data: Mapping[str, Any] | None = None,
        happened_at: datetime | None = None,
    ) -> None:
        """Write the event and its audit row. ``data`` holds nothing personal."""
        actor, row, now = self.unit.actor, self.row, self.unit.now
        self.unit.events.append(
            Event(
                city=row.city,
                subject=Subject.REGISTRATION,
                registration_id=row.id,
                platform=row.platform,
                name=event,
                source=source,
                target=row.state.value,
                role=role,
                person_id=actor.person,
                organization_id=acting_organization(actor, role, row.city),
                version=row.version,
                data=dict(data or {}),
                happened_at=happened_at or now,
                entered_at=now,
            )
        )
        self.unit.audit(row.city, role, event, "registration", row.id, **self._by())

    async def tell(
        self, event: str, tells: Sequence[Tell], data: Mapping[str, Any] | None = None
    ) -> None:
        """Notify whom the table names."""
        if not tells:
            return
        params = {"enterprise": self.row.enterprise_name, "state": self.row.state.value}
        self.unit.notices.append(
            Notice(
                origin=str(new_id()),
                code=event,
                city=self.row.city,
                audience=await self._audience(tells),
                params={**params, **{k: v for k, v in (data or {}).items() if k in PARAMS}},
                registration_id=self.row.id,
            )
        )

    def set(self, **values: Any) -> None:
        """Change the registration; written by ``finish``."""
        self.row.update_from_dict(values)
        self.changes.update(values)

    async def finish(self) -> None:
        """Every call paid makes it visited; then write what changed once."""
        received = self.row.state is RegistrationState.RECEIVED
        if received and self.visits and all(v.visited_at for v in self.visits):
            await self.move("visits_complete", by_system=True)
        await self.clocks.write()
        self.set(due_at=self.clocks.earliest())
        await Registration.filter(id=self.row.id).update(**self.changes)

    # -- inside ---------------------------------------------------------------------------------

    def _by(self) -> dict[str, Any]:
        platform = self.unit.actor.platform
        return {"platform": platform} if platform else {}

    async def _audience(self, tells: Sequence[Tell]) -> Audience:
        persons = (self.row.owner_id,) if Tell.APPLICANT in tells and self.row.owner_id else ()
        roles: list[Role] = []
        if Tell.WINDOW in tells:
            roles.append(Role.WINDOW_CLERK)
        if Tell.COORDINATOR in tells:
            roles.append(Role.COORDINATOR)
        if Tell.ORGANISER in tells:
            organiser = organiser_role(Organiser.HOME_VISIT, self.city.organisers)
            if organiser is not Role.UTILITY_CLERK:
                roles.append(organiser)
        organizations: list[UUID] = []
        if Tell.UTILITIES in tells:
            organizations = [each.id for each in await directory.all_providers(self.city.code)]
        staff = [Role.UTILITY_CLERK] if organizations else []
        if Tell.COMING in tells and self.visitors:
            organizations += sorted(self.visitors)
            staff += [Role.UTILITY_CLERK, Role.CREW, Role.APPROVER]
        return Audience(
            persons=persons,
            city_roles=tuple(dict.fromkeys(roles)),
            organizations=tuple(dict.fromkeys(organizations)),
            organization_roles=tuple(dict.fromkeys(staff)),
        )


def brief(case: RegistrationCase) -> dict[str, Any]:
    """A registration after an act: where it stands and what may be done next."""
    row = case.row
    return {
        "id": str(row.id),
        "city": row.city,
        "state": row.state.value,
        "version": row.version,
        "due_at": shown(row.due_at),
        "visits_owed": sum(visit.visited_at is None for visit in case.visits),
        "agreed_connection_at": shown(row.agreed_connection_at),
        "planning_permit_on": row.planning_permit_on.isoformat()
        if row.planning_permit_on
        else None,
        "allowed": list(case.allowed()),
    }
