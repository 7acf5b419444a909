"""Names in an utterance: the company, the person, the place. All are literal stretches of it."""

import re
from dataclasses import dataclass

from bot.understanding.lexicon import Lexicon
from bot.understanding.names.company import companies
from bot.understanding.names.person import persons
from bot.understanding.names.place import places
from bot.understanding.names.words import PHONE_VEIL, VEIL
from bot.understanding.segment import Prepared

_MOST = 8
"""Names of each kind in an utterance that are looked for."""
_NUMBERED = re.compile("[零一二三四五六七八九十]{1,4}号")
"""Alone it may be a day, within a name it is part of it: 木棉九号饲料有限公司."""


@dataclass(frozen=True, slots=True)
class Names:
    """Where names stand, in order: (start, end) in the text; ``renewed`` ones replace another."""

    companies: tuple[tuple[int, int], ...] = ()
    persons: tuple[tuple[int, int], ...] = ()
    places: tuple[tuple[int, int], ...] = ()

    def covers(self, at: int) -> bool:
        """Whether a position lies inside a name."""
        return any(
            start <= at < end
            for some in (self.companies, self.persons, self.places)
            for start, end in some
        )


def names_of(prepared: Prepared, lexicon: Lexicon) -> Names:
    """Every name of an utterance."""
    veiled = prepared.repaired
    for span in prepared.spans:
        if _NUMBERED.fullmatch(prepared.repaired, span.start, span.end):
            continue
        veil = PHONE_VEIL if span.kind == "phone" else VEIL
        veiled = veiled[: span.start] + veil * (span.end - span.start) + veiled[span.end :]
    found = companies(veiled, prepared, lexicon, most=_MOST)
    for start, end in found:
        veiled = veiled[:start] + VEIL * (end - start) + veiled[end:]
    people, sites = persons(veiled, lexicon, most=_MOST), places(veiled, lexicon, most=_MOST)
    return Names(tuple(found), tuple(people), tuple(sites))
