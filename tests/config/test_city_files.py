"""Loading: dated changes, faults named by file, key and reason, a third city without code."""

import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from config.cities import CITIES, CityBook, CityProblems, Limit, check_cities


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    copy = tmp_path / "cities"
    shutil.copytree(CITIES, copy)
    return copy


def change(folder: Path, file: str, old: str, new: str) -> None:
    path = folder / file
    text = path.read_text("utf-8")
    assert text.count(old) >= 1, old
    path.write_text(text.replace(old, new, 1), "utf-8")


def append(folder: Path, file: str, text: str) -> None:
    path = folder / file
    path.write_text(path.read_text("utf-8") + "\n" + text, "utf-8")


FAULTS = [
    ("gaps_allowed = true", "gaps_alowed = true", "gaps_alowed", "unknown key"),
    ("gaps_allowed = true", "", "gaps_allowed", "missing"),
    ('short = "水"', 'short = "水"\ncolour = "blue"', "utilities.water.colour", "unknown key"),
    ('survey = "window"', 'survey = "mayor"', "organisers.survey", "window"),
    (
        'plan = { limit = { working_days = 1 }, starts = "踏勘完成", clause = "大冶 四(一)3" }',
        "",
        "deadlines.plan",
        "missing",
    ),
    (
        'limit = { working_days = 3 }, starts = "受理"',
        'limit = { working_days = 3, same_day = true }, starts = "受理"',
        "deadlines.survey.limit",
        "exactly one",
    ),
    ("working_days = 3", "working_days = -3", "deadlines.survey.limit.working_days", "greater"),
    ("working_days = 3", "working_days = 0.3", "deadlines.survey.limit.working_days", "multiple"),
    ('starts = "受理", ours = true', 'starts = "受理"', "deadlines.survey", "clause"),
    ('label = "金湖街道"', 'label = "金牛镇"', "towns", "金牛镇 is listed 2 times"),
    ('code = "jinhu"', 'code = "jinniu"', "towns", "jinniu is listed 2 times"),
    ('"jiaotong", "jiaojing"]', '"jiaotong", "fire"]', "opinions[3]", "unknown department fire"),
    (
        'triggers = ["traffic"], department = "jiaojing"',
        'triggers = ["traffic"], department = "army"',
        "permits.kinds.traffic.department",
        "unknown department army",
    ),
    ('triggers = ["traffic"]', 'triggers = ["noise"]', "permits.kinds.traffic.triggers[0]", ""),
    ("line_below = 200", "line_below = -1", "permits.commitment.line_below", "greater"),
    (
        "line_below = 200",
        "line_below = 200\nline_at_most = 200",
        "permits.commitment",
        "exactly one",
    ),
    ("north = 30.35", "north = 20.35", "box", "south < north"),
    ('to = "12-31"', 'to = "06-30"', "hours", "07-01 is covered by 0 seasons"),
    ('"12:00"]', '"25:00"]', "hours.seasons[0].sessions", ""),
    ('section = "gas"', 'section = "steam"', "utilities.gas.section", "unknown section steam"),
    ("{deadlines.plan.limit}", "{deadlines.plam.limit}", "guide.time_limits[0]", "no value"),
    (
        'when_field = "agent.name"',
        'when_field = "agent.nam"',
        "documents.authorisation",
        "agent.nam",
    ),
    ('utility = "electricity"', 'utility = "steam"', "hotlines.electricity.utility", "steam"),
    ('"{year}（{number}）号"', '"{year}号"', "numbering", "{number}"),
    ("since = 2023-01-01", 'since = "soon"', "since", "date"),
    ('code = "daye"', 'code = "huangshi"', "code", "huangshi"),
]


@pytest.mark.parametrize(("old", "new", "path", "reason"), FAULTS)
def test_each_fault_is_named(folder: Path, old: str, new: str, path: str, reason: str) -> None:
    change(folder, "daye.toml", old, new)
    problems = check_cities(folder)
    assert any(
        p.file == "daye.toml" and p.path.startswith(path) and reason in p.reason for p in problems
    ), problems
    assert {p.file for p in problems} == {"daye.toml"}
    with pytest.raises(CityProblems) as caught:
        CityBook.load(folder)
    assert list(caught.value.problems) == problems


def test_the_reason_between_return_and_correction_is_there(folder: Path) -> None:
    change(folder, "daye.toml", 'code = "waiting_applicant"', 'code = "waiting_for_you"')
    assert [(p.path, "waiting_applicant" in p.reason) for p in check_cities(folder)] == [
        ("pause_reasons", True)
    ]


