"""Whatever JSON comes in, a form answers with faults and storable values, never an exception."""

import json
import time
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from config import texts
from rules.forms import describe, form_of, next_question, parse_answer, show
from tests.rules.form_cast import DAYE, NOW, ZHOUKOU, Weekdays, check, whole

FORM = form_of(ZHOUKOU, "B")
KEYS = [*FORM.by_key, "nonsense", "", "water", "conflict:contact.phone"]
CODES = ["water", "gas", "network", "transfer", "temporary", "telecom", "chuanhui", "gcj02"]
words = st.one_of(st.text(), st.sampled_from(CODES), st.characters(codec=None).map(lambda c: c * 3))
numbers = st.one_of(st.integers(), st.integers(-(2**70), 2**70), st.floats())
leaves = st.one_of(st.none(), st.booleans(), numbers, words)
json_values = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(
            st.one_of(words, st.sampled_from(["lat", "lng", "system", "name", "count"])),
            inner,
            max_size=4,
        ),
    ),
    max_leaves=8,
)


def storable(value: Any) -> None:
    text = json.dumps(value, ensure_ascii=False, allow_nan=False)
    text.encode("utf-8")
    assert "\0" not in text
    assert "\\u0000" not in text


@settings(deadline=None)
@given(
    st.dictionaries(st.sampled_from(KEYS), json_values, max_size=8),
    st.sampled_from(["draft", "submit", "accept"]),
)
def test_any_json_is_answered(values: dict[str, Any], mode: Any) -> None:
    checked = check(values, ZHOUKOU, mode)
    storable(checked.kept)
    for fault in checked.faults:
        storable([fault.field, fault.label, dict(fault.data)])
        assert texts.fault(fault.code, fault.label, fault.data)
    for key, value in checked.values.items():
        assert isinstance(show(FORM.by_key[key], value), str)
    assert not set(checked.values) & set(checked.typed)
    next_question(FORM, checked.kept, ())


@settings(deadline=None)
@given(json_values)
def test_any_body_is_answered(body: Any) -> None:
    check(body, ZHOUKOU)


@settings(deadline=None)
@given(st.sampled_from(FORM.fields), st.one_of(words, st.text(max_size=20)))
def test_any_answer_is_answered(field: Any, text: str) -> None:
    answer = parse_answer(field, text, now=NOW, calendar=Weekdays())
    if not answer.skipped:
        storable(answer.value)
        assert (answer.value is None) == bool(answer.faults)


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from(KEYS), json_values, max_size=8))
def test_a_second_reading_changes_nothing(values: dict[str, Any]) -> None:
    first = check(values, ZHOUKOU, "draft")
    again = check(first.values, ZHOUKOU, "draft")
    assert again.ok
    assert again.values == first.values


def test_hostile_sizes_are_answered_quickly() -> None:
    hostile = dict.fromkeys(FORM.by_key, "字́" * 50000)
    started = time.process_time()
    checked = check(hostile, ZHOUKOU)
    assert time.process_time() - started < 1
    assert checked.faults
    assert len(json.dumps(checked.kept)) < 10_000


def test_hostile_keys_are_named_safely() -> None:
    checked = check(whole() | {"a\0\u202eb": 1, "k" * 100_000: 1, "\ud800": 1})
    assert [fault.code for fault in checked.faults] == ["unknown_field"] * 3
    for fault in checked.faults:
        storable([fault.field, dict(fault.data)])
        assert len(fault.field) <= 41


def test_description_is_json() -> None:
    for city in (DAYE, ZHOUKOU):
        storable(describe(form_of(city, "A")))
        storable(describe(form_of(city, "B")))
