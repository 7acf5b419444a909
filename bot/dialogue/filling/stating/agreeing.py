"""Yes or no to questions of the form: by their label, or by words of their own near by."""

from bot.dialogue.filling.consents import by_own_words
from bot.dialogue.filling.fits import mention
from bot.dialogue.filling.kinds import spoken_of
from bot.dialogue.filling.names import of_account
from bot.dialogue.filling.stating.base import Base
from config.cities import FieldType
from rules.forms import FormField

_SHORTLY = 8
"""So much is said by who answers 结清了 to another question about an account."""


class Consents(Base):
    """Yes-or-no fields."""

    def _yes_no(self) -> None:
        for each in self.form.fields:
            if each.type is FieldType.BOOL and each.key not in self.found.answers:
                told = self._meant(each)
                if told is not None:
                    self.found.answers[each.key] = told

    def _meant(self, asked: FormField) -> bool | None:
        """Yes or no to one question: told by its label, or by its own words where it is at hand."""
        told = mention(asked, self.said.text)
        if told is not None or self.pending is None or asked.utility != self.pending.utility:
            return told
        asked_so = self.pending.type is FieldType.BOOL or of_account(self.pending.key)
        near = asked_so or self.terse
        if not near or (self.values and not asked.condition.holds(self.values)):
            return None
        if (named := spoken_of(self.said.text)) and asked.utility not in named:
            return None
        told = by_own_words(asked, self.said.text)
        if told is not None and len(self.said.text) <= _SHORTLY:
            self.found.plain = True
        return told
