"""One utterance and one form: a value is judged by its field and noted."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cached_property
from typing import Any

from bot.dialogue.filling import times
from bot.dialogue.filling.asking import TEXTS
from bot.dialogue.filling.stating.statement import UTILITIES, Stated
from bot.dialogue.filling.terse import is_terse
from bot.understanding.types import Understood
from config.cities import City, FieldType
from rules.calendar import WorkCalendar
from rules.errors import Fault
from rules.forms import Form, FormField, parse_answer
from rules.forms.validate import read_field
from rules.forms.values import Context


class Base:
    """One utterance read against one form. ``found`` is what it states so far."""

    def __init__(
        self,
        form: Form,
        city: City,
        said: Understood,
        now: datetime,
        calendar: WorkCalendar | None,
        pending: str | None,
        values: Mapping[str, Any],
    ) -> None:
        self.form, self.city, self.said = form, city, said
        self.now, self.calendar = now, calendar
        self.pending = form.by_key.get(pending) if pending else None
        self.values = values
        self.found = Stated()

    @cached_property
    def terse(self) -> bool:
        """Whether values of the utility asked about are told, and next to nothing else."""
        return is_terse(self.form, self.pending, self.said.text)

    def _typed(self, into: FormField, words: str) -> None:
        """A value as it was typed for one field."""
        if into.key == UTILITIES or into.key in self.found.answers:
            return
        if into.type in (FieldType.DATE, FieldType.DATETIME):
            self._moment(into, words)
            return
        if into.type in TEXTS:
            words = self.said.as_typed(words)
        parsed = parse_answer(into, words, now=self.now, calendar=self.calendar)
        if parsed.faults and parsed.faults[0].code == "ambiguous":
            return
        self._note(into.key, parsed.value, parsed.faults)

    def _note(self, key: str, value: Any, faults: Iterable[Fault]) -> None:
        first = next(iter(faults), None)
        if key in self.found.loose:
            return
        if first is not None:
            self.found.faults.setdefault(key, first)
        elif value is not None and not isinstance(value, type(None)):
            self.found.answers.setdefault(key, value)
            self.found.faults.pop(key, None)

    def _moment(self, into: FormField, words: str) -> None:
        moments = times.read(into, words, now=self.now, calendar=self.calendar)
        if moments is None:
            return
        if moments.value is None:
            self.found.moments.setdefault(into.key, moments)
            return
        value, faults = read_field(
            into, moments.value, Context(self.now, self.calendar), whole=True
        )
        self._note(into.key, value, times.told(moments, tuple(faults), self.now))
