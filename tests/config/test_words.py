"""Every state, event and notice has its words; none falls back on a code."""

import re

import pytest

from config.texts import table, words
from rules.actors import Role
from rules.lifecycle import Move, Subject, Tell
from rules.moves import TABLES
from rules.states import (
    Channel,
    Course,
    PermitState,
    PlanState,
    RegistrationState,
    RequestState,
    Stage,
    SurveyState,
    Verdict,
    VisitState,
)

MOVES = [(subject, move) for subject, rows in TABLES.items() for move in rows]
IDS = [f"{subject.value}.{move.event}" for subject, move in MOVES]
PLACES = {
    "number", "utility", "at", "due_at", "reason", "result", "verdict", "level", "count", "step",
    "times", "organization", "minutes",
}  # fmt: skip
"""What ``workflow/reading/wording.py`` can put into a notice."""


@pytest.mark.parametrize(
    ("kind", "states"),
    [
        ("application", Stage),
        ("request", RequestState),
        ("registration", RegistrationState),
        ("survey", SurveyState),
        ("visit", VisitState),
        ("plan", PlanState),
        ("permit", PermitState),
        ("verdict", Verdict),
        ("course", Course),
        ("channel", Channel),
    ],
)
def test_every_state_has_a_name(kind: str, states: type[Stage]) -> None:
    assert set(table("stages")[kind]) == {state.value for state in states}
    names = [words.state(kind, state.value) for state in states]
    assert len(set(names)) == len(names)


def test_every_role_has_a_name() -> None:
    assert {words.role(role.value) for role in Role} == set(table("roles")["roles"].values())


@pytest.mark.parametrize(("subject", "move"), MOVES, ids=IDS)
def test_every_move_has_a_sentence_in_the_timeline(subject: Subject, move: Move) -> None:
    assert words.event(subject.value, move.event, {"utility": "用水"})


@pytest.mark.parametrize(("subject", "move"), MOVES, ids=IDS)
def test_whoever_is_told_of_a_move_is_told_in_words(subject: Subject, move: Move) -> None:
    told = words.notices(subject.value).get(move.event, {})
    expected = set()
    if Tell.APPLICANT in move.tells:
        expected.add("applicant")
    if set(move.tells) - {Tell.APPLICANT}:
        expected.add("staff")
    # two rows may share an event (withdraw), so more readers than this row's may be worded
    assert expected <= set(told)
    if not move.tells:
        rows = [other for _, other in MOVES if other.event == move.event]
        assert any(other.tells for other in rows) or not told


def test_no_notice_without_its_move() -> None:
    for subject, rows in TABLES.items():
        events = {move.event for move in rows}
        extra = set(words.notices(subject.value)) - events
        assert extra <= {"register"}


def test_notices_use_only_places_that_are_filled() -> None:
    for subject, codes in table("notices").items():
        readers = [codes] if subject == "other" else codes.values()
        for reader in readers:
            for said in reader.values():
                text = said["title"] + said["text"]
                assert set(re.findall(r"\{([a-z_]+)\}", text)) <= PLACES
                assert said["text"].endswith("。")


def test_a_code_nobody_worded_still_says_there_is_news() -> None:
    told = words.notice("application", "made_up", "applicant", {"number": "2026（000001）号"})
    assert told.text == "申请2026（000001）号有新的进展，请查看。"


def test_what_is_kept_inside_is_an_event() -> None:
    for name in table("events")["inside"]:
        subject, _, event = name.partition(".")
        assert event in table("events")[subject]
        assert words.is_inside(subject, event)
    assert not words.is_inside("application", "submit")
