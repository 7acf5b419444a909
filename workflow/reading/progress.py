"""Progress of a case: where it stands, who holds it now until when, what happened.

Hot: one SQL statement, no ORM, as little Python as it takes (goal in ``bench``).
"""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from config.cities import City
from config.texts import words
from models.queries import progress as query
from rules.actors import Actor
from rules.errors import Code, DomainError
from rules.states import (
    DEAD_REQUESTS,
    Course,
    PermitState,
    PlanState,
    RequestState,
    Stage,
)
from rules.waiting import DEADLINE, ENDED, Holder, RequestNow, Wait, of_application, of_request
from workflow.encoding import SHANGHAI, shown, shown_local
from workflow.people.identity import DESK_IDLE, SessionKind, note_use
from workflow.ports import Services
from workflow.reading.lights import light, worst
from workflow.reading.scope import scope_of
from workflow.reading.timeline import timeline
from workflow.reading.wording import reasons_of, use_of
from workflow.unit import Answer

Json = dict[str, Any]


async def progress(services: Services, actor: Actor, application_id: UUID, now: datetime) -> Answer:
    """Progress of one application. ``NOT_FOUND`` for whoever has no part in it."""
    scope = scope_of(actor)
    found = await query.find(
        application_id,
        actor.person,
        cities=scope.cities,
        providers=scope.providers,
        departments=scope.departments,
        windows=scope.windows,
    )
    if found is None:
        raise DomainError(Code.NOT_FOUND)
    return _answer(services, found, application_id, now)


async def own_progress(
    services: Services, session: UUID, application_id: UUID, now: datetime
) -> Answer | None:
    """The same for whoever asks about a case of its own, who it is found out by the same statement.

    ``None`` where the session is over or the case is not its person's own: ``progress`` tells.
    """
    found = await query.of_session(application_id, session, now, SessionKind.DESK, DESK_IDLE)
    if found is None:
        return None
    await note_use(session, found.row, now)
    return _answer(services, found, application_id, now)


@dataclass(frozen=True, slots=True)
class Open:
    """What one person has open: ``count`` of 2 means several. ``progress`` of an application."""

    count: int
    kind: str | None = None
    case: UUID | None = None
    progress: Answer | None = None


async def only_progress(
    services: Services, person: UUID, now: datetime, known: query.Only | None = None
) -> Open:
    """Progress of the one open case of a person, found and read by one statement, unless it is
    ``known``; of its timeline the newest entry alone.
    """
    only = known or await query.only_open(query.Asker(person, words.inside()))
    if only.found is None or only.case is None:
        return Open(min(only.count, 2), only.kind, only.case)
    return Open(1, only.kind, only.case, _answer(services, only.found, only.case, now))


def _answer(services: Services, found: query.Found, application_id: UUID, now: datetime) -> Answer:
    row = found.row
    day = row["judged_on"] or now.astimezone(SHANGHAI).date()
    city = services.cities.on(row["city"], day)
    body = _Progress(city, found, now).body(application_id)
    return Answer(body, version=row["version"])


