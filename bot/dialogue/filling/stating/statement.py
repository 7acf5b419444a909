"""What was stated: values by key, and what goes with them."""

from dataclasses import dataclass, field, replace
from typing import Any

from bot.dialogue.filling import amounts, times
from bot.dialogue.filling.loose import Loose
from bot.understanding.types import Amount
from rules.errors import Fault

UTILITIES = "utilities"
"""The field every form names its utilities by (``rules.forms.build``)."""


@dataclass
class Stated:
    """``answers``: canonical values; ``faults``: what was stated wrongly; ``moments``: times that
    have to be asked back; ``utilities``: named, ``removed``: named as not wanted,
    ``unknown``: named but not offered by this city; ``kind``: a 业务类型 for those named;
    ``kinds``: a 业务类型 told for one utility; ``denied``: optional fields said to have nothing in
    them; ``corrected``: keys told by a plain correction (改成…); ``open``: amounts that several
    utilities could be meant by; ``loose``: figures to be asked back; ``amounts``: those that no
    field's name tells; ``plain``: told by a label, a correction or a number's shape;
    ``ticking``: nothing was said but which utilities are wanted, ``only_these``: and no others.
    """

    answers: dict[str, Any] = field(default_factory=dict)
    faults: dict[str, Fault] = field(default_factory=dict)
    moments: dict[str, times.Moments] = field(default_factory=dict)
    utilities: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    kind: str | None = None
    denied: tuple[str, ...] = ()
    kinds: dict[str, str] = field(default_factory=dict)
    corrected: frozenset[str] = frozenset()
    open: tuple[amounts.Open, ...] = ()
    loose: dict[str, Loose] = field(default_factory=dict)
    amounts: tuple[Amount, ...] = ()
    plain: bool = False
    ticking: bool = False
    only_these: bool = False

    @property
    def nothing(self) -> bool:
        """Whether nothing at all was stated."""
        fields = (
            self.answers or self.faults or self.moments or self.kinds or self.open or self.loose
        )
        return not (
            fields or self.utilities or self.removed or self.unknown or self.kind or self.denied
        )

    @property
    def only_named(self) -> bool:
        """Whether nothing was stated but names of utilities: that alone fills in nothing."""
        return replace(self, utilities=(), unknown=()).nothing

    def only(self, key: str) -> bool:
        """Whether nothing was stated beyond one field."""
        others = {*self.answers, *self.faults, *self.moments, *self.loose} - {key}
        others |= {*self.removed, *self.unknown, *self.denied} - {key}
        kinds = self.kind or self.open or set(self.kinds) - {key.partition(".")[0]}
        own = not set(self.utilities) - {key.partition(".")[0]}
        return not others and not kinds and (key == UTILITIES or own)
