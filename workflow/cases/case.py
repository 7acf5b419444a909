"""One application under lock: what it is, who the actor is to it, how a move changes it.

Every use case on an accepted or submitted application goes: ``Case.open`` (lock, visibility,
version) → ``move`` / ``move_request`` (table row, event, clocks, notice) → own effect →
``settle`` (derive the stage, write rows). All requests of a case are locked by its application
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
    SurveyVisit,
    UtilityRequest,
)
from models.writes import locked, update
from rules.actors import Actor, Role
from rules.errors import Code, DomainError
from rules.forms import form_of
from rules.lifecycle import (
    Move,
    Position,
    Subject,
    advance,
    allowed_actions,
)
from rules.moves import APPLICATION, REQUEST
from rules.states import LIVE_STAGES, Channel, Stage, SurveyState
from workflow.cases.standing import (
    Loaded,
    application_facts,
    live,
    request_facts,
    standing,
)
from workflow.cases.stops import Stop
from workflow.cases.telling import tell
from workflow.cases.ticking import tick
from workflow.changes import changes_since
from workflow.deadlines import Clocks, Holder
from workflow.encoding import SHANGHAI
from workflow.moving import acting_organization, acting_role
from workflow.unit import Unit

Acting = tuple[Role, UUID | None]
"""In which role, and for which organisation, somebody acts."""

OUTLIVING = frozenset(move.event for move in REQUEST if move.outlives)
AT_WORK = frozenset({Role.UTILITY_CLERK, Role.CREW})
"""Roles in which a provider works on its own request."""
AT_HOME = frozenset({Role.APPLICANT})
AT_WINDOW = frozenset({Role.APPLICANT, Role.WINDOW_CLERK})
"""Who has a part in a draft: its owner, and the window in what it entered itself."""


async def is_owner(actor: Actor, owner: UUID | None, enterprise: UUID | None) -> bool:
    """Whether it is the actor's own case: entered by it, or of an enterprise it acts for."""
    if actor.person is None:
        return False
    if owner == actor.person:
        return True
    if enterprise is None:
        return False
    return await EnterpriseMember.filter(enterprise_id=enterprise, person_id=actor.person).exists()


