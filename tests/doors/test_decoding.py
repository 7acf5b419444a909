"""Bytes become values or a refusal, never anything else."""

import json
from typing import Annotated, Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import Field

from doors import decoding
from rules.errors import Code, DomainError
from workflow.inputs import Day, Input, Line, Metres, Moment, Nothing, Remark

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


class Everything(Input):
    """One of each kind of field."""

    line: Line
    remark: Remark = ""
    metres: Metres = Field(default=0, validate_default=True)
    at: Moment | None = None
    day: Day | None = None
    rows: Annotated[tuple[Line, ...], Field(max_length=3)] = ()
    by_name: dict[str, int] = Field(default_factory=dict)


class Query(Input):
    """Parameters."""

    size: Annotated[int, Field(ge=1, le=100)] = 50
    id: UUID | None = None
    day: Day | None = None


def refused(act: Any) -> DomainError | None:
    """The refusal of ``act``; ``None`` when it went well. Anything else fails the test."""
    try:
        act()
    except DomainError as refusal:
        return refusal
    return None


@given(st.binary(max_size=200))
def test_any_bytes_are_a_value_or_a_refusal(raw: bytes) -> None:
    refusal = refused(lambda: decoding.body(Everything, None, raw))
    assert refusal is None or refusal.code in (Code.MALFORMED, Code.INVALID)


@settings(max_examples=200)
@given(
    st.fixed_dictionaries(
        {},
        optional=dict.fromkeys(Everything.model_fields, JSON) | {"other": JSON},
    )
)
def test_any_json_is_a_value_or_faults_with_words(value: dict[str, Any]) -> None:
    raw = json.dumps(value).encode()  # also NaN, Infinity and lone surrogates
    refusal = refused(lambda: decoding.body(Everything, "application/json", raw))
    if refusal is not None and refusal.code is Code.INVALID:
        assert refusal.faults
        assert len({fault.field for fault in refusal.faults}) == len(refusal.faults)


@given(st.text(max_size=80))
def test_any_query_is_a_value_or_a_refusal(text: str) -> None:
    for model in (Query, None):
        refusal = refused(lambda model=model: decoding.query(model, text))
        assert refusal is None or refusal.code in (Code.MALFORMED, Code.INVALID)


@given(st.text(max_size=60))
def test_a_place_is_what_it_says_or_nothing(text: str) -> None:
    for kind in (UUID, int, str):
        refusal = refused(lambda kind=kind: decoding.place(kind, text))
        assert refusal is None or refusal.code is Code.NOT_FOUND
    if not refused(lambda: decoding.place(str, text)):
        assert text.isascii()


def test_ids_are_read_in_one_spelling_only() -> None:
    value = uuid4()
    assert decoding.place(UUID, str(value)) == value
    for spelling in (value.hex, f"{{{value}}}", value.urn, f" {value}", f"{value}\n"):
        assert refused(lambda spelling=spelling: decoding.place(UUID, spelling))
    for number in ("-1", "01", "1.0", "１", "1" * 19, "1_0"):
        assert refused(lambda number=number: decoding.place(int, number))


def test_depth_is_bounded_exactly() -> None:
    deep: Any = 1
    for _ in range(decoding.MAX_DEPTH - 2):
        deep = [deep]
    assert decoding.scan({"a": deep}) == ()
    with pytest.raises(DomainError, match="malformed"):
        decoding.scan({"a": [deep]})


def test_only_an_act_without_words_may_come_empty() -> None:
    assert decoding.body(Nothing, None, b"") == Nothing()
    with pytest.raises(DomainError, match="malformed"):
        decoding.body(Everything, None, b"")


def test_the_whole_list_is_not_at_fault_for_its_rows() -> None:
    class Rows(Input):
        rows: Annotated[tuple[Line, ...], Field(min_length=1)]

    refusal = refused(lambda: decoding.body(Rows, None, b'{"rows": [1]}'))
    assert refusal is not None
    assert [(fault.field, fault.code) for fault in refusal.faults] == [("rows.0", "wrong_type")]
    refusal = refused(lambda: decoding.body(Rows, None, b'{"rows": []}'))
    assert refusal is not None
    assert [(fault.field, fault.code) for fault in refusal.faults] == [("rows", "too_few_rows")]
