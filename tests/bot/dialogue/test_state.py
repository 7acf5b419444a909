"""State goes through JSON and back; what cannot be read is begun anew, the draft kept."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from bot.dialogue.heard import Heard, Kind
from bot.dialogue.replies import Choice
from bot.dialogue.state import (
    SHAPE,
    After,
    Question,
    Sheet,
    State,
    dump_said,
    load_said,
)
from bot.dialogue.turn import step
from bot.understanding.types import Guess, Intent, Understood
from config.cities import CityBook
from tests.bot.dialogue.stage import facts_of, slots_of

CASE = UUID("00000000-0000-0000-0000-000000000001")
WHOLE = State(
    city="daye",
    sheet=Sheet(
        "B",
        "daye",
        CASE,
        version=7,
        skipped=("project.code",),
        trail=("enterprise.name", "project.code"),
        kind="new",
        returned=True,
        at=datetime(2026, 11, 20, 2, tzinfo=UTC),
    ),
    asked=Question("form", "field", "请问？", (Choice("3.yes", "1. 是"),), {"key": "a"}, serial=3),
    held=Question("form", "overview", "提交吗？", numbered=False),
    misses=1,
    serial=3,
    memo={"status": {"case": str(CASE)}},
)


def test_there_and_back() -> None:
    assert State.load(WHOLE.dump()) == WHOLE
    assert State().dump() == {}
    assert State.load(None) == State()


def test_what_lives_within_a_turn_is_not_kept() -> None:
    within = replace(WHOLE, after=After("form", "saved", {"said": object()}))
    assert State.load(within.dump()) == WHOLE
    assert State.load({**WHOLE.dump(), "after": {"topic": "form", "name": "saved"}}) == WHOLE


def test_questions_of_another_shape_are_not_asked_again() -> None:
    older = State.load({**WHOLE.dump(), "shape": SHAPE - 1})
    assert older == replace(WHOLE, asked=None, held=None, memo={})


@pytest.mark.parametrize(
    "spoilt",
    [
        {"misses": "many"},
        {"asked": 5},
        {"sheet": {"form": "Z", "city": "daye", "case": str(CASE)}},
        {"city": ["daye"]},
    ],
)
def test_a_broken_dump_keeps_the_draft(spoilt: dict[str, Any]) -> None:
    found = State.load({**WHOLE.dump(), **spoilt})
    assert found.asked is None
    if "sheet" not in spoilt:
        assert found.sheet is not None
        assert found.sheet.case == CASE
        assert found.sheet.paused


@pytest.mark.parametrize(
    "junk", [None, 5, "x", [], {"sheet": 5}, {"sheet": {"case": "no"}}, {1: 2}]
)
def test_junk_is_a_fresh_talk(junk: object) -> None:
    assert State.load(junk).sheet is None


def test_an_utterance_is_kept_with_all_it_states() -> None:
    slots = slots_of("u:water|a:water 2.5 t/d|co:某公司")
    said = Understood("用水", Intent.APPLY, 0.9, slots, (Guess(Intent.GREET, 0.1),))
    assert load_said(dump_said(said)) == replace(said, alternatives=())
    assert load_said({"text": 5}) is None


def test_a_city_that_is_gone_is_forgotten(book: CityBook) -> None:
    facts = facts_of(book)
    sheet = Sheet("B", "atlantis", CASE)
    state = State(
        city="atlantis", sheet=sheet, asked=Question("form", "field", "?", data={"key": "a"})
    )
    made = step(state, Heard(Kind.VOICE), facts)
    assert made.state.city is None
    assert made.state.sheet is None
    assert made.replies
