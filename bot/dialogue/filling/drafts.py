"""The form as it stands: a draft of form B as it was told, or form A as kept in the state."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from bot.dialogue.state import Sheet
from bot.dialogue.talk import Talk
from config.cities import City
from rules.errors import Fault
from rules.forms import Form, FormField, form_of
from rules.states import Stage

RETURNED = Stage.RETURNED.value
EDITABLE = frozenset({Stage.DRAFT.value, RETURNED})


@dataclass(frozen=True, slots=True)
class Draft:
    """Values by field key, canonical as far as they are right; see ``bot.dialogue.acts``."""

    values: Mapping[str, Any]
    case: UUID | None = None
    city: str = ""
    stage: str = "draft"
    version: int = 0
    conflicts: Mapping[str, Any] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()
    to_correct: tuple[Mapping[str, Any], ...] = ()

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> "Draft":
        """As an act tells it. KeyError, ValueError for anything else."""
        ident = told.get("id")
        return cls(
            values=dict(told.get("values") or {}),
            case=UUID(str(ident)) if ident else None,
            city=str(told.get("city") or ""),
            stage=str(told.get("stage") or "draft"),
            version=int(told.get("version") or 0),
            conflicts=dict(told.get("conflicts") or {}),
            faults=tuple(told.get("faults") or ()),
            to_correct=tuple(told.get("to_correct") or ()),
        )

    @property
    def editable(self) -> bool:
        """Whether it can still be filled in."""
        return self.stage in EDITABLE

    def holding(self, form: Form) -> tuple[FormField, ...]:
        """Fields that apply, by what is filled in so far."""
        return tuple(each for each in form.fields if each.condition.holds(self.values))

    def filled(self, form: Form) -> tuple[FormField, ...]:
        """Fields that apply and are filled in."""
        return tuple(f for f in self.holding(form) if self.values.get(f.key) is not None)

    def missing(self, form: Form) -> tuple[FormField, ...]:
        """Required fields that apply and are not filled in."""
        return tuple(f for f in self.holding(form) if f.required and self.values.get(f.key) is None)


def form_for(talk: Talk, sheet: Sheet) -> Form:
    """The form a sheet is about, as in force now."""
    return form_of(talk.city(sheet.city), sheet.form)


def city_for(talk: Talk, sheet: Sheet) -> City:
    """The city a sheet is about."""
    return talk.city(sheet.city)


def seen(talk: Talk, draft: Draft) -> Talk:
    """The talk, its sheet at the draft's version; a draft just opened becomes the sheet."""
    sheet = talk.state.sheet
    if draft.case is not None and (sheet is None or sheet.case != draft.case):
        sheet = Sheet("B", draft.city, draft.case, at=talk.facts.now)
        talk = talk.to(city=draft.city)
    if sheet is None:
        return talk
    returned = draft.stage == RETURNED
    return talk.with_sheet(replace(sheet, version=draft.version, returned=returned, paused=False))
