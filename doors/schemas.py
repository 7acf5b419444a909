"""JSON Schema 2020-12 of every type a route names, in one pool with Chinese titles."""

from collections.abc import Iterable
from typing import Any, Literal

from pydantic import BaseModel, TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from config import texts
from workflow.inputs import Input

REF = "#/components/schemas/"
Mode = Literal["validation", "serialization"]


class _Generator(GenerateJsonSchema):
    """Without titles made from names, and without the notes we write for ourselves."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        """Never: titles are Chinese labels, set below."""
        return False

    def model_schema(self, schema: core_schema.ModelSchema) -> JsonSchemaValue:
        """Properties named as people know them."""
        found = super().model_schema(schema)
        found.pop("title", None)
        if issubclass(schema["cls"], Input):
            found.pop("description", None)
        for name, part in found.get("properties", {}).items():
            label = texts.label(name)
            if label and "title" not in part:
                part["title"] = label
        return found

    def enum_schema(self, schema: core_schema.EnumSchema) -> JsonSchemaValue:
        """Values only."""
        found = super().enum_schema(schema)
        found.pop("title", None)
        found.pop("description", None)
        return found


class Pool:
    """Schemas by type and mode, gathered once for the whole document."""

    def __init__(self, types: Iterable[tuple[Any, Mode]]) -> None:
        wanted = list(dict.fromkeys(types))
        self._found, document = TypeAdapter.json_schemas(
            [(kind, mode, TypeAdapter(kind)) for kind, mode in wanted],
            ref_template=REF + "{model}",
            schema_generator=_Generator,
        )
        self._pool: dict[str, Any] = document.get("$defs", {})

    def of(self, kind: Any, mode: Mode) -> dict[str, Any]:
        """The schema of a type, mostly a reference into the pool."""
        return dict(self._found[(kind, mode)])

    def properties(self, model: type[BaseModel]) -> dict[str, dict[str, Any]]:
        """The members of a model of query parameters."""
        schema = self.of(model, "validation")
        if "$ref" in schema:
            schema = self._pool[schema["$ref"].removeprefix(REF)]
        found: dict[str, dict[str, Any]] = schema.get("properties", {})
        return found

    def used(self, document: Any) -> dict[str, Any]:
        """The part of the pool that ``document`` refers to, by name."""
        names: set[str] = set()
        waiting = list(references(document))
        while waiting:
            name = waiting.pop()
            if name not in names:
                names.add(name)
                waiting += references(self._pool[name])
        return {name: self._pool[name] for name in sorted(names)}


def references(part: Any) -> Iterable[str]:
    """Names of the pool that a piece of the document refers to."""
    if isinstance(part, dict):
        target = part.get("$ref")
        if isinstance(target, str) and target.startswith(REF):
            yield target.removeprefix(REF)
        for inner in part.values():
            yield from references(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from references(inner)
