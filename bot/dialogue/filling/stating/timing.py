"""Times, by the words near them; a bare one by the field that waits for one."""

import re
from functools import cached_property

from bot.dialogue.filling import times
from bot.dialogue.filling.names import cue_of
from bot.dialogue.filling.stating.base import Base
from bot.understanding.types import Intent
from config.cities import FieldType

_OF_SURVEY = frozenset({Intent.BOOK_SURVEY, Intent.RESCHEDULE_SURVEY})


class Times(Base):
    """Dates and times → their fields."""

    def _when(self) -> None:
        """A time goes to the field whose cue stands in the text."""
        for each in self.form.fields:
            cue = cue_of(each.key)
            if each.type not in (FieldType.DATE, FieldType.DATETIME) or cue is None:
                continue
            if each.key in {**self.found.answers, **self.found.faults}:
                continue
            applies = each.utility is None or each.utility in self.said.slots.utilities
            found = cue.search(self.said.text) if applies else None
            if found:
                self._moment(each, self._around(found))
            elif each.working and self.said.intent in _OF_SURVEY and self.said.slots.datetime:
                self._moment(each, self.said.slots.datetime)
            elif each.key == self._of_bare_time and times.is_a_time(self.said.text, self.now):
                self._moment(each, self.said.text)

    @cached_property
    def _of_bare_time(self) -> str | None:
        """The field of a time told without a word of what it is for: the visit, unless that is
        filled in and another is not; where there is no visit, the only other one asked for.
        """
        dated = [
            each
            for each in self.form.fields
            if each.type in (FieldType.DATE, FieldType.DATETIME)
            and (each.ask or each.required)
            and not each.latest_today
            and (not self.values or each.condition.holds(self.values))
        ]
        visit = [each for each in dated if each.working]
        free = [each for each in (*visit, *dated) if self.values.get(each.key) is None]
        found = free or visit or dated
        return found[0].key if found else None

    def _around(self, cue: re.Match[str]) -> str:
        """The clause of a cue, where it holds a time of its own; else the whole text."""
        text, literal = self.said.text, self.said.slots.datetime
        start = max(text.rfind(mark, 0, cue.start()) for mark in ",;。\n") + 1
        ends = [at for mark in ",;。\n" if (at := text.find(mark, cue.end())) >= 0]
        clause = text[start : min(ends, default=len(text))]
        if literal and literal not in clause:
            return literal
        return clause
