"""Bytes from outside as values: strict JSON, every fault at once, nothing silently dropped."""

import json
import re
from dataclasses import replace
from typing import Any, TypeVar
from urllib.parse import parse_qsl
from uuid import UUID

from pydantic import BaseModel, ValidationError

from doors.invalid import faults_of
from rules.errors import Code, DomainError, Fault
from workflow.inputs import Nothing

MAX_BODY = 1024 * 1024
"""Bytes of a JSON body; Sanic refuses more before it is read."""
MAX_DEPTH = 24
MAX_NUMBER = 40
"""Characters of one number as written."""
BIGGEST = 2**63 - 1
_JSON = re.compile(r"application/json(?:\s*;\s*charset=\"?utf-?8\"?)?\s*", re.IGNORECASE)
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_INTEGER = re.compile(r"0|[1-9][0-9]{0,17}")
_SURROGATE = re.compile("[\ud800-\udfff]")

M = TypeVar("M", bound=BaseModel)


class _Malformed(ValueError):
    """Not JSON as we take it."""


def body(model: type[M], content_type: str | None, raw: bytes) -> M:
    """The body as ``model``.

    Raises ``UNSUPPORTED_MEDIA``, ``TOO_LARGE``, ``MALFORMED`` (not one JSON object, in UTF-8,
    without doubled names or ``NaN``) or ``INVALID`` with every fault.
    """
    if content_type is not None and not _JSON.fullmatch(content_type):
        raise DomainError(Code.UNSUPPORTED_MEDIA)
    if len(raw) > MAX_BODY:
        raise DomainError(Code.TOO_LARGE, limit=MAX_BODY)
    if not raw and issubclass(model, Nothing):
        raw = b"{}"
    faults = scan(tree(raw))
    if faults:
        raise DomainError(Code.INVALID, faults=faults)
    try:
        return model.model_validate_json(raw, strict=True)
    except ValidationError as invalid:
        raise DomainError(Code.INVALID, faults=faults_of(invalid)) from None


def tree(raw: bytes) -> dict[str, Any]:
    """One strict JSON object. Raises ``MALFORMED``."""
    try:
        found = json.loads(
            raw.decode("utf-8"),
            object_pairs_hook=_pairs,
            parse_constant=_constant,
            parse_int=_integer,
            parse_float=_number,
        )
    except (ValueError, RecursionError):  # ValueError: JSON, Unicode and our own refusals
        raise DomainError(Code.MALFORMED) from None
    if not isinstance(found, dict):
        raise DomainError(Code.MALFORMED)
    return found


def scan(found: dict[str, Any]) -> tuple[Fault, ...]:
    """Faults no model would name: NUL, lone surrogates, numbers beyond 64 bits.

    Raises ``MALFORMED`` below ``MAX_DEPTH`` levels.
    """
    faults: list[Fault] = []
    waiting: list[tuple[str, Any, int]] = [("", found, 1)]
    while waiting:
        path, value, depth = waiting.pop()
        if depth > MAX_DEPTH:
            raise DomainError(Code.MALFORMED)
        if isinstance(value, dict):
            for name, inner in value.items():
                if _unsafe(name):
                    faults.append(Fault(path or "body", "bad_character"))
                else:
                    waiting.append((f"{path}.{name}" if path else name, inner, depth + 1))
        elif isinstance(value, list):
            waiting += [(f"{path}.{i}", inner, depth + 1) for i, inner in enumerate(value)]
        elif isinstance(value, str):
            if _unsafe(value):
                faults.append(Fault(path, "bad_character"))
        elif isinstance(value, int) and abs(value) > BIGGEST:
            faults.append(Fault(path, "too_big", data={"max": BIGGEST}))
    one_each = {fault.field: fault for fault in faults}  # a name and its value may both be bad
    return tuple(reversed(one_each.values()))[:100]


def query(model: type[M] | None, query_string: str) -> M | None:
    """The query parameters as ``model``; an unknown or repeated one is a fault."""
    try:
        pairs = parse_qsl(
            query_string,
            keep_blank_values=True,
            strict_parsing=bool(query_string),
            errors="strict",
            max_num_fields=50,
        )
    except ValueError:
        raise DomainError(Code.MALFORMED) from None
    names = [name for name, _ in pairs]
    faults = [Fault(name, "given_twice") for name in dict.fromkeys(names) if names.count(name) > 1]
    faults += [Fault(name, "bad_character") for name, value in pairs if _unsafe(name + value)]
    if model is None:
        faults += [Fault(name, "unknown_parameter") for name in dict.fromkeys(names)]
    if faults:
        raise DomainError(Code.INVALID, faults=tuple(faults))
    if model is None:
        return None
    try:
        return model.model_validate_strings(dict(pairs))
    except ValidationError as invalid:
        renamed = tuple(
            replace(fault, code="unknown_parameter") if fault.code == "unknown_field" else fault
            for fault in faults_of(invalid)
        )
        raise DomainError(Code.INVALID, faults=renamed) from None


def place(kind: type, value: str) -> Any:
    """One place of a path; what cannot be one does not exist: ``NOT_FOUND``."""
    if kind is UUID and _UUID.fullmatch(value):
        return UUID(value)
    if kind is int and _INTEGER.fullmatch(value):
        return int(value)
    if kind is str and len(value) <= 200 and value.isascii() and value.isprintable():
        return value
    raise DomainError(Code.NOT_FOUND)


def _unsafe(text: str) -> bool:
    return "\x00" in text or _SURROGATE.search(text) is not None


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _Malformed
    return found


def _constant(_: str) -> Any:
    raise _Malformed


def _integer(text: str) -> int:
    if len(text) > MAX_NUMBER:
        raise _Malformed
    return int(text)


def _number(text: str) -> float:
    value = float(text)
    if len(text) > MAX_NUMBER or value in (float("inf"), float("-inf")):
        raise _Malformed
    return value
