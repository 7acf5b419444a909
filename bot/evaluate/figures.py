"""Verdicts → figures: accuracy, precision and recall, chatter taken for a request, confusions."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from bot.evaluate.judge import Verdict
from bot.understanding.types import DIALOGUE_ACTS, Intent

EXAMPLES = 3
"""How many sentences are shown of each confusion."""


@dataclass(frozen=True, slots=True)
class Score:
    """Counts of right, wrong and missed."""

    right: int
    wrong: int
    missed: int

    @property
    def precision(self) -> float:
        """Share of what was told that is right; 1 where nothing was told."""
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 1.0

    @property
    def recall(self) -> float:
        """Share of what should be told that was; 1 where nothing should."""
        return self.right / (self.right + self.missed) if self.right + self.missed else 1.0

    @property
    def f1(self) -> float:
        """Their harmonic mean."""
        both = 2 * self.right + self.wrong + self.missed
        return 2 * self.right / both if both else 1.0

    def shown(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "precision": round(self.precision, 4),
            "recall": round(self.recall, 4),
            "f1": round(self.f1, 4),
            "count": self.right + self.missed,
        }


@dataclass(frozen=True, slots=True)
class Figures:
    """What ``python -m bot.evaluate`` prints."""

    count: int
    accuracy: float
    intents: dict[Intent, Score]
    slots: dict[str, Score]
    all_slots: Score
    chatter: int
    """Utterances that want nothing of us."""
    false_requests: float
    """Share of them taken for anything but out of scope."""
    false_requests_strictly: float
    """Share of them taken for a request: greetings, thanks and the like left out."""
    confusions: list[tuple[Intent, Intent, list[str]]]
    """Right intent, told intent, the sentences; most frequent first."""

    def shown(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "count": self.count,
            "accuracy": round(self.accuracy, 4),
            "intents": {intent.value: score.shown() for intent, score in self.intents.items()},
            "slots": {slot: score.shown() for slot, score in self.slots.items()},
            "all_slots": self.all_slots.shown(),
            "chatter": self.chatter,
            "false_requests": round(self.false_requests, 4),
            "false_requests_strictly": round(self.false_requests_strictly, 4),
            "confusions": [
                {"intent": right.value, "told": told.value, "count": len(texts), "texts": texts}
                for right, told, texts in self.confusions
            ],
        }


def figures(verdicts: Sequence[Verdict]) -> Figures:
    """The figures of some verdicts. ValueError for none."""
    if not verdicts:
        raise ValueError("nothing to judge")
    chatter = [each for each in verdicts if each.labelled.intent is Intent.OUT_OF_SCOPE]
    taken = [each for each in chatter if not each.is_right]
    requests = [each for each in taken if each.understood.intent not in DIALOGUE_ACTS]
    slots = _slots(verdicts)
    return Figures(
        count=len(verdicts),
        accuracy=sum(each.is_right for each in verdicts) / len(verdicts),
        intents=_intents(verdicts),
        slots=slots,
        all_slots=_total(slots.values()),
        chatter=len(chatter),
        false_requests=len(taken) / max(1, len(chatter)),
        false_requests_strictly=len(requests) / max(1, len(chatter)),
        confusions=_confusions(verdicts),
    )


def _intents(verdicts: Iterable[Verdict]) -> dict[Intent, Score]:
    right: Counter[Intent] = Counter()
    wrong: Counter[Intent] = Counter()
    missed: Counter[Intent] = Counter()
    for each in verdicts:
        if each.is_right:
            right[each.understood.intent] += 1
        else:
            wrong[each.understood.intent] += 1
            missed[each.labelled.intent] += 1
    return {
        intent: Score(right[intent], wrong[intent], missed[intent])
        for intent in Intent
        if right[intent] + wrong[intent] + missed[intent]
    }


def _slots(verdicts: Iterable[Verdict]) -> dict[str, Score]:
    counts: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for each in verdicts:
        for at, pairs in enumerate((each.right, each.wrong, each.missed)):
            for slot, _ in pairs:
                counts[slot][at] += 1
    return {slot: Score(*counts[slot]) for slot in sorted(counts)}


def _total(scores: Iterable[Score]) -> Score:
    known = list(scores)
    return Score(
        sum(each.right for each in known),
        sum(each.wrong for each in known),
        sum(each.missed for each in known),
    )


def _confusions(verdicts: Iterable[Verdict]) -> list[tuple[Intent, Intent, list[str]]]:
    found: defaultdict[tuple[Intent, Intent], list[str]] = defaultdict(list)
    for each in verdicts:
        if not each.is_right:
            found[each.labelled.intent, each.understood.intent].append(each.labelled.text)
    ordered = sorted(found.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    return [(right, told, texts) for (right, told), texts in ordered]
