"""Every refusal has a status and words; every field people fill in has a Chinese name."""

import ast
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from config import texts
from doors import invalid, problems
from doors.openapi import document
from doors.schemas import references
from rules.errors import Code, DomainError, Fault
from tests.doors.application import bare_app, installed

ROOT = Path(__file__).resolve().parent.parent.parent
ROOMS = ("rules", "storage", "workflow", "doors", "miniprogram_api", "web", "bot", "server")


def told_faults() -> Iterator[tuple[str, str]]:
    """Every fault code written in the source, and where."""
    for room in ROOMS:
        for path in (ROOT / room).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if (
                    isinstance(node, ast.Call)
                    and isinstance(node.func, ast.Name)
                    and node.func.id == "Fault"
                    and len(node.args) > 1
                    and isinstance(node.args[1], ast.Constant)
                ):
                    yield str(node.args[1].value), f"{path.relative_to(ROOT)}:{node.lineno}"


def test_every_code_has_a_status_and_words() -> None:
    assert set(problems.STATUS) == set(Code)
    for code in Code:
        title, detail = texts.error(code.value)
        assert title
        assert detail
        assert 400 <= problems.status_of(code) < 600


def test_every_fault_has_words() -> None:
    worded = set(texts.table("errors")["faults"])
    unworded = {f"{where} {code}" for code, where in told_faults() if code not in worded}
    assert not unworded
    assert set(invalid.CODES.values()) | set(invalid.OWN_WORDS.values()) <= worded


def test_every_field_of_every_body_has_a_chinese_name() -> None:
    app = bare_app()
    nameless = set()
    schemas = document(installed(app), server="http://127.0.0.1")["components"]["schemas"]
    bodies = {route.body.__name__ for route in installed(app) if route.body is not None}
    waiting, seen = list(bodies), set()
    while waiting:
        name = waiting.pop()
        if name in seen or name not in schemas:
            continue
        seen.add(name)
        waiting += references(schemas[name])
        for field, part in schemas[name].get("properties", {}).items():
            if "title" not in part and not texts.label(field):
                nameless.add(f"{name}.{field}")
    assert not nameless


def test_every_parameter_of_every_query_has_a_chinese_name() -> None:
    queries = [route.query for route in installed(bare_app()) if route.query is not None]
    assert len(queries) > 5
    names = {name for query in queries for name in query.model_fields}
    assert {name for name in names if not texts.label(name)} == set()


@pytest.mark.parametrize("key", ["project.name", "segments.0.name", "name"])
def test_what_nobody_asked_for_is_given_no_name(key: str) -> None:
    told = problems.field_of(Fault(key, "unknown_field"))
    assert (told["label"], told["message"]) == ("", f"没有“{key}”这个填写项")


@pytest.mark.parametrize("code", Code)
def test_a_problem_says_what_it_must_and_nothing_else(code: Code) -> None:
    body = json.loads(problems.body_of(DomainError(code, allowed=("submit",)), "r-1"))
    assert set(body) == {
        "type",
        "title",
        "status",
        "detail",
        "code",
        "request_id",
        "allowed",
    }
    assert body["code"] == code.value


def test_data_never_overwrites_the_problem_itself() -> None:
    error = DomainError(
        Code.INVALID, faults=(Fault("a.0.reason", "required"),), status=200, type="x"
    )
    body = json.loads(problems.body_of(error, "r-1"))
    assert body["status"] == 422
    assert body["type"].startswith(problems.TYPE_PREFIX)
    assert body["fields"] == [
        {"field": "a.0.reason", "label": "原因", "code": "required", "message": "请填写原因"}
    ]


def test_waiting_is_told_where_it_helps() -> None:
    assert problems.headers_of(DomainError(Code.TOO_MANY, retry_after=7)) == {"retry-after": "7"}
    assert problems.headers_of(DomainError(Code.UNAVAILABLE))["retry-after"] == "2"
    assert "www-authenticate" in problems.headers_of(DomainError(Code.UNAUTHENTICATED))
    assert problems.headers_of(DomainError(Code.NOT_FOUND)) == {}


def test_a_long_name_is_told_back_in_part() -> None:
    told = problems.field_of(Fault("x" * 100_000, "unknown_field"))
    assert len(told["field"]) == problems.MAX_ECHO
    assert len(told["message"]) < 2 * problems.MAX_ECHO