class _Progress:
    """One row of the read model turned into the answer."""

    def __init__(self, city: City, found: query.Found, now: datetime) -> None:
        self.city = city
        self.row = found.row
        self.at = now.timestamp()
        self.stage = Stage(found.row["stage"])
        self.requests = found.requests
        self.events = found.events
        self.reasons = reasons_of(city)
        self.clocks = [self._clock(each) for each in found.deadlines]

    def body(self, application_id: UUID) -> Json:
        """The answer."""
        row, city = self.row, self.city
        requests = [self._request(each) for each in self.requests]
        now = self._now(requests)
        year, sequence = row["year"], row["sequence"]
        return {
            "id": str(application_id),
            "city": row["city"],
            "number": city.numbering.format(year, sequence) if sequence else None,
            "enterprise_name": row["enterprise_name"],
            "stage": self.stage.value,
            "stage_label": words.state("application", self.stage.value),
            "version": row["version"],
            "path": self._path(),
            "light": worst(clock["light"] for clock in self.clocks if not clock["paused"]),
            "now": now,
            "survey_at": shown(row["survey_at"]),
            "submitted_at": shown(row["submitted_at"]),
            "accepted_at": shown(row["accepted_at"]),
            "connected_at": shown(row["connected_at"]),
            "closed_at": shown(row["closed_at"]),
            "requests": requests,
            "deadlines": self.clocks,
            "timeline": timeline(
                city,
                self.events,
                {each[0]: each[1] for each in self.requests},
                inside=not row["own"],
            ),
        }

    def _clock(self, each: list[Any]) -> Json:
        step, request, holder, name, due, yellow, paused, reason, target_at, due_at, unsure = each
        return {
            "step": step,
            "step_label": words.step(step).label,
            "request_id": request,
            "holder": holder,
            "holder_name": name or words.role(holder),
            "target_at": shown_local(target_at),
            "due_at": shown_local(due_at),
            "provisional": unsure,
            "light": light(due, yellow, self.at, paused),
            "paused": paused is not None,
            "paused_for": self.reasons.get(reason or "", reason),
        }

    def _request(self, each: list[Any]) -> Json:
        ident, utility, provider, kind, course, state, permit, segment_open, started = each[:9]
        connection_at, connected_at, version = each[9:12]
        found = self.city.utilities.get(utility)
        known_kind = found.kinds.get(kind) if found else None
        wait = _wait(
            state,
            course,
            permit,
            survey_booked=self.row["survey_at"] is not None,
            segment_open=segment_open,
            plan=self.row["plan_state"],
            works_started=started,
            connection_agreed=connection_at is not None,
        )
        return {
            "id": ident,
            "utility": utility,
            "utility_label": use_of(self.city, utility),
            "kind": kind,
            "kind_label": known_kind.label if known_kind else kind,
            "provider": provider,
            "state": state,
            "state_label": words.state("request", state),
            "permit": permit,
            "version": version,
            "connection_at": shown_local(connection_at),
            "connected_at": shown_local(connected_at),
            "now": self._step(wait, ident, provider),
        }

    def _step(self, wait: Wait, request: str | None, provider: str = "") -> Json:
        """A step with whoever holds it, and the clock that runs against it, if any."""
        step = DEADLINE.get(wait.step)
        clocks = [
            clock
            for clock in self.clocks
            if clock["step"] == step and clock["request_id"] in (None, request)
        ]
        first = clocks[0] if clocks else None
        label, following = words.step(wait.step)
        return {
            "step": wait.step,
            "label": label,
            "holder": wait.holder.value,
            "holder_name": self._holder(wait.holder, provider, clocks),
            "due_at": first["due_at"] if first else None,
            "target_at": first["target_at"] if first else None,
            "provisional": bool(first and first["provisional"]),
            "light": first["light"] if first else None,
            "paused": bool(first and first["paused"]),
            "paused_for": first["paused_for"] if first else None,
            "next": following,
        }

    def _holder(self, holder: Holder, provider: str, clocks: list[Json]) -> str:
        match holder:
            case Holder.APPLICANT:
                return words.role("applicant")
            case Holder.WINDOW:
                return self.city.window.name
            case Holder.SURVEY if self.city.organisers.survey == "coordinator":
                return self.city.lead.label
            case Holder.SURVEY if self.city.organisers.survey == "window":
                return self.city.window.name
            case Holder.PROVIDER | Holder.SURVEY:
                return provider
            case Holder.DEPARTMENTS:
                named = dict.fromkeys(clock["holder_name"] for clock in clocks)
                return "、".join(named) or words.role("approver")
        return ""

    def _now(self, requests: list[Json]) -> Json:
        """What the case as a whole waits for: its own step, else the most urgent request's."""
        wait = of_application(
            self.stage, rated=self.row["rated"], road_unchecked=self.row["road_unchecked"]
        )
        if wait is not None:
            return {**self._step(wait, None), "request_id": None}
        running = [each for each in requests if each["now"]["holder"] != Holder.NOBODY]
        if not running:
            return {**self._step(ENDED, None), "request_id": None}
        first = min(running, key=lambda each: each["now"]["due_at"] or _LAST)
        return {**first["now"], "request_id": first["id"]}

    def _path(self) -> tuple[Json, ...]:
        """The stages this case goes through, for a bar of progress."""
        live = [each for each in self.requests if each[5] not in DEAD_REQUESTS]
        lines = not live or any(each[4] == Course.FULL for each in live)
        permits = not live or any(
            each[4] == Course.FULL and each[6] != PermitState.NOT_NEEDED for each in live
        )
        return _stages(lines, permits)


@cache
def _wait(state: str, course: str, permit: str | None, *, plan: str, **facts: bool) -> Wait:
    """What a request waits for; there are only so many situations, so each is judged once."""
    return of_request(
        RequestNow(
            state=RequestState(state),
            course=Course(course),
            permit=PermitState(permit) if permit else None,
            plan=PlanState(plan),
            **facts,
        )
    )


@cache
def _stages(lines: bool, permits: bool) -> tuple[Json, ...]:
    """The bar of progress of cases with or without outside lines, with or without permits."""
    return tuple(
        {"stage": stage.value, "label": words.state("application", stage.value)}
        for stage in _PATH
        if (lines or stage not in _WITH_LINE) and (permits or stage is not Stage.PERMITTING)
    )


_LAST = "9"
"""Sorts after every time as text."""
_PATH = (
    Stage.SUBMITTED,
    Stage.ACCEPTED,
    Stage.SURVEYING,
    Stage.PLANNING,
    Stage.PERMITTING,
    Stage.CONSTRUCTING,
    Stage.INSPECTING,
    Stage.CONNECTING,
    Stage.CONNECTED,
    Stage.CLOSED,
)
_WITH_LINE = frozenset(
    {Stage.SURVEYING, Stage.PLANNING, Stage.PERMITTING, Stage.CONSTRUCTING, Stage.INSPECTING}
)
