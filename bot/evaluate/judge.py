"""What counts as right: the intent or one that is allowed beside it, and pairs (slot, value)."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.understanding.types import Intent, Understood

_BLANK = re.compile(r"\s+")
_NOT_SCORED = re.compile(
    "昨|前天|前晚|前年|去年|上周|上个?月|上个?礼拜|上个?星期|上年|上午刚|刚才|刚刚|之前的|以前|夜儿|夜里$"
    "|月份$|^[0-9零一二两三四五六七八九十几半多]+个?(?:多)?(?:天|周|月|年|小时|钟头|工作日|礼拜|星期)(?:了|多)?$"
)
_EXPLICIT_NEW = re.compile("新装|新开|开户|新接|新立|立户|新户")
Pair = tuple[str, Any]


@dataclass(frozen=True, slots=True)
class Labelled:
    """An utterance with what it should be understood as. ``also``: intents as good."""

    text: str
    intent: Intent
    also: frozenset[Intent] = frozenset()
    slots: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> "Labelled":
        """From a line of a labelled file. KeyError or ValueError for a faulty one."""
        return cls(
            text=str(told["text"]),
            intent=Intent(told["intent"]),
            also=frozenset(Intent(each) for each in told.get("also", ())),
            slots=told.get("slots", {}),
        )


@dataclass(frozen=True, slots=True)
class Verdict:
    """One utterance judged. ``missed`` and ``wrong`` are pairs (slot, value)."""

    labelled: Labelled
    understood: Understood
    right: tuple[Pair, ...]
    missed: tuple[Pair, ...]
    wrong: tuple[Pair, ...]

    @property
    def is_right(self) -> bool:
        """Whether the intent is."""
        intent = self.understood.intent
        return intent is self.labelled.intent or intent in self.labelled.also


def judged(labelled: Labelled, understood: Understood) -> Verdict:
    """Hold what was understood against the label."""
    told, expected = pairs(understood.slots.shown()), pairs(labelled.slots)
    skipped = {pair for pair in told | expected if not _is_scored(pair, labelled.text)}
    if any(slot == "datetime" for slot, _ in skipped & expected):
        skipped |= {pair for pair in told if pair[0] == "datetime"}
    told, expected = told - skipped, expected - skipped
    return Verdict(
        labelled,
        understood,
        right=_sorted(told & expected),
        missed=_sorted(expected - told),
        wrong=_sorted(told - expected),
    )


def pairs(slots: Mapping[str, Any]) -> set[Pair]:
    """Slots as pairs: a utility each, an amount each, everything else as it is."""
    found: set[Pair] = set()
    for slot, value in slots.items():
        if slot == "utilities":
            found.update((slot, each) for each in value)
        elif slot == "amount":
            found.update(
                (slot, (each["utility"], float(each["value"]), each["unit"])) for each in value
            )
        else:
            text = _BLANK.sub(" ", unicodedata.normalize("NFKC", str(value))).strip()
            found.add((slot, text.upper() if slot == "credit_code" else text))
    return found


def _is_scored(pair: Pair, text: str) -> bool:
    """Past times, durations and a kind nobody said are not."""
    slot, value = pair
    if slot == "datetime":
        return not _NOT_SCORED.search(value)
    return pair != ("kind", "new") or bool(_EXPLICIT_NEW.search(text))


def _sorted(found: set[Pair]) -> tuple[Pair, ...]:
    return tuple(sorted(found, key=str))
