"""City tables before they are typed: merging, removing, naming, and where a fault sits."""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any

from pydantic import ValidationError

Table = dict[str, Any]
REASONS = {"extra_forbidden": "unknown key 未知的键", "missing": "missing 缺少"}


def merge(base: Table, over: Mapping[str, Any]) -> Table:
    """``over`` laid on ``base``: tables merged, all else replaced. Neither changes."""
    merged = dict(base)
    for key, value in over.items():
        under = merged.get(key)
        if isinstance(under, dict) and isinstance(value, dict):
            merged[key] = merge(under, value)
        else:
            merged[key] = deepcopy(value)
    return merged


def remove(table: Table, path: list[str]) -> Table:
    """``table`` without the key at ``path``. LookupError when there is none."""
    head, *rest = path
    if head not in table:
        raise LookupError(".".join(path))
    if not rest:
        return {key: value for key, value in table.items() if key != head}
    if not isinstance(table[head], dict):
        raise LookupError(".".join(path))
    return {**table, head: remove(table[head], rest)}


def name_tables(table: Table) -> Table:
    """The file's key of each utility, kind, department and permit becomes its ``code``."""

    def named(tables: Any) -> Any:
        if not isinstance(tables, dict):
            return tables
        return {k: {"code": k, **v} if isinstance(v, dict) else v for k, v in tables.items()}

    shaped = dict(table)
    for key in ("utilities", "departments"):
        shaped[key] = named(shaped.get(key, {}))
    if isinstance(shaped["utilities"], dict):
        for code, utility in shaped["utilities"].items():
            if isinstance(utility, dict):
                kinds = named(utility.get("kinds", {}))
                shaped["utilities"][code] = {**utility, "kinds": kinds}
    permits = shaped.get("permits")
    if isinstance(permits, dict):
        shaped["permits"] = {**permits, "kinds": named(permits.get("kinds", {}))}
    return shaped


def _path(location: tuple[int | str, ...]) -> str:
    """A pydantic location in the file's own spelling: ``utilities.water.carriers[0].label``."""
    shown = ""
    for part in location:
        if isinstance(part, int):
            shown += f"[{part}]"
        elif part != "[key]":
            shown += f".{part}" if shown else part
    return shown or "(file)"


def faults(error: ValidationError) -> Iterator[tuple[str, str]]:
    for fault in error.errors(include_url=False, include_context=False, include_input=False):
        reason = REASONS.get(fault["type"], fault["msg"].removeprefix("Value error, "))
        yield _path(fault["loc"]), reason
