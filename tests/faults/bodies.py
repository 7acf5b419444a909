"""A smallest body each model takes, from its JSON schema."""

import json
from collections.abc import Callable
from typing import Any

from pydantic import BaseModel

_BY_FORMAT: dict[str, str] = {
    "uuid": "01a1f869-9c9e-73c4-a008-585697689f82",
    "date": "2026-03-18",
    "date-time": "2026-03-18T09:00:00+08:00",
}
_TEXTS = (
    "样例",
    "a",
    "sample",
    "123456",
    "13800001234",
    "2026-03-18",
    "2026-03-18T09:00:00+08:00",
    "a" * 20,
)
"""Tried in turn for a text with rules of its own."""


def example(model: type[BaseModel]) -> Any:
    """A valid body. AssertionError for a model nobody taught this to fill."""
    schema = model.model_json_schema()
    body = _value(schema, schema.get("$defs", {}), _TEXTS[0])
    for text in _TEXTS:
        body = _value(schema, schema.get("$defs", {}), text)
        if _taken(model, body):
            return body
    raise AssertionError(f"no example for {model.__name__}: {schema}")


def _taken(model: type[BaseModel], body: Any) -> bool:
    try:
        model.model_validate_json(json.dumps(body), strict=True)
    except ValueError:
        return False
    return True


def _value(schema: dict[str, Any], defs: dict[str, Any], text: str) -> Any:
    if "$ref" in schema:
        return _value(defs[schema["$ref"].rsplit("/", 1)[1]], defs, text)
    for several in ("anyOf", "oneOf", "allOf"):
        if several in schema:
            return _value(schema[several][0], defs, text)
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return schema["enum"][0]
    return _MAKERS.get(schema.get("type", "object"), _nothing)(schema, defs, text)


def _nothing(_: dict[str, Any], __: dict[str, Any], ___: str) -> Any:
    return None


def _object(schema: dict[str, Any], defs: dict[str, Any], text: str) -> Any:
    inner = schema.get("properties", {})
    body = {name: _value(inner[name], defs, text) for name in schema.get("required", ())}
    more = schema.get("additionalProperties")
    if isinstance(more, dict) and schema.get("minProperties"):
        body["site.address"] = _value(more, defs, text)
    for pattern in schema.get("patternProperties", {}).values():
        body["a" * 20] = _value(pattern, defs, text)
    return body


def _array(schema: dict[str, Any], defs: dict[str, Any], text: str) -> Any:
    return [_value(schema["items"], defs, text) for _ in range(schema.get("minItems", 0))]


def _string(schema: dict[str, Any], _: dict[str, Any], text: str) -> Any:
    return _BY_FORMAT.get(schema.get("format", ""), text)


def _number(schema: dict[str, Any], _: dict[str, Any], __: str) -> Any:
    return max(1, schema.get("minimum", 1))


_MAKERS: dict[str, Callable[[dict[str, Any], dict[str, Any], str], Any]] = {
    "object": _object,
    "array": _array,
    "string": _string,
    "integer": _number,
    "number": _number,
    "boolean": lambda *_: True,
}
