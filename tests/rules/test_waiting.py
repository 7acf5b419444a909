"""What a case waits for: every state has a step, every step its words, holder and clock."""

from itertools import product
from typing import get_args

import pytest

from config.cities import Step
from config.texts import table, words
from rules.states import DEAD_REQUESTS, LIVE_STAGES, Course, PermitState, PlanState, RequestState
from rules.states import Stage as ApplicationStage
from rules.waiting import DEADLINE, Holder, RequestNow, of_application, of_request


def test_every_stage_waits_for_something_or_leaves_it_to_its_requests() -> None:
    for stage in ApplicationStage:
        wait = of_application(stage)
        assert (wait is None) == (stage in LIVE_STAGES)
        if wait is not None:
            assert words.step(wait.step).label != wait.step
    assert of_application(ApplicationStage.CONNECTED).step == "rating"  # type: ignore[union-attr]
    unchecked = of_application(ApplicationStage.CONNECTED, road_unchecked=True)
    assert unchecked is not None
    assert unchecked.holder is Holder.DEPARTMENTS


def test_every_position_of_a_request_has_worded_step() -> None:
    flags = (False, True)
    for state, course, permit, plan, booked, is_open, begun, agreed in product(
        RequestState, Course, (None, *PermitState), PlanState, flags, flags, flags, flags
    ):
        wait = of_request(RequestNow(state, course, permit, booked, is_open, plan, begun, agreed))
        assert wait.step in table("steps")
        over = state in DEAD_REQUESTS or state is RequestState.CONNECTED
        assert (wait.holder is Holder.NOBODY) == over


def test_clocks_are_those_of_the_cities() -> None:
    assert set(DEADLINE.values()) <= set(get_args(Step))
    for step in get_args(Step):
        assert words.step(step).label != step


@pytest.mark.parametrize(
    ("now", "step"),
    [
        (RequestNow(RequestState.PENDING, Course.FULL), "book_survey"),
        (RequestNow(RequestState.PENDING, Course.FULL, survey_booked=True), "survey"),
        (RequestNow(RequestState.PENDING, Course.ACCOUNT), "agree_connection_time"),
        (RequestNow(RequestState.PENDING, Course.NO_LINE, connection_agreed=True), "connection"),
        (RequestNow(RequestState.SURVEYED, Course.FULL, segment_open=True), "plan"),
        (RequestNow(RequestState.SURVEYED, Course.FULL), "other_plans"),
        (RequestNow(RequestState.SURVEYED, Course.FULL, plan=PlanState.OFFERED), "agree_plan"),
        (RequestNow(RequestState.SURVEYED, Course.FULL, plan=PlanState.LAPSED), "offer_again"),
        (RequestNow(RequestState.PLANNED, Course.FULL, PermitState.COMMITTING), "commitment"),
        (RequestNow(RequestState.PLANNED, Course.FULL, PermitState.DECIDING), "joint_approval"),
        (RequestNow(RequestState.PLANNED, Course.FULL, PermitState.NOT_NEEDED), "start_works"),
        (
            RequestNow(
                RequestState.PERMITTED, Course.FULL, PermitState.GRANTED, works_started=True
            ),
            "works",
        ),
        (RequestNow(RequestState.BUILT, Course.FULL, PermitState.GRANTED), "inspection"),
    ],
)
def test_steps(now: RequestNow, step: str) -> None:
    assert of_request(now).step == step
