"""What pydantic finds wrong, as faults with our stable codes: every field at once."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from config import texts
from rules.errors import Fault

MOST = 100
"""Faults told at once; more than anybody reads."""

CODES: Mapping[str, str] = {
    "missing": "required",
    "extra_forbidden": "unknown_field",
    "string_too_short": "required",
    "string_pattern_mismatch": "value_wrong",
    "string_unicode": "bad_character",
    "int_type": "not_integer",
    "int_parsing": "not_integer",
    "int_parsing_size": "too_big",
    "int_from_float": "not_integer",
    "float_type": "not_number",
    "float_parsing": "not_number",
    "finite_number": "not_number",
    "decimal_type": "not_number",
    "decimal_parsing": "not_number",
    "decimal_max_digits": "too_big",
    "decimal_whole_digits": "too_big",
    "decimal_max_places": "too_precise",
    "greater_than": "too_small",
    "greater_than_equal": "too_small",
    "less_than": "too_big",
    "less_than_equal": "too_big",
    "too_short": "too_few_rows",
    "too_long": "too_many_rows",
    "string_too_long": "too_long",
    "date_type": "not_date",
    "date_parsing": "not_date",
    "date_from_datetime_parsing": "not_date",
    "date_from_datetime_inexact": "not_date",
    "datetime_type": "not_datetime",
    "datetime_parsing": "not_datetime",
    "datetime_from_date_parsing": "not_datetime",
    "datetime_object_invalid": "not_datetime",
    "timezone_aware": "time_zone_needed",
    "uuid_type": "value_wrong",
    "uuid_parsing": "value_wrong",
    "uuid_version": "value_wrong",
    "enum": "not_option",
    "literal_error": "not_option",
    "union_tag_invalid": "not_option",
}
"""Whatever is not here is a matter of type."""

OWN_WORDS: Mapping[str, str] = {
    "text_characters": "bad_character",
    "text_empty": "required",
    "number_finite": "not_number",
}
"""What ``workflow.inputs`` raises, as faults; any other fault code stands for itself."""

_LIMITS: Mapping[str, tuple[str, str]] = {
    "max_length": ("max", "max_length"),
    "min_length": ("min", "min_length"),
    "le": ("max", "le"),
    "lt": ("max", "lt"),
    "ge": ("min", "ge"),
    "gt": ("min", "gt"),
    "decimal_places": ("decimals", "decimal_places"),
}


def faults_of(invalid: ValidationError) -> tuple[Fault, ...]:
    """Every fault of a body or query, in its order, one a field."""
    found: dict[str, Fault] = {}
    for error in invalid.errors(include_url=False)[:MOST]:
        fault = _fault(error)
        found.setdefault(fault.field, fault)
    return tuple(fault for fault in found.values() if not _follows(fault, found))


def _follows(fault: Fault, found: Mapping[str, Fault]) -> bool:
    """Whether a list is only too short because its rows are at fault."""
    return fault.code == "too_few_rows" and any(
        field.startswith(f"{fault.field}.") for field in found
    )


def _fault(error: ErrorDetails) -> Fault:
    path = ".".join(str(part) for part in error["loc"] if part != "[key]")
    context = error.get("ctx", {})
    data = {
        ours: _plain(context[theirs]) for theirs, (ours, _) in _LIMITS.items() if theirs in context
    }
    code = _code(error, context)
    if code == "not_option":
        data["value"] = _shown(error.get("input"))
    return Fault(path, code, data=data)


def _code(error: ErrorDetails, context: Mapping[str, Any]) -> str:
    kind = error["type"]
    if kind == "value_error":
        word = str(context.get("error", ""))
        return OWN_WORDS.get(word) or (
            word if word in texts.table("errors")["faults"] else "value_wrong"
        )
    if kind in ("too_long", "too_short") and isinstance(error.get("input"), str):
        return {"too_long": "too_long", "too_short": "required"}[kind]
    return CODES.get(kind, "wrong_type")


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, Decimal) else value


def _shown(value: Any) -> str:
    """A short, harmless echo of what was not an option."""
    text = str(value) if isinstance(value, str | int) else ""
    return "".join(c for c in text if c.isprintable())[:40]