async def _inspecting(actor: Actor, survey: Survey) -> frozenset[UUID]:
    """The actor's departments that come to a visit: they see the case from then on."""
    mine = [m.org for m in actor.memberships_in(survey.city, Role.APPROVER)]
    if not mine:
        return frozenset()
    rows = await SurveyVisit.filter(
        survey_id=survey.id, organization_id__in=mine, active=True
    ).values_list("organization_id", flat=True)
    return frozenset(UUID(str(row)) for row in rows)


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
    visitors: frozenset[UUID] = frozenset()
    """Organisations that come to the joint visit, as far as they have been looked up: for whoever
    inspects, and in acts on the visit."""
    changes: dict[str, Any] = field(default_factory=dict)
    request_changes: dict[UUID, dict[str, Any]] = field(default_factory=dict)

    @classmethod
    async def open(cls, unit: Unit, application_id: UUID, *, expect: int | None = None) -> "Case":
        """Lock and load. ``NOT_FOUND`` when the actor has no part in it: as if it did not exist.

        ``expect``: the application's version the actor has read; ``VERSION_STALE`` otherwise.
        """
        case = await cls.hold(unit, application_id)
        if not case.sees():
            raise DomainError(Code.NOT_FOUND)
        app = case.app
        if expect is not None and expect != app.version:
            raise DomainError(
                Code.VERSION_STALE,
                version=app.version,
                changes=await changes_since(application_id=app.id, version=expect),
                changed=case.changed_since(expect),
            )
        return case

    @classmethod
    async def hold(cls, unit: Unit, application_id: UUID) -> "Case":
        """Lock and load for whoever has been let in by something else, such as its own visit."""
        app = await locked(Application, application_id)
        if app is None:
            raise DomainError(Code.NOT_FOUND)
        return await cls._load(unit, app)

    @classmethod
    async def look(cls, unit: Unit, application_id: UUID) -> "Case":
        """Load without lock for whoever has been let in as in ``hold``."""
        app = await Application.filter(id=application_id).using_db(unit.connection).first()
        if app is None:
            raise DomainError(Code.NOT_FOUND)
        return await cls._load(unit, app)

    @classmethod
    async def peek(cls, unit: Unit, application_id: UUID) -> "Case":
        """Load without lock, to be looked at only. ``NOT_FOUND`` as in ``open``."""
        case = await cls.look(unit, application_id)
        if not case.sees():
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
        if not case.sees(request):
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
        clocks = Clocks(
            city,
            unit.services.calendars.of(city),
            unit.now,
            application_id=app.id,
            stops=[Stop.of(kept) for kept in app.pauses],
        )
        owner = await is_owner(unit.actor, app.owner_id, app.enterprise_id)
        case = cls(unit, app, city, owner, clocks)
        if app.stage is not Stage.DRAFT:
            await clocks.load()
            case.survey = await Survey.filter(
                application_id=app.id, state__in=[SurveyState.HELD, SurveyState.CONFIRMED]
            ).first()
            if case.survey is not None and case.survey.state is SurveyState.CONFIRMED:
                case.visitors = await _inspecting(unit.actor, case.survey)
        if app.accepted_at is not None:
            case.requests = await UtilityRequest.filter(application_id=app.id).order_by("id")
            if any(r.permit_state is not None for r in case.requests):
                ids = [r.id for r in case.requests]
                case.opinions = await Opinion.filter(request_id__in=ids).order_by("id")
        return case

    # -- who and what ---------------------------------------------------------------------------

    def sees(self, request: UtilityRequest | None = None) -> frozenset[Role]:
        """The roles in which the actor may look at the case, or at one request of it.

        Whoever worked on a request that was declined or withdrawn may still look.
        """
        return self._roles([request] if request else self.requests)

    def standing(self, request: UtilityRequest | None = None) -> frozenset[Role]:
        """The roles in which the actor may act on the case, or on one request of it.

        A draft is its owner's alone; one entered at the window is also the window's. A platform
        stands towards what it pushed itself. Nobody acts in office on a case of its own.
        """
        return self._roles([request] if request else self.live_requests())

    def _roles(self, requests: Sequence[UtilityRequest]) -> frozenset[Role]:
        if self.app.platform is not None and self.app.platform == self.unit.actor.platform:
            return frozenset({Role.PLATFORM})
        among = {request.id for request in requests}
        roles = standing(
            self.unit.actor,
            city=self.app.city,
            owner=self.owner,
            providers=frozenset(request.organization_id for request in requests),
            departments=frozenset(o.organization_id for o in self.opinions if o.request_id in among)
            | self.visitors,
        )
        if self.app.stage is not Stage.DRAFT:
            return roles
        return roles & (AT_WINDOW if self.app.channel is Channel.WINDOW else AT_HOME)

    def own_opinions(self, request: UtilityRequest) -> list[Opinion]:
        """The rows of the actor's own departments in the permits of a request."""
        mine = {m.org for m in self.unit.actor.memberships_in(self.app.city, Role.APPROVER)}
        return [
            o for o in self.opinions if o.request_id == request.id and o.organization_id in mine
        ]

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
        facts = request_facts(
            request,
            self.survey,
            self.own_opinions(request),
            claimed=self.app.owner_id is not None,
        )
        return Position(request.state.value, facts)

    def allowed(self) -> tuple[str, ...]:
        """What the actor may do with the application now."""
        return allowed_actions(APPLICATION, self.position(), self.standing(), self.city.organisers)

    def allowed_on(self, request: UtilityRequest) -> tuple[str, ...]:
        """What the actor may do with a request now."""
        allowed = allowed_actions(
            REQUEST, self.request_position(request), self.standing(request), self.city.organisers
        )
        if self.app.stage in LIVE_STAGES:
            return allowed
        return tuple(event for event in allowed if event in OUTLIVING)

    def changed_since(self, version: int) -> list[dict[str, Any]]:
        """Fields and documents written after ``version``, with their names."""
        names = {key: field.label for key, field in form_of(self.city, "B").by_key.items()}
        names |= {document.code: document.label for document in self.city.documents}
        return [
            {"field": key, "label": names.get(key, ""), "version": at}
            for key, at in sorted(self.app.revisions.items())
            if at > version
        ]

    def stop_clocks(self, stop: Stop) -> None:
        """Stop the clocks a reason stands against; new ones stand, too, while it is there."""
        self._set_stops([*self.clocks.stops, stop])

    def lift(self, *ids: str) -> None:
        """Take reasons away; a clock against which none is left runs on."""
        self._set_stops([stop for stop in self.clocks.stops if stop.id not in ids])

    def _set_stops(self, stops: list[Stop]) -> None:
        self.clocks.stand(stops)
        self.set(pauses=[stop.kept() for stop in stops])

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
        skip_steps: Sequence[str] = (),
        by_system: bool = False,
        by: Acting | None = None,
    ) -> Move:
        """Move the application by ``event``: table row, event, clocks, notice.

        ``by``: as whom, where the act itself has judged that.
        """
        roles = self._moving(by, self.standing(), by_system=by_system)
        source = self.app.stage.value
        move = advance(APPLICATION, event, self.position(), roles, self.city.organisers)
        if move.target is not None:
            self.set(stage=Stage(move.target))
        self.touch()
        await tick(self, move, None, due_at=due_at, skip=skip_steps)
        role, organization = by or self.acting(move, roles)
        self._event(move, role, organization, source, self.app.stage.value, data, happened_at)
        tell(self, move, None, data)
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
        by: Acting | None = None,
    ) -> Move:
        """Move one request by ``event``: table row, event, clocks, notice. ``by``: see ``move``."""
        if self.app.stage not in LIVE_STAGES and event not in OUTLIVING:
            raise DomainError(
                Code.MOVE_NOT_ALLOWED, event=event, state=self.app.stage.value, allowed=()
            )
        roles = self._moving(by, self.standing(request), by_system=by_system)
        source = request.state.value
        position = self.request_position(request)
        move = advance(REQUEST, event, position, roles, self.city.organisers)
        if move.target is not None:  # whoever came to the site came for what is over now
            self.set_request(request, state=type(request.state)(move.target), arrived_at=None)
        self.set_request(request)
        await tick(self, move, request, start=start, department=department, skip=skip_steps)
        role, organization = by or self.acting(move, roles)
        if role in AT_WORK:
            organization = request.organization_id
        if department is not None:
            organization = department.organization_id
        target = request.state.value
        self._event(move, role, organization, source, target, data, happened_at, request)
        tell(self, move, request, data)
        return move

    def acting(self, move: Move, roles: frozenset[Role]) -> tuple[Role, UUID | None]:
        """In which of its roles, and for which organisation of the case, the actor moves it."""
        role = acting_role(move, roles, self.city.organisers)
        alive = self.live_requests()
        among = {request.id for request in alive}
        parties = {request.organization_id for request in alive}
        parties |= {o.organization_id for o in self.opinions if o.request_id in among}
        return role, acting_organization(self.unit.actor, role, self.app.city, parties)

    def set(self, **values: Any) -> None:
        """Change the application; written by ``finish``."""
        self.app.update_from_dict(values)
        self.changes.update(values)

    def set_request(self, request: UtilityRequest, **values: Any) -> None:
        """Change a request, which makes a new version of it; written by ``finish``."""
        changed = self.request_changes.setdefault(request.id, {})
        if "version" not in changed:
            values["version"] = request.version + 1
        request.update_from_dict(values)
        changed.update(values)

    async def finish(self) -> None:
        """Write every changed row once. Acts that move requests call ``settle`` instead."""
        await self.clocks.write()
        for request in self.requests:
            due = self.clocks.due_of(request)
            changed = self.request_changes.get(request.id, {})
            if due != request.due_at:
                changed["due_at"] = request.due_at = due
            if changed:
                await update(UtilityRequest, request.id, changed)
        self.set(due_at=self.clocks.earliest(), updated_at=self.unit.now)
        await update(Application, self.app.id, self.changes)

    # -- inside ---------------------------------------------------------------------------------

    @staticmethod
    def _moving(
        by: Acting | None, standing: frozenset[Role], *, by_system: bool
    ) -> frozenset[Role]:
        if by_system:
            return frozenset({Role.SYSTEM})
        return standing if by is None else frozenset({by[0]})

    def touch(self) -> None:
        """Make a new version of the application."""
        if "version" not in self.changes:
            self.set(version=self.app.version + 1)

    def _event(
        self,
        move: Move,
        role: Role,
        organization: UUID | None,
        source: str,
        target: str,
        data: Mapping[str, Any] | None,
        happened_at: datetime | None,
        request: UtilityRequest | None = None,
    ) -> None:
        actor = self.unit.actor
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

    def number(self) -> str | None:
        """联合报装编号, e.g. ``2023（000001）号``; ``None`` for a draft."""
        if self.app.year is None or self.app.sequence is None:
            return None
        return self.city.numbering.format(self.app.year, self.app.sequence)
