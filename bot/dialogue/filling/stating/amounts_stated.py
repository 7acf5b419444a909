"""Amounts, with their unit or as a bare number something is raised to."""

import re

from bot.dialogue.filling import amounts, rows
from bot.dialogue.filling.kinds import spoken_of
from bot.dialogue.filling.names import NUMERIC
from bot.dialogue.filling.stating.base import Base
from bot.dialogue.filling.stating.statement import UTILITIES
from config.cities import FieldType
from rules.forms.validate import read_field
from rules.forms.values import Context

_UP_TO = re.compile(
    r"(?:增容?|扩容?|加|升|提|增加)大?(?:到|至|成|为)(?P<number>[0-9]{1,7}(?:\.[0-9]{1,2})?)(?![0-9年月日号点:])"
)


class Amounts(Base):
    """Amounts → fields of their utility."""

    def _amounts(self) -> None:
        told = amounts.placed(
            self.form,
            self.found.amounts,
            self.said.text,
            ticked=tuple(self.values.get(UTILITIES) or ()),
            pending=self.pending,
        )
        self.found.open = told.open
        for key, raw in told.given.items():
            into = self.form.by_key[key]
            if into.type is FieldType.ROWS:
                raw = rows.inside(into, self.said.text) or raw
            if key not in self.found.answers:
                value, faults = read_field(into, raw, Context(self.now), whole=False)
                self._note(key, value, faults)

    def _target(self) -> None:
        """增容到630: a bare number for the utility named, else for the one asked about."""
        match = _UP_TO.search(self.said.text)
        asked = self.pending.utility if self.pending else None
        told = set(self.found.kinds) or ({asked} if asked else set())
        of = spoken_of(self.said.text) or told
        if match is None or self.found.amounts or self.found.loose or len(of) != 1:
            return
        fields = (f for f in self.form.fields if f.utility in of and f.type in NUMERIC and f.ask)
        if (into := next(fields, None)) is not None:
            self._typed(into, match["number"])
