"""Between states of a form: what changed, carries over, is personal, is missing."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from config.cities import City, Document
from rules.errors import Fault
from rules.forms.types import Form, Values

PROFILE_GROUPS = ("enterprise.", "contact.", "agent.", "premises.")
"""Fields of the enterprise profile: asked once, offered again in every later form."""


@dataclass(frozen=True, slots=True)
class Change:
    """One field that differs; None stands for absent."""

    key: str
    label: str
    old: Any
    new: Any


def diff(form: Form, old: Values, new: Values) -> tuple[Change, ...]:
    """Fields whose canonical values differ, in form order."""
    return tuple(
        Change(field.key, field.label, old.get(field.key), new.get(field.key))
        for field in form.fields
        if old.get(field.key) != new.get(field.key)
    )


def prefill(form: Form, *known: Values) -> dict[str, Any]:
    """Values already known (profile, registration …) that this form has too; later ones win."""
    merged: dict[str, Any] = {}
    for values in known:
        merged.update({k: v for k, v in values.items() if k in form.by_key and v is not None})
    return merged


def profile_of(values: Values) -> dict[str, Any]:
    """The part of a form's values that belongs to the enterprise profile."""
    return {key: value for key, value in values.items() if key.startswith(PROFILE_GROUPS)}


def personal_keys(form: Form) -> frozenset[str]:
    """Keys of personal data: encrypted at rest, masked, kept out of logs."""
    return frozenset(
        field.key
        for field in form.fields
        if field.personal or any(column.personal for column in field.columns)
    )


def documents_for(city: City, values: Values) -> tuple[Document, ...]:
    """Documents this application is asked for, by its utilities, kinds and answers."""
    ticked = values.get("utilities")
    utilities = [c for c in city.utilities if isinstance(ticked, list) and c in ticked]
    kinds = {
        str(values.get(f"{code}.kind") or city.utilities[code].default_kind.code)
        for code in utilities
    }
    return tuple(
        document
        for document in city.documents
        if (not document.utilities or not set(document.utilities).isdisjoint(utilities))
        and (not document.kinds or not kinds.isdisjoint(document.kinds))
        and (document.when_field is None or values.get(document.when_field) not in (None, False))
    )


def document_faults(city: City, values: Values, present: Collection[str]) -> tuple[Fault, ...]:
    """One fault for each required document that is missing (key ``documents.<code>``)."""
    return tuple(
        Fault(f"documents.{document.code}", "document_missing", document.label)
        for document in documents_for(city, values)
        if document.required and document.code not in present
    )
