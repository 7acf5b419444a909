"""Every condition a move can fail by is put in words, and known to the facts of a case."""

import ast
from pathlib import Path

import pytest

import workflow
from config import texts
from rules.lifecycle import Subject
from rules.moves import TABLES
from tests.workflow.steps import accepted, of
from tests.workflow.world import World
from workflow.cases.case import Case
from workflow.unit import Answer, Unit

ROOM = Path(workflow.__file__).parent
OF_TABLES = {move.guard for table in TABLES.values() for move in table if move.guard}


def guards_of_code() -> set[str]:
    """Every ``guard="…"`` a use case or a rule refuses with."""
    sources = [*ROOM.rglob("*.py"), *(ROOM.parent / "rules").rglob("*.py")]
    return {
        keyword.value.value
        for path in sources
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call)
        for keyword in node.keywords
        if keyword.arg == "guard"
        and isinstance(keyword.value, ast.Constant)
        and isinstance(keyword.value.value, str)
    }


EVERY = sorted(OF_TABLES | guards_of_code())


def test_the_guards_of_the_code_are_found() -> None:
    assert guards_of_code() > {"own_pause", "commitment_enough", "only_towards_joint"}


@pytest.mark.parametrize("guard", EVERY)
def test_every_guard_says_in_chinese_what_is_missing(guard: str) -> None:
    title, detail = texts.error("guard_failed", {"guard": guard})
    assert detail != texts.error("guard_failed")[1]
    assert title == "条件不满足"
    assert detail.endswith("。")
    assert detail == texts.table("errors")["guards"][guard]


def test_no_wording_is_left_of_a_guard_that_is_gone() -> None:
    assert set(texts.table("errors")["guards"]) == set(EVERY)


async def test_every_guard_of_the_tables_is_a_fact_of_the_case(world: World) -> None:
    """One that no fact answers would fail for ever."""
    drive = await accepted(world)
    request = await of(drive, "water")
    facts: dict[Subject, set[str]] = {}

    async def look(unit: Unit) -> Answer:
        case = await Case.peek(unit, drive.id)
        facts[Subject.APPLICATION] = set(case.position().facts)
        facts[Subject.REQUEST] = set(case.request_position(request).facts)
        return Answer({})

    await world.act(drive.owner, look)
    for subject, known in facts.items():
        assert {move.guard for move in TABLES[subject] if move.guard} == known