def test_all_faults_of_all_files_at_once(folder: Path) -> None:
    change(folder, "daye.toml", "gaps_allowed = true", "gaps_alowed = true")
    change(folder, "zhoukou.toml", "crossing_at_most = 15", 'crossing_at_most = "wide"')
    append(folder, "fields.toml", '[fields."new.field"]\nlabel = "新"\ntype = "decimal"\n')
    (folder / "broken.toml").write_text("code = ", "utf-8")
    found = {(p.file, p.path) for p in check_cities(folder)}
    assert {
        ("daye.toml", "gaps_alowed"),
        ("daye.toml", "gaps_allowed"),
        ("zhoukou.toml", "permits.commitment.crossing_at_most"),
        ("fields.toml", "fields.new.field"),
        ("broken.toml", "(file)"),
    } <= found


def test_a_form_naming_an_unknown_field(folder: Path) -> None:
    change(folder, "forms.toml", '"water.daily_amount", "water', '"water.hourly", "water')
    problems = check_cities(folder)
    assert any(p.path == "sections.water.fields" and "water.hourly" in p.reason for p in problems)


def test_a_row_of_wrong_width(folder: Path) -> None:
    change(folder, "forms.toml", '["site.town"], span = 3', '["site.town"], span = 2')
    assert any("spans 3 of 4" in p.reason for p in check_cities(folder))


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ('floor = ["地暖"', 'flour = ["地暖"', "aliases of no option: flour"),
        ('"散热片"', '"地暖"', "words of more than one option: 地暖"),
        ('"散热片"', '"生活热水"', "words of more than one option: 生活热水"),
    ],
)
def test_other_words_for_options(folder: Path, old: str, new: str, reason: str) -> None:
    change(folder, "fields.toml", old, new)
    assert any(reason in problem.reason for problem in check_cities(folder))


def test_missing_folder_and_missing_shared_file(folder: Path, tmp_path: Path) -> None:
    assert any("no city files" in p.reason for p in check_cities(tmp_path / "none"))
    (folder / "fields.toml").unlink()
    assert any(p.file == "fields.toml" and "missing" in p.reason for p in check_cities(folder))


CHANGES = """
[[changes]]
since = 2026-07-01
[changes.deadlines.survey]
limit = { working_days = 2 }
[changes.permits.commitment]
line_below = 300

[[changes]]
since = 2027-01-01
remove = [["deadlines", "correction"]]
auto_accept = true
"""


def test_a_case_is_judged_by_the_values_of_its_day(folder: Path) -> None:
    append(folder, "daye.toml", CHANGES)
    book = CityBook.load(folder)
    seen = {
        day: book.on("daye", day)
        for day in (date(2020, 1, 1), date(2026, 6, 30), date(2026, 7, 1), date(2027, 1, 1))
    }
    first, before, after, last = seen.values()
    assert first is before
    assert before.deadlines["survey"].limit == Limit(working_days=Decimal(3))
    assert after.deadlines["survey"].limit == Limit(working_days=Decimal(2))
    assert after.deadlines["survey"].starts == "受理"
    assert after.permits.commitment.line_below == 300
    assert "小于300米" in after.guide["commitment"][0].text
    assert "小于200米" in before.guide["commitment"][0].text
    assert "correction" in after.deadlines
    assert "correction" not in last.deadlines
    assert last.permits.commitment.line_below == 300
    assert (after.auto_accept, last.auto_accept) == (False, True)
    assert book.on("daye", date(2026, 12, 31)) is after


@pytest.mark.parametrize(
    ("text", "path", "reason"),
    [
        ("[[changes]]\ngaps_allowed = false\n", "changes[0].since", "needs the day"),
        ("[[changes]]\nsince = 2020-01-01\n", "changes[0].since", "in order"),
        ("[[changes]]\nsince = 2026-01-01\ncolour = 1\n", "changes[0]: colour", "unknown key"),
        (
            '[[changes]]\nsince = 2026-01-01\nremove = [["a", "b"]]\n',
            "changes[0].remove",
            "not there",
        ),
        ("[[changes]]\nsince = 2026-01-01\nremove = 5\n", "changes[0].remove", "list of paths"),
        ("changes = 5\n", "changes", "list of tables"),
        (
            '[[changes]]\nsince = 2026-01-01\nremove = [["deadlines", "plan"]]\n',
            "changes[0]: deadlines.plan",
            "missing",
        ),
    ],
)
def test_faults_of_changes(folder: Path, text: str, path: str, reason: str) -> None:
    path_of = folder / "daye.toml"
    before = path_of.read_text("utf-8")
    top = text.startswith("changes")
    path_of.write_text(text + before if top else f"{before}\n{text}", "utf-8")
    problems = check_cities(folder)
    assert any(p.path == path and reason in p.reason for p in problems), problems
