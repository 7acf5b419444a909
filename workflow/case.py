"""One application under lock: what it is, who the actor is to it, how a move changes it.

Every use case on an accepted or submitted application goes: ``Case.open`` (lock, visibility,
version) → ``move`` / ``move_request`` (table row, event, clocks, notice) → own effect →
``finish`` (derive the stage, write rows). All requests of a case are locked by its application
row, so parallel acts on one case wait for each other and never deadlock.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from config.cities import City
from models import (
    Application,
    EnterpriseMember,
    Event,
    Opinion,
    Survey,
    UtilityRequest,
)
from models.base import new_id
from models.writes import update
from rules.actors import Actor, Role
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
    derived_stage,
    organiser_role,
)
from rules.moves import APPLICATION, REQUEST
from rules.states import LIVE_STAGES, Channel, Stage, SurveyState
from workflow import directory
from workflow.changes import changes_since
from workflow.deadlines import APPLICANT, Clocks, Holder
from workflow.encoding import SHANGHAI
from workflow.moving import acting_organization, acting_role
from workflow.notices import Audience, Notice
from workflow.standing import (
    Loaded,
    application_facts,
    live,
    request_facts,
    standing,
    to_request_standing,
)
from workflow.unit import Unit

HELD_BY_DEPARTMENT = frozenset({"document_list", "joint_approval"})
HELD_BY_PROVIDER = frozenset({"plan", "permit_papers", "commitment", "connection"})
HELD_BY_APPLICANT = frozenset({"offer_lapse", "rating_close", "gap_papers", "correction"})
DERIVED_EVENTS = {
    Stage.CONNECTED: "all_connected",
    Stage.REJECTED: "all_declined",
    Stage.WITHDRAWN: "all_withdrawn",
}


async def is_owner(actor: Actor, owner: UUID | None, enterprise: UUID | None) -> bool:
    """Whether it is the actor's own case: entered by it, or of an enterprise it acts for."""
    if actor.person is None:
        return False
    if owner == actor.person:
        return True
    if enterprise is None:
        return False
    return await EnterpriseMember.filter(enterprise_id=enterprise, person_id=actor.person).exists()


