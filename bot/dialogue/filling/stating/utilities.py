"""Which utilities are named or not wanted, and which kind of business each is for."""

from bot.dialogue.filling import amounts, denials, kinds
from bot.dialogue.filling.kinds import spoken_of
from bot.dialogue.filling.shapes import FILLER
from bot.dialogue.filling.stating.base import Base
from bot.dialogue.filling.stating.statement import UTILITIES
from bot.dialogue.filling.ticking import ticking
from bot.dialogue.guide.accounts import ACCOUNT
from bot.dialogue.hearing import heard
from bot.understanding.types import Intent
from config.cities import FieldType
from rules.forms import FormField, named_options


class Utilities(Base):
    """Utilities, kinds, carriers."""

    def _utilities(self) -> None:
        slots, asked = self.said.slots, self.form.by_key.get(UTILITIES)
        if asked is None or self._ticks(asked):
            return
        named = {code for code in slots.utilities if asked.option(code)}
        text = self.said.text
        for option in asked.options:
            words = [w for w in (option.label, *option.aliases) if len(w) > 1]
            if any(word in text for word in words):
                named.add(option.code)
        removed = denials.removed(self.form, self.city, text)
        implied = {a.utility for a in self.found.amounts if amounts.mistakable(self.form, a, text)}
        implied -= spoken_of(text)
        mistaken = self._mistaken()
        self.found.unknown = tuple(
            code
            for code in slots.utilities
            if not asked.option(code) and code not in implied | mistaken
        )
        named |= {a.utility for a in self.found.amounts if asked.option(a.utility)}
        named |= {key.partition(".")[0] for key in self.found.loose}
        named -= removed | implied | mistaken
        self.found.utilities = tuple(o.code for o in asked.options if o.code in named)
        self.found.removed = tuple(o.code for o in asked.options if o.code in removed)
        self.found.kinds = self._kinds(text)
        of_kind = self.pending is not None and self.pending.key.endswith(".kind")
        kind = self._told_kind() or (kinds.alone(text) if of_kind else None)
        self.found.kind = kind if not self.found.kinds else None

    def _told_kind(self) -> str | None:
        """The kind that was understood; one that is only implied (a name, somebody's) counts where
        a change of account is surely what is wanted.
        """
        kind, said = self.said.slots.kind, self.said
        if kind not in ACCOUNT or kinds.names(said.text, kind):
            return kind
        return kind if said.intent is Intent.RENAME_TRANSFER and heard(said) else None

    def _measured(self) -> set[str]:
        """Utilities that amounts tell: 再加200千瓦 is said of power, whatever is asked."""
        told = (a for a in self.said.slots.amount)
        plain = {a.utility for a in told if not amounts.mistakable(self.form, a, self.said.text)}
        return plain | {key.partition(".")[0] for key in self.found.loose}

    def _mistaken(self) -> set[str]:
        """Utilities that only an amount told which turned out to be of another field."""
        told = {*self.found.answers, *self.found.faults, *self.found.loose}
        kept = {a.utility for a in self.found.amounts} | {key.partition(".")[0] for key in told}
        return {a.utility for a in self.said.slots.amount} - kept - spoken_of(self.said.text)

    def _ticks(self, asked: FormField) -> bool:
        """Whether nothing is said but which utilities are wanted; that is noted then. What may
        answer a question about one of them (还要地暖) is no such thing.
        """
        told = ticking(self.form, self.said.text)
        if told is None or (self.pending is not None and self.pending.utility in told.on):
            return False
        self.found.utilities = tuple(o.code for o in asked.options if o.code in told.on)
        self.found.removed = tuple(o.code for o in asked.options if o.code in told.off)
        self.found.unknown = tuple(sorted(code for code in told.on if not asked.option(code)))
        self.found.ticking, self.found.only_these = True, told.only
        return True

    def _kinds(self, text: str) -> dict[str, str]:
        """A 业务类型 for each utility, as it is told clause by clause; said of none, it is that of
        the utility asked about.
        """
        told = {
            code: kind
            for code, kind in kinds.by_utility(text).items()
            if (into := self.form.by_key.get(f"{code}.kind")) and into.option(kind)
        }
        kind, of = self._told_kind() or kinds.alone(text), self._of_kind(text)
        if told or not kind or of is None or spoken_of(text) or kinds.is_every(text):
            return told
        into = self.form.by_key.get(f"{of}.kind")
        return {of: kind} if into is not None and into.option(kind) else {}

    def _of_kind(self, text: str) -> str | None:
        """The utility a kind is meant for where none is named: the one asked about, unless more is
        said with a word that only another has (增容到630 is said of power).
        """
        asked = self.pending.utility if self.pending else None
        measured = self._measured()
        if measured and asked not in measured:
            return min(measured) if len(measured) == 1 else None
        if not FILLER.sub("", kinds.beside(text)):
            return asked
        having = [
            each.utility
            for each in self.form.fields
            if each.key.endswith(".kind")
            and any(word in text for o in each.options for word in (o.label, *o.aliases))
        ]
        only = len(having) == 1 and asked is not None and asked not in having
        return having[0] if only else asked

    def _carriers(self) -> None:
        for each in self.form.fields:
            named = each.type is FieldType.CARRIERS and each.utility in self.found.utilities
            if named and each.key not in self.found.answers:
                codes = [o.code for o in named_options(each.options, self.said.text)]
                if codes:
                    self.found.answers[each.key] = codes
