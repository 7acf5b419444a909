"""Wording shown to people, by stable code. Every ``*.toml`` beside this file is one table.

``errors.toml`` holds problems (``title``, ``detail``) and faults of fields (``fault``);
``reasons.toml`` the words of the permit route. Placeholders are ``{name}``; a name without data
stays empty, so wording never raises.
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any

FOLDER = Path(__file__).parent
_OF_FORMS = frozenset({"fields", "values"})
_BESIDE = frozenset({"base", "value"})
"""What a draft sends beside each key of the form."""


@cache
def table(name: str) -> Mapping[str, Any]:
    """The whole of ``<name>.toml``. FileNotFoundError when there is none."""
    return tomllib.loads((FOLDER / f"{name}.toml").read_text("utf-8"))


@cache
def _parts(template: str) -> tuple[tuple[str, str | None], ...]:
    """Literal text and the name after it; only plain ``{name}`` places, taken apart once."""
    return tuple((text, name) for text, name, _, _ in Formatter().parse(template))


def render(template: str, data: Mapping[str, Any]) -> str:
    """A template with its ``{names}`` filled from ``data``; what is missing is empty."""
    said = []
    for text, name in _parts(template):
        said.append(text)
        if name is not None:
            said.append(_said(data.get(name, "")))
    return "".join(said)


def _said(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, list | tuple | set | frozenset):
        return "、".join(map(str, value))
    return str(value)


def error(code: str, data: Mapping[str, Any] | None = None) -> tuple[str, str]:
    """Title and detail of a problem; a guard that failed has a detail of its own.

    KeyError for a code without wording (a test forbids it).
    """
    words = table("errors")["errors"][code]
    guard = (data or {}).get("guard")
    detail = table("errors")["guards"].get(guard) or words["detail"]
    return words["title"], render(detail, data or {})


def label(key: str) -> str:
    """The Chinese name of an input that is no form field, by its key; empty when it has none.

    ``segments.0.crossing_m`` → 穿越道路长度, ``codes.1`` → 条件或原因. Below ``fields`` and
    ``values`` lie keys of forms, whose parts are no inputs: ``values.project.name`` → 表单内容.
    """
    names: Mapping[str, str] = table("errors")["labels"]
    parts = key.split(".")
    if parts[0] in _OF_FORMS and parts[-1] not in _BESIDE:
        return names[parts[0]]
    for part in reversed(parts):
        if part in names:
            return names[part]
    return ""


def fault(code: str, label: str = "", data: Mapping[str, Any] | None = None) -> str:
    """One sentence for one fault of one field; names the field in Chinese."""
    template: str = table("errors")["faults"][code]
    return render(template, {**(data or {}), "label": label or "该项"})


def reason(code: str, data: Mapping[str, Any] | None = None) -> str:
    """Words of one reason of a permit route, with its numbers."""
    template: str = table("reasons")["reasons"][code]
    return render(template, data or {})
