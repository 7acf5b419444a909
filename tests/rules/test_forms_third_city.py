"""A city file with a new utility changes form, validation, description, print and questions."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from config.cities import City, CityBook
from rules.forms import describe, form_of, next_question, parse_answer, personal_keys, validate
from tests.config.third_city import folder_with_third

NOW = datetime(2026, 11, 20, 2, tzinfo=UTC)


@pytest.fixture
def city(tmp_path: Path) -> City:
    return CityBook.load(folder_with_third(tmp_path)).on("moumou", date(2026, 11, 20))


def test_the_form_has_its_section(city: City) -> None:
    form = form_of(city, "B")
    section = next(each for each in form.sections if each.utility == "steam")
    assert [field.key for field in section.fields] == [
        "steam.kind",
        "steam.account_no",
        "steam.old_holder",
        "steam.new_holder",
        "steam.consent",
        "steam.arrears_settled",
        "steam.handover_reading",
        "steam.flow",
        "steam.pressure",
        "steam.temporary_until",
    ]
    assert form.by_key["steam.account_no"].label == "用汽户号"
    assert {"steam.old_holder", "steam.new_holder"} <= personal_keys(form)
    printed = ["".join(cell.text for cell in row) for row in form.rows]
    assert "用汽报装资料(选填)" in printed


def test_it_is_validated(city: City) -> None:
    form = form_of(city, "B")
    values = {"utilities": ["steam"], "steam.flow": "0.05", "steam.pressure": "high"}
    faults = validate(form, values, now=NOW, calendar=None, mode="draft").faults
    assert {(f.field, f.code, f.label) for f in faults} == {
        ("steam.flow", "too_small", "用汽量"),
        ("steam.pressure", "not_option", "用汽压力"),
    }
    transfer = {"utilities": ["steam"], "steam.kind": "transfer", "steam.flow": 3}
    checked = validate(form, transfer, now=NOW, calendar=None, mode="submit")
    asked = {fault.field for fault in checked.faults}
    assert {"steam.account_no", "steam.consent"} <= asked
    assert "survey.time" not in asked
    assert "steam.flow" not in checked.values


def test_clients_and_assistant_learn_of_it(city: City) -> None:
    form = form_of(city, "B")
    section = next(s for s in describe(form)["sections"] if s.get("utility") == "steam")
    flow = next(f for f in section["fields"] if f["key"] == "steam.flow")
    assert (flow["unit"], flow["min"], flow["max"], flow["decimals"]) == (
        "吨/小时",
        "0.1",
        "500",
        1,
    )
    ticked = parse_answer(form.by_key["utilities"], "要用汽", now=NOW)
    assert ticked.value == ["steam"]
    known = {"utilities": ["steam"], "steam.kind": "new"}
    others = {f.key for f in form.fields if not f.key.startswith("steam.")}
    question = next_question(form, known, others)
    assert question is not None
    assert question.key == "steam.flow"
    assert parse_answer(question, "三点五吨", now=NOW).value == "3.5"


def test_daye_is_untouched_by_it(tmp_path: Path) -> None:
    daye = CityBook.load(folder_with_third(tmp_path)).on("daye", date(2026, 11, 20))
    assert "steam.flow" not in form_of(daye, "B").by_key
