"""Everything one utterance states about a form, in any order: key → value, faults beside.

What was understood (slots) and what the text says by label, by option or by a yes-or-no field's
own words. Which field a slot belongs to is told by its type or by ``heard.toml``.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.dialogue.filling import amounts, denials
from bot.dialogue.filling.labelled import pairs
from bot.dialogue.filling.names import of_account
from bot.dialogue.filling.readings import talkative
from bot.dialogue.filling.stating.accounts import Accounts
from bot.dialogue.filling.stating.agreeing import Consents
from bot.dialogue.filling.stating.amounts_stated import Amounts
from bot.dialogue.filling.stating.figuring import Figures
from bot.dialogue.filling.stating.naming import Names
from bot.dialogue.filling.stating.statement import UTILITIES, Stated
from bot.dialogue.filling.stating.timing import Times
from bot.dialogue.filling.stating.utilities import Utilities
from bot.understanding.types import Understood
from config.cities import City
from rules.calendar import WorkCalendar
from rules.forms import Form

__all__ = ["UTILITIES", "Stated", "stated"]


def stated(
    form: Form,
    city: City,
    said: Understood,
    *,
    now: datetime,
    calendar: WorkCalendar | None,
    pending: str | None = None,
    values: Mapping[str, Any] | None = None,
) -> Stated:
    """What an utterance states about a form. ``pending``: the field asked for, which takes what
    fits it; ``values``: what the form holds. Never raises.
    """
    return _Reader(form, city, said, now, calendar, pending, values or {}).read()


class _Reader(Figures, Utilities, Accounts, Names, Amounts, Times, Consents):
    """One utterance read against one form."""

    def read(self) -> Stated:
        """See ``stated``."""
        self._figures()
        self._utilities()
        self._changed()
        self._accounts()
        told = pairs(self.form, self.said.text)
        if any(of_account(key) for key in self.found.answers):
            told = {key: words for key, words in told.items() if not of_account(key)}
        shaped = self.said.slots.phone or self.said.slots.credit_code
        self.found.plain |= bool(told or shaped or self.found.corrected)
        for key, words in told.items():
            self._typed(self.form.by_key[key], words)
        self._slots()
        self._amounts()
        self._target()
        beside = bool(self.said.slots.amount)
        for key, words in amounts.by_unit(self.form, self.said.text, beside=beside).items():
            self._typed(self.form.by_key[key], words)
        self._town()
        self._when()
        self._yes_no()
        self._carriers()
        self.found.denied = denials.denied(self.form, self.said.text)
        if self.terse or (self.found.kinds and not talkative(self.said)):
            self.found.plain = True
        return self.found
