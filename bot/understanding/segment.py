"""An utterance taken apart: quantities, identifiers and times first, then words.

What has a shape of its own is masked before the text is cut into words, so that 315千伏安 or
2023（000123）号 is one token and says the same as any other of its kind.
"""

import re
from dataclasses import dataclass

from bot.understanding.identifiers import identifiers
from bot.understanding.lexicon import Lexicon
from bot.understanding.normalise import repair, tidy
from bot.understanding.quantities.units import quantities
from bot.understanding.spans import Span
from bot.understanding.times.patterns import times

__all__ = ["EMOJI", "MASKS", "Prepared", "Span", "prepare"]

MASKS = {
    "amount": "⟨amount⟩",
    "phone": "⟨phone⟩",
    "code": "⟨code⟩",
    "project": "⟨code⟩",
    "no": "⟨no⟩",
    "time": "⟨time⟩",
    "past": "⟨past⟩",
    "duration": "⟨duration⟩",
}
"""The token that stands for a span of each kind."""
EMOJI = "⟨emoji⟩"
_MARK = "\ue000"
"""Stands for a masked stretch while words are cut; no tidy text holds it."""
_EMOJI = re.compile(
    "[\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff][\ufe0f\U0001f3fb-\U0001f3ff]?"
)
_HAS_EMOJI = re.compile("[\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff]")
_FOLDED = frozenset(" !?.。,~…;、")


@dataclass(frozen=True, slots=True)
class Prepared:
    """``text`` is the tidy text; positions of ``spans`` and ``starts`` count in it.

    ``repaired`` is as long as ``text``, with its misspellings mended. ``tokens`` are the words of
    the repaired text: spans as their mask, emoji as one mask, blanks left out, repeated
    punctuation once. ``classes`` gives each token's class of the lexicon, or None.
    """

    text: str
    repaired: str
    spans: tuple[Span, ...]
    tokens: tuple[str, ...]
    classes: tuple[str | None, ...]
    starts: tuple[int, ...]


def prepare(text: str, lexicon: Lexicon) -> Prepared:
    """Take an utterance apart. Never raises for any string."""
    literal = tidy(text)
    repaired = repair(literal)
    spans = _spans(repaired)
    tokens, starts = _tokens(repaired, spans, lexicon)
    classes = lexicon.classes
    return Prepared(
        literal,
        repaired,
        tuple(spans),
        tuple(tokens),
        tuple([classes.get(token) for token in tokens]),
        tuple(starts),
    )


def _spans(text: str) -> list[Span]:
    """What was found first stays: identifiers before quantities before times."""
    spans = identifiers(text)
    for more in (quantities(text), times(text)):
        spans = _joined(spans, more) if spans and more else spans + more
    return spans


def _joined(first: list[Span], more: list[Span]) -> list[Span]:
    """Both in order, without those of ``more`` that touch one of ``first``; each in order and
    never overlapping itself."""
    joined, at = [], 0
    for span in more:
        while at < len(first) and first[at].end <= span.start:
            joined.append(first[at])
            at += 1
        if at == len(first) or span.end <= first[at].start:
            joined.append(span)
    return joined + first[at:]


def _masked(text: str, spans: list[Span]) -> str:
    """A text with one mark for each of its spans."""
    ends = (0, *(span.end for span in spans))
    starts = (*(span.start for span in spans), len(text))
    return _MARK.join(text[end:start] for end, start in zip(ends, starts, strict=True))


def _tokens(text: str, spans: list[Span], lexicon: Lexicon) -> tuple[list[str], list[int]]:
    masked = _masked(text, spans) if spans else text
    if _HAS_EMOJI.search(masked):
        masked = _EMOJI.sub(lambda found: "☺" + "☺" * (len(found[0]) - 1), masked)
    tokens: list[str] = []
    starts: list[int] = []
    at, next_span, before = 0, 0, ""
    for word in lexicon.cut(masked):
        start = at
        if word == _MARK:
            span = spans[next_span]
            next_span += 1
            at = span.end
            word = MASKS[span.kind]
        else:
            at += len(word)
            if word == "☺":
                word = EMOJI
            if (word == before and (word in _FOLDED or word == EMOJI)) or word == " ":
                continue
        tokens.append(word)
        starts.append(start)
        before = word
    return tokens, starts
