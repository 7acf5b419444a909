"""A change of account, clause by clause: 户号20034，原户主张三，新户主李四，原户主同意，电费结清了.

A label needs no sign before its value. What is said of no utility is the one's that is asked
about, else every one's whose account changes hands; a number is one's only.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from bot.dialogue.filling.consents import by_own_words
from bot.dialogue.filling.introduced import is_person
from bot.dialogue.filling.kinds import spoken_of
from bot.dialogue.filling.names import of_account
from bot.dialogue.filling.shapes import ASKING, is_company
from bot.dialogue.filling.stating.base import Base
from bot.dialogue.filling.stating.statement import UTILITIES
from config.texts import table

NUMBER, READING, HOLDERS = "account_no", "handover_reading", ("old_holder", "new_holder")
AGREED = ("consent", "arrears_settled")
_CLAUSE = re.compile(r"[,;。!\n、]|\s+(?![0-9])")
_SIGN = r"(?:名称|姓名|名字)?[\s的]*(?:[:=\"“]|就?是|为|叫|填|写)*\s*"
_FIGURES = {
    NUMBER: re.compile("[0-9A-Za-z][0-9A-Za-z-]{3,31}"),
    READING: re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,3})?"),
}
_AFTER = re.compile(
    '[,"”吧了啊哈的]+$|(?:也|都|已经?)?(?:同意|答应|愿意|知情|没意见)(?:过户|更名)?了?$'
)
_LONGEST = 60
_OF_ROOMS = re.compile("房东|产权")


@dataclass
class _Said:
    """``of``: utilities named last; ``last``: what was stated last."""

    of: set[str] = field(default_factory=set)
    last: str = ""


class Accounts(Base):
    """Numbers, readings, holders and consents of accounts."""

    def _accounts(self) -> None:
        text = self.said.text
        asked = self.pending is not None and of_account(self.pending.key)
        if not (asked or _labels().search(text)) or ASKING.search(text):
            return
        said = _Said()
        for clause in filter(None, map(str.strip, _CLAUSE.split(text))):
            for what, value, named in _told(clause):
                if named:
                    said.of = said.of | named if what == said.last else named
                said.last = what
                self._give(what, value, said.of)
            self._agreed(clause, said)

    def _agreed(self, clause: str, said: _Said) -> None:
        """同意 and 结清了, each in a clause of its own."""
        if _OF_ROOMS.search(clause):
            return
        named = spoken_of(clause)
        for what in AGREED:
            for utility in self._whose(what, named or said.of):
                asked = self.form.by_key[f"{utility}.{what}"]
                told = by_own_words(asked, clause)
                if told is not None and (told or not asked.must_be_true):
                    self.found.answers.setdefault(asked.key, told)
                    self.found.plain = True

    def _give(self, what: str, value: str, named: set[str]) -> None:
        for utility in self._whose(what, named):
            self._typed(self.form.by_key[f"{utility}.{what}"], value)
            self.found.plain = True

    def _whose(self, what: str, named: set[str]) -> list[str]:
        """The utilities something is stated of."""
        live = self._changing(what)
        if named:
            return [each for each in live if each in named]
        if self.pending is not None and self.pending.utility in live:
            return [str(self.pending.utility)]
        if what not in _FIGURES:
            return live
        taken = {**self.values, **self.found.answers}
        free = [each for each in live if taken.get(f"{each}.{what}") is None]
        return (free or live)[:1]

    def _changing(self, what: str) -> list[str]:
        """Utilities whose account changes hands, as the form and the utterance have it."""
        ticked = {*(self.values.get(UTILITIES) or ()), *self.found.utilities}
        asked = [f for f in self.form.fields if f.utility in ticked and f.key.endswith(f".{what}")]
        return [str(f.utility) for f in asked if f.condition.holds(self._as_told(f.utility))]

    def _as_told(self, utility: str | None) -> dict[str, Any]:
        ticked = [*(self.values.get(UTILITIES) or ()), *self.found.utilities]
        kind = self.found.kinds.get(str(utility)) or self.found.kind
        kind = kind or self.values.get(f"{utility}.kind")
        return {**self.values, UTILITIES: ticked, f"{utility}.kind": kind}


def _told(clause: str) -> Iterator[tuple[str, str, set[str]]]:
    """What is stated in one clause: which, its value, the utilities named before it."""
    found = list(_labels().finditer(clause))
    start = 0
    for at, match in enumerate(found):
        until = found[at + 1].start() if at + 1 < len(found) else len(clause)
        what, told = str(match.lastgroup), clause[match.end() : until].strip()[:_LONGEST]
        named = spoken_of(clause[start : match.start()])
        start = match.end()
        if what in _FIGURES:
            figure = _FIGURES[what].match(told)
            value = figure[0] if figure else ""
        else:
            value = _AFTER.sub("", told)
            value = value if _is_holder(value) else ""
        if value:
            yield what, value, named


def _is_holder(value: str) -> bool:
    return is_company(value) or is_person(value)


@cache
def _labels() -> re.Pattern[str]:
    names = table("heard")["names"]
    each = (
        f"(?P<{what}>{'|'.join(sorted(names[f'*.{what}'], key=len, reverse=True))})"
        for what in (NUMBER, READING, *HOLDERS)
    )
    return re.compile(f"(?:{'|'.join(each)}){_SIGN}")