@dataclass(slots=True)
class Case:
    """An application with its requests, survey, opinions and clocks, inside one unit of work."""

    unit: Unit
    app: Application
    city: City
    owner: bool
    clocks: Clocks
    requests: list[UtilityRequest] = field(default_factory=list)
    survey: Survey | None = None
    opinions: list[Opinion] = field(default_factory=list)
    missing_documents: bool = False
    changes: dict[str, Any] = field(default_factory=dict)
    request_changes: dict[UUID, dict[str, Any]] = field(default_factory=dict)

    @classmethod
    async def open(cls, unit: Unit, application_id: UUID, *, expect: int | None = None) -> "Case":
        """Lock and load. ``NOT_FOUND`` when the actor has no part in it: as if it did not exist.

        ``expect``: the application's version the actor has read; ``VERSION_STALE`` otherwise.
        """
        app = (
            await Application.filter(id=application_id)
            .using_db(unit.connection)
            .select_for_update()
            .first()
        )
        if app is None:
            raise DomainError(Code.NOT_FOUND)
        case = await cls._load(unit, app)
        if not case.standing():
            raise DomainError(Code.NOT_FOUND)
        if expect is not None and expect != app.version:
            raise DomainError(
                Code.VERSION_STALE,
                version=app.version,
                changes=await changes_since(application_id=app.id, version=expect),
                fields=sorted(k for k, at in app.revisions.items() if at > expect),
            )
        return case

    @classmethod
    async def peek(cls, unit: Unit, application_id: UUID) -> "Case":
        """Load without lock, to be looked at only. ``NOT_FOUND`` as in ``open``."""
        app = await Application.filter(id=application_id).using_db(unit.connection).first()
        if app is None:
            raise DomainError(Code.NOT_FOUND)
        case = await cls._load(unit, app)
        if not case.standing():
            raise DomainError(Code.NOT_FOUND)
        return case

    @classmethod
    async def open_request(
        cls, unit: Unit, request_id: UUID, *, expect: int | None = None
    ) -> tuple["Case", UtilityRequest]:
        """The case of a request, and the request; ``expect`` is the request's version."""
        found = await UtilityRequest.filter(id=request_id).first().values("application_id")
        if not found:
            raise DomainError(Code.NOT_FOUND)
        case = await cls.open(unit, found["application_id"])
        request = next(r for r in case.requests if r.id == request_id)
        if not case.standing(request):
            raise DomainError(Code.NOT_FOUND)
        if expect is not None and expect != request.version:
            raise DomainError(
                Code.VERSION_STALE,
                version=request.version,
                changes=await changes_since(request_id=request.id, version=expect),
            )
        return case, request

    @classmethod
    async def _load(cls, unit: Unit, app: Application) -> "Case":
        day = app.judged_on or unit.now.astimezone(SHANGHAI).date()
        city = unit.services.cities.on(app.city, day)
        clocks = Clocks(city, unit.services.calendars.of(city), unit.now, application_id=app.id)
        owner = await is_owner(unit.actor, app.owner_id, app.enterprise_id)
        case = cls(unit, app, city, owner, clocks)
        if app.stage is not Stage.DRAFT:
            await clocks.load()
            case.survey = await Survey.filter(
                application_id=app.id, state__in=[SurveyState.HELD, SurveyState.CONFIRMED]
            ).first()
        if app.accepted_at is not None:
            case.requests = await UtilityRequest.filter(application_id=app.id).order_by("id")
            if any(r.permit_state is not None for r in case.requests):
                ids = [r.id for r in case.requests]
                case.opinions = await Opinion.filter(request_id__in=ids).order_by("id")
        return case

    # -- who and what ---------------------------------------------------------------------------

    def standing(
        self, request: UtilityRequest | None = None, department: UUID | None = None
    ) -> frozenset[Role]:
        """The actor's roles towards the case, or towards one request of it.

        A draft is its owner's alone; one entered at the window is also the window's. A platform
        stands towards what it pushed itself.
        """
        if self.app.platform is not None and self.app.platform == self.unit.actor.platform:
            return frozenset({Role.PLATFORM})
        if self.app.stage is Stage.DRAFT and self.app.channel is not Channel.WINDOW:
            return frozenset({Role.APPLICANT}) if self.owner else frozenset()
        providers = [request] if request else self.requests
        opinions = [
            o.organization_id
            for o in self.opinions
            if (request is None or o.request_id == request.id)
            and department in (None, o.organization_id)
        ]
        return standing(
            self.unit.actor,
            city=self.app.city,
            owner=self.owner,
            providers=frozenset(r.organization_id for r in providers),
            departments=frozenset(opinions),
        )

    def opinion_of_actor(self, request: UtilityRequest) -> Opinion | None:
        """The row of the actor's own department in the permits of a request."""
        mine = {m.org for m in self.unit.actor.memberships if m.role is Role.APPROVER}
        rows = [
            o for o in self.opinions if o.request_id == request.id and o.organization_id in mine
        ]
        unsigned = [o for o in rows if o.verdict is None]
        return next(iter(unsigned or rows), None)

    def position(self) -> Position:
        """Where the application stands, with the facts its guards need."""
        loaded = Loaded(
            self.app,
            self.requests,
            self.survey,
            self.clocks.rows,
            self.unit.now,
            self.city.gaps_allowed,
            self.missing_documents,
        )
        return Position(self.app.stage.value, application_facts(loaded))

    def request_position(self, request: UtilityRequest) -> Position:
        """Where a request stands, with the facts its guards need."""
        facts = request_facts(request, self.survey, self.opinion_of_actor(request))
        return Position(request.state.value, facts)

    def allowed(self) -> tuple[str, ...]:
        """What the actor may do with the application now."""
        return allowed_actions(APPLICATION, self.position(), self.standing(), self.city.organisers)

    def allowed_on(self, request: UtilityRequest) -> tuple[str, ...]:
        """What the actor may do with a request now."""
        if self.app.stage not in LIVE_STAGES:
            return ()
        return allowed_actions(
            REQUEST, self.request_position(request), self.standing(request), self.city.organisers
        )

    def live_requests(self) -> list[UtilityRequest]:
        """Requests neither declined nor withdrawn."""
        return live(self.requests)

    # -- moves ----------------------------------------------------------------------------------

    async def move(
        self,
        event: str,
        *,
        data: Mapping[str, Any] | None = None,
        happened_at: datetime | None = None,
        due_at: datetime | None = None,
        reason: str = "",
        skip_steps: Sequence[str] = (),
        by_system: bool = False,
    ) -> Move:
        """Move the application by ``event``: table row, event, clocks, notice."""
        roles = frozenset({Role.SYSTEM}) if by_system else self.standing()
        source = self.app.stage.value
        move = advance(APPLICATION, event, self.position(), roles, self.city.organisers)
        if move.target is not None:
            self.set(stage=Stage(move.target))
        self._touch()
        await self._tick(move, None, due_at=due_at, reason=reason, skip=skip_steps)
        role = acting_role(move, roles, self.city.organisers)
        self._event(move, role, source, self.app.stage.value, data, happened_at)
        self._tell(move, None, data)
        return move

    async def move_request(
        self,
        request: UtilityRequest,
        event: str,
        *,
        data: Mapping[str, Any] | None = None,
        happened_at: datetime | None = None,
        start: datetime | None = None,
        department: Holder | None = None,
        skip_steps: Sequence[str] = (),
        by_system: bool = False,
    ) -> Move:
        """Move one request by ``event``: table row, event, clocks, notice."""
        if self.app.stage not in LIVE_STAGES:
            raise DomainError(
                Code.MOVE_NOT_ALLOWED, event=event, state=self.app.stage.value, allowed=()
            )
        roles = frozenset({Role.SYSTEM}) if by_system else self.standing(request)
        source = request.state.value
        position = self.request_position(request)
        move = advance(REQUEST, event, position, roles, self.city.organisers)
        if move.target is not None:
            self.set_request(request, state=type(request.state)(move.target))
        self._touch_request(request)
        await self._tick(move, request, start=start, department=department, skip=skip_steps)
        role = acting_role(move, roles, self.city.organisers)
        self._event(move, role, source, request.state.value, data, happened_at, request)
        self._tell(move, request, data)
        return move

    def set(self, **values: Any) -> None:
        """Change the application; written by ``finish``."""
        self.app.update_from_dict(values)
        self.changes.update(values)

    def set_request(self, request: UtilityRequest, **values: Any) -> None:
        """Change a request; written by ``finish``."""
        request.update_from_dict(values)
        self.request_changes.setdefault(request.id, {}).update(values)

    async def finish(self) -> None:
        """Derive what follows from the requests, then write every changed row once."""
        await self._derive()
        await self.clocks.write()
        for request in self.requests:
            due = self.clocks.earliest(request.id)
            if due != request.due_at:
                self.set_request(request, due_at=due)
            changed = self.request_changes.get(request.id)
            if changed:
                await update(UtilityRequest, request.id, changed)
        self.set(due_at=self.clocks.earliest(), updated_at=self.unit.now)
        await update(Application, self.app.id, self.changes)

    # -- inside ---------------------------------------------------------------------------------

    async def _derive(self) -> None:
        if self.app.stage not in LIVE_STAGES:
            return
        if self.position().facts["plan_ready"] and self.app.plan_state.value in (
            "drafting",
            "change_asked",
        ):
            from workflow.plan import offer

            await offer(self)
        if not self.position().facts["survey_open"]:
            self.clocks.close("survey")
        booked = self.survey is not None
        stage = derived_stage(to_request_standing(r, survey_booked=booked) for r in self.requests)
        if stage in DERIVED_EVENTS:
            if stage is Stage.CONNECTED:
                self.set(connected_at=self.unit.now)
            await self.move(DERIVED_EVENTS[stage], by_system=True)
        elif stage is not self.app.stage:
            self.set(stage=stage)
            self._touch()

    def _touch(self) -> None:
        if "version" not in self.changes:
            self.set(version=self.app.version + 1)

    def _touch_request(self, request: UtilityRequest) -> None:
        if "version" not in self.request_changes.get(request.id, {}):
            self.set_request(request, version=request.version + 1)

    async def _tick(
        self,
        move: Move,
        request: UtilityRequest | None,
        *,
        start: datetime | None = None,
        due_at: datetime | None = None,
        department: Holder | None = None,
        reason: str = "",
        skip: Sequence[str] = (),
    ) -> None:
        request_id = request.id if request else None
        for tick in move.ticks:
            if tick.step in skip:
                continue
            if tick.clock is Clock.OPEN and tick.step in HELD_BY_DEPARTMENT:
                self._open_for_departments(tick.step, request, start)
                continue
            holder = department
            if tick.clock is Clock.OPEN:
                holder = await self._holder(tick.step, request)
            self.clocks.tick(
                tick,
                holder,
                request_id=request_id,
                start=start,
                due_at=due_at if tick.step == "gap_papers" else None,
                reason=reason,
            )

    def _open_for_departments(
        self, step: str, request: UtilityRequest | None, start: datetime | None
    ) -> None:
        assert request is not None  # noqa: S101 - only request moves tick these
        for opinion in self.opinions:
            if opinion.request_id != request.id or opinion.verdict is not None:
                continue
            self.clocks.open(
                step,
                Holder(Role.APPROVER, opinion.organization_id),
                request_id=request.id,
                start=start,
            )

    async def _holder(self, step: str, request: UtilityRequest | None) -> Holder:
        if step in HELD_BY_APPLICANT:
            return APPLICANT
        if step in HELD_BY_PROVIDER and request is not None:
            return Holder(Role.UTILITY_CLERK, request.organization_id)
        if step == "survey":
            role = organiser_role(Organiser.SURVEY, self.city.organisers)
            organization = await directory.organiser(
                self.app.city, Organiser.SURVEY, self.city.organisers
            )
            return Holder(role, organization.id if organization else None)
        return Holder(Role.WINDOW_CLERK, await directory.window_id(self.app.city))

    def _event(
        self,
        move: Move,
        role: Role,
        source: str,
        target: str,
        data: Mapping[str, Any] | None,
        happened_at: datetime | None,
        request: UtilityRequest | None = None,
    ) -> None:
        actor = self.unit.actor
        organization = acting_organization(actor, role, self.app.city)
        self.unit.events.append(
            Event(
                city=self.app.city,
                subject=Subject.REQUEST if request else Subject.APPLICATION,
                application_id=self.app.id,
                request_id=request.id if request else None,
                platform=self.app.platform,
                name=move.event,
                source=source,
                target=target,
                role=role,
                person_id=actor.person,
                organization_id=organization,
                version=request.version if request else self.app.version,
                data=dict(data or {}),
                happened_at=happened_at or self.unit.now,
                entered_at=self.unit.now,
            )
        )
        kind = "request" if request else "application"
        self.unit.audit(
            self.app.city, role, move.event, kind, request.id if request else self.app.id
        )

    def _tell(
        self, move: Move, request: UtilityRequest | None, data: Mapping[str, Any] | None
    ) -> None:
        if move.tells:
            self.notify(move.event, move.tells, request, data)

    def notify(
        self,
        code: str,
        tells: Sequence[Tell],
        request: UtilityRequest | None = None,
        data: Mapping[str, Any] | None = None,
    ) -> None:
        """Tell whom ``tells`` names, by a code of ``config/texts/notices.toml``."""
        self.unit.notices.append(
            Notice(
                origin=str(new_id()),
                code=code,
                city=self.app.city,
                audience=self.audience(tells, request),
                params={
                    "number": self.number(),
                    "utility": request.utility if request else None,
                    "stage": self.app.stage.value,
                    **{k: v for k, v in (data or {}).items() if k in PARAMS},
                },
                application_id=self.app.id,
            )
        )

    def audience(self, tells: Sequence[Tell], request: UtilityRequest | None = None) -> Audience:
        """The people behind the table's ``tells``."""
        persons = (self.app.owner_id,) if Tell.APPLICANT in tells and self.app.owner_id else ()
        roles: list[Role] = []
        organizations: list[UUID] = []
        staff: list[Role] = []
        if Tell.WINDOW in tells:
            roles.append(Role.WINDOW_CLERK)
        if Tell.COORDINATOR in tells:
            roles.append(Role.COORDINATOR)
        if Tell.ORGANISER in tells:
            role = organiser_role(Organiser.SURVEY, self.city.organisers)
            if role is not Role.UTILITY_CLERK:
                roles.append(role)
        if Tell.UTILITIES in tells:
            organizations += [r.organization_id for r in self.live_requests()]
            staff += [Role.UTILITY_CLERK, Role.CREW]
        if Tell.OWN_UTILITY in tells and request is not None:
            organizations.append(request.organization_id)
            staff.append(Role.UTILITY_CLERK)
        if Tell.DEPARTMENTS in tells:
            organizations += [
                o.organization_id
                for o in self.opinions
                if request is None or o.request_id == request.id
            ]
            staff.append(Role.APPROVER)
        return Audience(
            persons=persons,
            enterprise=self.app.enterprise_id if Tell.APPLICANT in tells else None,
            city_roles=tuple(dict.fromkeys(roles)),
            organizations=tuple(dict.fromkeys(organizations)),
            organization_roles=tuple(dict.fromkeys(staff)),
        )

    def number(self) -> str | None:
        """联合报装编号, e.g. ``2023（000001）号``; ``None`` for a draft."""
        if self.app.year is None or self.app.sequence is None:
            return None
        return self.city.numbering.format(self.app.year, self.app.sequence)


PARAMS = frozenset({"reason", "at", "due_at", "count", "verdict", "result", "level"})
"""What of an event's data a notice may repeat; never personal."""
