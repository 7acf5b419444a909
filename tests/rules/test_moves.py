"""The tables of moves: the golden file, who may what, what a refusal says."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from rules.actors import Role
from rules.errors import Code, DomainError
from rules.lifecycle import (
    Move,
    Organiser,
    Position,
    RequestStanding,
    Subject,
    advance,
    allowed_actions,
    derived_stage,
)
from rules.moves import APPLICATION, REQUEST, TABLES
from rules.states import (
    ENDED_STAGES,
    Course,
    RegistrationState,
    RequestState,
    Stage,
)

GOLDEN = Path(__file__).parent / "golden" / "moves.txt"
STATES = {
    Subject.REGISTRATION: RegistrationState,
    Subject.APPLICATION: Stage,
    Subject.REQUEST: RequestState,
}
WINDOW = SimpleNamespace(survey="window", parallel_approval="window", home_visit="utility")
BUREAU = SimpleNamespace(
    survey="coordinator", parallel_approval="coordinator", home_visit="coordinator"
)


def row(move: Move) -> str:
    """One move as a line of the golden file."""
    who = ",".join(w.value if isinstance(w, Role) else f"organiser:{w.value}" for w in move.who)
    ticks = ",".join(f"{tick.clock.value}:{tick.step}" for tick in move.ticks)
    tells = ",".join(move.tells)
    return " | ".join(
        (
            move.subject.value,
            move.event,
            ",".join(sorted(move.sources)),
            move.target or "=",
            who,
            move.guard or "-",
            ticks or "-",
            tells or "silent",
            move.label,
        )
    )


def test_the_table_is_the_golden_one() -> None:
    """Losing or changing a row is otherwise silent. Rewrite the file on purpose only."""
    lines = [row(move) for table in TABLES.values() for move in table]
    assert "\n".join(lines) + "\n" == GOLDEN.read_text("utf-8")


@pytest.mark.parametrize("move", [m for t in TABLES.values() for m in t], ids=lambda m: m.event)
def test_every_move_tells_somebody_or_says_it_is_silent(move: Move) -> None:
    assert bool(move.tells) != move.silent
    assert move.who
    assert move.label


@pytest.mark.parametrize("subject", list(Subject))
def test_every_state_is_reached_and_only_ends_are_left_by_nothing(subject: Subject) -> None:
    table, states = TABLES[subject], STATES[subject]
    starts = {RegistrationState.RECEIVED, Stage.DRAFT, RequestState.PENDING}
    derived = (
        set(Stage)
        - {
            Stage.DRAFT,
            Stage.SUBMITTED,
            Stage.RETURNED,
            Stage.ACCEPTED,
            Stage.CONNECTED,
        }
        - ENDED_STAGES
    )
    targets = {move.target for move in table if move.target} | starts | derived
    assert {state.value for state in states} <= {str(t) for t in targets}
    left = {source for move in table if move.target for source in move.sources}
    ends = {
        Subject.REGISTRATION: {RegistrationState.WITHDRAWN},
        Subject.APPLICATION: set(ENDED_STAGES),
        Subject.REQUEST: {
            RequestState.CONNECTED,
            RequestState.DECLINED,
            RequestState.WITHDRAWN,
        },
    }[subject]
    assert {state for state in states if state not in left} == ends


def test_an_organiser_is_whom_the_city_names() -> None:
    at = Position("accepted", {"survey_open": True})
    window, bureau = frozenset({Role.WINDOW_CLERK}), frozenset({Role.COORDINATOR})
    assert advance(APPLICATION, "book_survey", at, window, WINDOW).event == "book_survey"
    assert advance(APPLICATION, "book_survey", at, bureau, BUREAU).event == "book_survey"
    with pytest.raises(DomainError) as refused:
        advance(APPLICATION, "book_survey", at, window, BUREAU)
    assert refused.value.code is Code.GUARD_FAILED  # but for who walked in
    assert refused.value.data["guard"] == "survey_open_unclaimed"
    with pytest.raises(DomainError) as refused:
        advance(APPLICATION, "hold_survey", at, window, BUREAU)
    assert refused.value.code is Code.NOT_YOURS_TO_MOVE


def test_a_refusal_says_what_is_allowed_now() -> None:
    clerk = frozenset({Role.WINDOW_CLERK})
    with pytest.raises(DomainError) as refused:
        advance(APPLICATION, "accept", Position("draft", {}), clerk, WINDOW)
    assert refused.value.code is Code.MOVE_NOT_ALLOWED
    assert refused.value.data["allowed"] == ("withdraw",)
    at = Position("submitted", {"complete": False, "gaps_allowed": True, "clock_running": True})
    with pytest.raises(DomainError) as refused:
        advance(APPLICATION, "accept", at, clerk, WINDOW)
    assert refused.value.code is Code.GUARD_FAILED
    assert refused.value.data["guard"] == "complete"
    assert refused.value.data["allowed"] == (
        "return_for_correction",
        "accept_with_gaps",
        "reject",
        "pause",
    )


def test_nobody_without_a_role_may_anything() -> None:
    for table, states in ((APPLICATION, Stage), (REQUEST, RequestState)):
        for state in states:
            guards = {move.guard: True for move in table if move.guard}
            assert not allowed_actions(table, Position(state.value, guards), frozenset(), WINDOW)


def test_an_unknown_guard_fails() -> None:
    owner = frozenset({Role.APPLICANT})
    with pytest.raises(DomainError) as refused:
        advance(APPLICATION, "agree_plan", Position("planning", {}), owner, WINDOW)
    assert refused.value.code is Code.GUARD_FAILED


def request(
    state: RequestState,
    course: Course = Course.FULL,
    permit_needed: bool | None = None,
    survey_booked: bool = False,
) -> RequestStanding:
    return RequestStanding(state, course, permit_needed, survey_booked)


@pytest.mark.parametrize(
    ("requests", "stage"),
    [
        ([request(RequestState.PENDING)], Stage.ACCEPTED),
        ([request(RequestState.PENDING, survey_booked=True)], Stage.SURVEYING),
        ([request(RequestState.PENDING, Course.NO_LINE)], Stage.CONNECTING),
        ([request(RequestState.PENDING, Course.ACCOUNT)], Stage.CONNECTING),
        ([request(RequestState.SURVEYED)], Stage.PLANNING),
        ([request(RequestState.PLANNED, permit_needed=True)], Stage.PERMITTING),
        ([request(RequestState.PLANNED, permit_needed=False)], Stage.CONSTRUCTING),
        ([request(RequestState.PERMITTED, permit_needed=False)], Stage.CONSTRUCTING),
        ([request(RequestState.BUILT)], Stage.INSPECTING),
        ([request(RequestState.INSPECTED)], Stage.CONNECTING),
        ([request(RequestState.CONNECTED)], Stage.CONNECTED),
        # the lowest of the live ones: water flows while gas waits
        ([request(RequestState.CONNECTED), request(RequestState.SURVEYED)], Stage.PLANNING),
        ([request(RequestState.CONNECTED), request(RequestState.DECLINED)], Stage.CONNECTED),
        ([request(RequestState.DECLINED), request(RequestState.DECLINED)], Stage.REJECTED),
        ([request(RequestState.DECLINED), request(RequestState.WITHDRAWN)], Stage.WITHDRAWN),
        ([request(RequestState.WITHDRAWN)], Stage.WITHDRAWN),
    ],
)
def test_the_stage_is_the_lowest_of_the_live_requests(
    requests: list[RequestStanding], stage: Stage
) -> None:
    assert derived_stage(requests) is stage


def test_organisers_have_a_role_each() -> None:
    for duty in Organiser:
        for city in (WINDOW, BUREAU):
            assert getattr(city, duty.value) in ("window", "coordinator", "utility")
