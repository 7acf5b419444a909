"""Form values at rest: plain ones as JSON, personal ones sealed (domain §12)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import orjson

from config.cities import City, Kind
from rules.forms import Form, form_of, personal_keys
from workflow.ports import Seal

APPLICATION_PURPOSE = "application.personal"
REGISTRATION_PURPOSE = "registration.personal"
ENTERPRISE_PURPOSE = "enterprise.personal"
PERSON_NAME_PURPOSE = "person.name"
PERSON_PHONE_PURPOSE = "person.phone"
PHONE_LOOKUP = "phone"
"""Purposes bind a sealed value to its column, a look-up hash to its kind."""


class Holder(Protocol):
    """A row with form values."""

    fields_: dict[str, Any]
    personal_sealed: bytes | None


@dataclass(frozen=True, slots=True)
class AtRest:
    """Columns to write: plain values, and the sealed rest (``None`` when there is none)."""

    plain: dict[str, Any]
    sealed: bytes | None


def unseal(seal: Seal, sealed: bytes | None, purpose: str) -> dict[str, Any]:
    """The personal part of a row."""
    if not sealed:
        return {}
    opened: dict[str, Any] = orjson.loads(seal.open(bytes(sealed), purpose))
    return opened


def load(seal: Seal, row: Holder, purpose: str) -> dict[str, Any]:
    """All values of a row, personal ones opened."""
    return {**row.fields_, **unseal(seal, row.personal_sealed, purpose)}


def at_rest(seal: Seal, form: Form, values: Mapping[str, Any], purpose: str) -> AtRest:
    """Split values by the form's ``personal`` fields and seal those."""
    personal = personal_keys(form)
    hidden = {key: value for key, value in values.items() if _root(key) in personal}
    plain = {key: value for key, value in values.items() if key not in hidden}
    return AtRest(plain, seal.seal(orjson.dumps(hidden), purpose) if hidden else None)


def _root(key: str) -> str:
    """The field of a conflict's key (``conflict:contact.phone``) or of a plain one."""
    return key.removeprefix(CONFLICT)


CONFLICT = "conflict:"
"""Prefix under which a value that met another writer's waits among the values at rest."""


def form_b(city: City) -> Form:
    """Form B of a city with every kind."""
    return form_of(city, "B")


def kind_of(city: City, values: Mapping[str, Any], utility: str) -> Kind:
    """业务类型 ticked for a utility, or its first."""
    kinds = city.utilities[utility].kinds
    return kinds.get(values.get(f"{utility}.kind", "")) or city.utilities[utility].default_kind


def carriers_of(city: City, values: Mapping[str, Any], utility: str) -> tuple[str, ...]:
    """Carriers chosen for a utility that is split per carrier; empty where it is not."""
    if not city.utilities[utility].carriers:
        return ()
    return tuple(values.get(f"{utility}.carriers") or ())


def phone_lookup(seal: Seal, phone: str | None) -> str | None:
    """The keyed hash by which a phone number is found, hex."""
    return seal.lookup(phone, PHONE_LOOKUP).hex() if phone else None
