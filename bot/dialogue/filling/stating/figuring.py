"""Numbers by the name of their field, and figures that are no one number a field takes."""

import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import islice

from bot.dialogue.filling import amounts, loose
from bot.dialogue.filling.figures import Figure, figures
from bot.dialogue.filling.kinds import spoken_of
from bot.dialogue.filling.loose import Loose
from bot.dialogue.filling.names import NUMERIC, unit_words
from bot.dialogue.filling.stating.base import Base
from bot.dialogue.filling.stating.statement import UTILITIES
from bot.dialogue.filling.terse import is_figure
from bot.understanding.quantities.amounts import OF_UNIT
from bot.understanding.quantities.units import GAS, WATER, quantities
from bot.understanding.types import Amount
from config.cities import FieldType, plain

_MOST = 6
"""Loose figures of a text that are looked at."""
_NEAR = 60
"""Characters before and after a loose figure that tell what it is of."""
_BACKUP = re.compile("(?<![设准装筹具])备(?!注|案|好|齐|了)|双电源|双回路")


class Figures(Base):
    """What numbers are told, before it is read where amounts belong."""

    def _figures(self) -> None:
        """Amounts left for their utility: without those a field's own name has told, without what
        has to be asked back.
        """
        self._loosely()
        mine = [each for each in figures(self.form, self.said.text) if self._stands(each)]
        for each in mine:
            self._number(each)
        self.found.amounts = tuple(self._untold(mine))
        self.found.plain |= bool(self.found.loose) and is_figure(self.said.text)
        self._rivals()

    def _number(self, figure: Figure) -> None:
        key = figure.field.key
        if key in self.found.loose:
            return
        self._typed(figure.field, figure.plain)
        self.found.plain = True
        if figure.changed:
            self.found.corrected |= {key}

    def _stands(self, figure: Figure) -> bool:
        """Not what it was before: where amounts of its utility were understood, it is one of
        them.
        """
        known = [a for a in self.said.slots.amount if a.utility == figure.field.utility]
        fitting = [a for a in known if a.unit in unit_words(figure.field.unit)]
        return not fitting or any(a.value == figure.value for a in fitting)

    def _untold(self, told: list[Figure]) -> Iterator[Amount]:
        """Amounts that no field's name has told, nor a loose figure."""
        left = list(told)
        asked_back = {v for each in self.found.loose.values() for v in each.values}
        for amount in self._amounts_said():
            same = [each for each in left if each.value == amount.value]
            own = [each for each in same if amount.unit in unit_words(each.field.unit)]
            if same:
                left.remove((own or same)[0])
            elif amount.value not in asked_back:
                yield amount

    def _amounts_said(self) -> Iterator[Amount]:
        """Amounts understood, and those of the utility asked about that were told without it. Where
        devices are asked for a unit they do not have is no other utility's, unless that is named.
        """
        near, pending = spoken_of(self.said.text), self.pending
        rows = pending is not None and pending.type is FieldType.ROWS
        for amount in self.said.slots.amount:
            if not rows or amount.utility in near or amount.unit == GAS:
                yield amount
        if pending is None or pending.utility is None or rows or near - {pending.utility}:
            return
        known = {amount.value for amount in self.said.slots.amount}
        for span in quantities(self.said.text):
            unit = WATER if span.value.unit == "m3" else span.value.unit
            own = any(
                f.utility == pending.utility and amounts.matches(f, unit) for f in self.form.fields
            )
            if own and span.value.value not in known and span.value.per in ("", "day"):
                yield Amount(pending.utility, span.value.value, unit)

    def _loosely(self) -> None:
        """十几吨, 20到30吨, 每月900吨: asked back of the field it is for."""
        for each in islice(loose.found(self.said.text), _MOST):
            key = self._key_of(each)
            if key is None or key in self.found.loose:
                continue
            if each.kind == loose.RATE and WATER not in unit_words(self.form.by_key[key].unit):
                continue
            if each.kind == loose.MORE:
                held = self.values.get(key)
                if held is None:
                    continue
                total = plain(Decimal(str(held)) + each.values[0])
                each = loose.suggesting(each, total, *each.suggested)
            self.found.loose = {**self.found.loose, key: each}

    def _key_of(self, figure: Loose) -> str | None:
        """The field a loose figure is of, read with one number in its place."""
        since = max(figure.start - _NEAR, 0)
        near, at = figure.plainly[since : figure.start + _NEAR], figure.start - since
        for each in figures(self.form, near):
            if each.start == at:
                return each.field.key
        for span in quantities(near):
            if span.start <= at < span.end:
                return self._field_of(span.value.value, span.value.unit, near)
        return None

    def _field_of(self, value: Decimal, unit: str, text: str) -> str | None:
        if unit == "m3":
            asked = self.pending is not None and self.pending.utility == "water"
            if "water" not in spoken_of(text) and not asked:
                return None
            unit = WATER
        placed = amounts.placed(
            self.form,
            (Amount(OF_UNIT[unit], value, unit),),
            text,
            ticked=tuple(self.values.get(UTILITIES) or ()),
            pending=self.pending,
        )
        keys = [*placed.given, *(key for each in placed.open for key in each.keys)]
        return next((key for key in keys if self.form.by_key[key].type in NUMERIC), None)

    def _rivals(self) -> None:
        """Two amounts of one field, neither named as another's: 500千瓦左右，最多800千瓦."""
        if _BACKUP.search(self.said.text):
            return
        for utility in dict.fromkeys(amount.utility for amount in self.found.amounts):
            fields = [
                f
                for f in self.form.fields
                if f.utility == utility and f.type in NUMERIC and f.key not in self.found.answers
            ]
            for first in fields[:1]:
                same = [
                    each
                    for each in self.found.amounts
                    if each.utility == utility and amounts.matches(first, each.unit)
                ]
                values = tuple(sorted({each.value for each in same}))
                if len(values) < 2:
                    continue
                told = loose.several(self.said.text, values)
                self.found.loose = {**self.found.loose, first.key: told}
                self.found.amounts = tuple(a for a in self.found.amounts if a not in same)
