"""Moves as data, and the one function that applies them.

``advance`` takes a table (``rules/moves``), a state and an event and gives back the row, or
refuses saying what is allowed now. ``allowed_actions`` is derived from the same rows for every
client. The stage of an application is derived from its requests here, too.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from rules.actors import Role
from rules.errors import Code, DomainError
from rules.states import DEAD_REQUESTS, LIVE_STAGES, Course, RequestState, Stage


class Subject(StrEnum):
    """What a table of moves is about."""

    REGISTRATION = "registration"
    APPLICATION = "application"
    REQUEST = "request"


class Organiser(StrEnum):
    """A duty whose holder the city file names (domain §5)."""

    SURVEY = "survey"
    PARALLEL_APPROVAL = "parallel_approval"
    HOME_VISIT = "home_visit"


class Tell(StrEnum):
    """Who is told of a move."""

    APPLICANT = "applicant"
    WINDOW = "window"
    UTILITIES = "utilities"
    OWN_UTILITY = "own_utility"
    DEPARTMENTS = "departments"
    ORGANISER = "organiser"
    COORDINATOR = "coordinator"
    COMING = "coming"
    """Whoever comes to the joint visit with a crew, departments too."""


class Clock(StrEnum):
    """What a move does to a deadline."""

    OPEN = "open"
    CLOSE = "close"
    PAUSE = "pause"
    RESUME = "resume"


@dataclass(frozen=True, slots=True)
class Tick:
    """One effect of a move on the deadline of one step, e.g. ``open acceptance``."""

    clock: Clock
    step: str


Guard = Callable[[Any], bool]


@dataclass(frozen=True, slots=True)
class Move:
    """One row: from, event, to, who may, guard, deadlines, notice."""

    subject: Subject
    event: str
    label: str
    sources: frozenset[str]
    target: str | None
    """``None``: the state stays (or is derived from the requests)."""
    who: tuple[Role | Organiser, ...]
    guard: str | None = None
    ticks: tuple[Tick, ...] = ()
    tells: tuple[Tell, ...] = ()
    clause: str = ""
    silent: bool = False
    """True where nobody needs a notice; else ``tells`` is not empty (tested)."""
    public: bool = True
    """False for events that only follow from another act (no button, no URL)."""
    outlives: bool = False
    """Also after the case has ended (a temporary supply is removed later)."""


Table = tuple[Move, ...]


class Organisers(Protocol):
    """The part of a city that says who organises what: ``window``, ``coordinator``, ``utility``."""

    @property
    def survey(self) -> str: ...

    @property
    def parallel_approval(self) -> str: ...

    @property
    def home_visit(self) -> str: ...


ORGANISER_ROLE = {
    "window": Role.WINDOW_CLERK,
    "coordinator": Role.COORDINATOR,
    "utility": Role.UTILITY_CLERK,
}


def organiser_role(duty: Organiser, organisers: Organisers) -> Role:
    """The role that holds a duty in a city."""
    return ORGANISER_ROLE[getattr(organisers, duty.value)]


def may(move: Move, standing: frozenset[Role], organisers: Organisers) -> bool:
    """Whether an actor of this standing to the case may make the move."""
    return any(
        (who if isinstance(who, Role) else organiser_role(who, organisers)) in standing
        for who in move.who
    )


@dataclass(frozen=True, slots=True)
class Position:
    """Where a subject stands, and what the guards need to know of it."""

    state: str
    facts: Mapping[str, bool]
    """Guard name → holds. A guard that is not named here fails."""


def holds(move: Move, position: Position) -> bool:
    """Whether the move's guard holds; a move without a guard always may."""
    return move.guard is None or position.facts.get(move.guard, False)


def allowed_actions(
    table: Table, position: Position, standing: frozenset[Role], organisers: Organisers
) -> tuple[str, ...]:
    """The verbs this actor may use now, in the order of the table."""
    verbs = (
        move.event
        for move in table
        if move.public
        and position.state in move.sources
        and may(move, standing, organisers)
        and holds(move, position)
    )
    return tuple(dict.fromkeys(verbs))


def advance(
    table: Table,
    event: str,
    position: Position,
    standing: frozenset[Role],
    organisers: Organisers,
) -> Move:
    """The row that moves ``position`` by ``event``.

    Raises ``NOT_YOURS_TO_MOVE`` when the role never may, ``MOVE_NOT_ALLOWED`` when the state does
    not allow it, ``GUARD_FAILED`` when a condition is not met; each names what is allowed now.
    """
    rows = [move for move in table if move.event == event]
    mine = [move for move in rows if may(move, standing, organisers)]
    allowed = allowed_actions(table, position, standing, organisers)
    if not mine:
        raise DomainError(Code.NOT_YOURS_TO_MOVE, event=event, allowed=allowed)
    here = [move for move in mine if position.state in move.sources]
    if not here:
        raise DomainError(Code.MOVE_NOT_ALLOWED, event=event, state=position.state, allowed=allowed)
    for move in here:
        if holds(move, position):
            return move
    raise DomainError(Code.GUARD_FAILED, event=event, guard=here[0].guard, allowed=allowed)


@dataclass(frozen=True, slots=True)
class RequestStanding:
    """What of a request decides the stage of its application."""

    state: RequestState
    course: Course
    permit_needed: bool | None = None
    """``None`` until the findings are in."""
    survey_booked: bool = False


def stage_of(request: RequestStanding) -> Stage:
    """The stage one live request has reached."""
    if request.state is RequestState.PENDING:
        if request.course is not Course.FULL:
            return Stage.CONNECTING
        return Stage.SURVEYING if request.survey_booked else Stage.ACCEPTED
    if request.state is RequestState.PLANNED:
        return Stage.PERMITTING if request.permit_needed else Stage.CONSTRUCTING
    return {
        RequestState.SURVEYED: Stage.PLANNING,
        RequestState.PERMITTED: Stage.CONSTRUCTING,
        RequestState.BUILT: Stage.INSPECTING,
        RequestState.INSPECTED: Stage.CONNECTING,
        RequestState.CONNECTED: Stage.CONNECTED,
    }[request.state]


def derived_stage(requests: Iterable[RequestStanding]) -> Stage:
    """The application's stage: the lowest among its live requests.

    All declined gives ``REJECTED``; all withdrawn (or withdrawn and declined) ``WITHDRAWN``.
    """
    everyone = tuple(requests)
    live = [stage_of(r) for r in everyone if r.state not in DEAD_REQUESTS]
    if live:
        order = (*LIVE_STAGES, Stage.CONNECTED)
        return min(live, key=order.index)
    if everyone and all(r.state is RequestState.DECLINED for r in everyone):
        return Stage.REJECTED
    return Stage.WITHDRAWN
