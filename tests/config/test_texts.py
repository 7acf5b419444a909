"""Wording: every code has one, placeholders are filled, and wording itself never fails."""

import re
from pathlib import Path

import pytest

from config import texts
from rules.errors import Code

ROOT = Path(__file__).parents[2]
RAISED = re.compile(r'(?:Wrong\(|Fault\([^()]*?,\s*)"([a-z_]+)"')


@pytest.mark.parametrize("code", list(Code))
def test_every_error_has_title_and_detail(code: Code) -> None:
    title, detail = texts.error(code)
    assert title
    assert detail.endswith("。")


def test_every_fault_of_forms_has_words() -> None:
    found = {
        code
        for path in (ROOT / "rules" / "forms").glob("*.py")
        for code in RAISED.findall(path.read_text("utf-8"))
    }
    assert {"required", "credit_code_check", "too_many_rows", "unknown_field"} <= found
    for code in found:
        assert texts.fault(code, "联系电话")


def test_placeholders() -> None:
    data = {"min": "0.01", "unit": "吨/日"}
    assert texts.fault("too_small", "供水需求", data) == "供水需求不能小于0.01吨/日"
    assert texts.fault("required") == "请填写该项"
    assert texts.render("{a}和{b.c}{d[0]}", {"a": "{b}"}) == "{b}和"
    assert texts.render("{a}", {"a": ["甲", "乙"]}) == "甲、乙"


def test_names_of_inputs() -> None:
    assert texts.label("segments.0.crossing_m") == "穿越道路长度"
    assert texts.label("codes.1") == "条件或原因"
    assert texts.label("nothing.known") == ""
    assert texts.label("values.project.name") == "表单内容"
    assert texts.label("fields.project.name.base") == "读到的版本"
    assert texts.fault("required", texts.label("faults.0.field")) == "请填写栏目"


def test_a_code_without_words_is_an_error_of_ours() -> None:
    with pytest.raises(KeyError):
        texts.fault("no_such_code")
