"""``python -m bot.evaluate FILE [--city CODE] [--json]``: how well people are understood.

FILE: one ``{"text", "intent", "slots", "also"}`` a line. Prints the accuracy of intents, figures of
each intent and slot, how much chatter was taken for a request, and what was confused with what.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TextIO

from bot.evaluate.figures import EXAMPLES, Figures, Score, figures
from bot.evaluate.judge import Labelled, judged
from bot.understanding.cities import all_cities
from bot.understanding.understander import Understander

CONFUSIONS = 20


def main(argv: Sequence[str]) -> int:
    """0 when the file was judged, 2 when it could not be read."""
    parser = argparse.ArgumentParser(prog="python -m bot.evaluate", description=__doc__)
    cities = all_cities()
    parser.add_argument("file", type=Path, help="labelled utterances")
    parser.add_argument("--city", choices=[city.code for city in cities], help="all cities")
    parser.add_argument("--json", action="store_true", help="print JSON")
    given = parser.parse_args(argv)
    try:
        labelled = list(_read(given.file))
    except (OSError, ValueError, KeyError) as fault:
        parser.error(f"{given.file}: {fault}")
    understander = Understander.load(cities)
    found = figures(
        [judged(each, understander.understand(each.text, city=given.city)) for each in labelled]
    )
    if given.json:
        sys.stdout.write(json.dumps(found.shown(), ensure_ascii=False, indent=1) + "\n")
    else:
        write(found, sys.stdout)
    return 0


def _read(path: Path) -> Iterator[Labelled]:
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if line.strip():
            try:
                yield Labelled.of(json.loads(line))
            except (ValueError, KeyError) as fault:
                raise ValueError(f"line {number}: {fault!r}") from fault


def write(found: Figures, out: TextIO) -> None:
    """The figures as a page of text."""
    out.write(f"utterances {found.count}\nintent accuracy {found.accuracy:.1%}\n")
    if found.chatter:
        out.write(
            f"chatter {found.chatter}, taken for something else {found.false_requests:.1%}, "
            f"for a request {found.false_requests_strictly:.1%}\n"
        )
    _table(out, "intent", {intent.value: score for intent, score in found.intents.items()})
    _table(out, "slot", {**found.slots, "all": found.all_slots})
    out.write("\nconfusions\n")
    for right, told, texts in found.confusions[:CONFUSIONS]:
        out.write(f"{len(texts):4} {right} → {told}: {' / '.join(texts[:EXAMPLES])}\n")


def _table(out: TextIO, what: str, scores: dict[str, Score]) -> None:
    out.write(f"\n{what:20} precision  recall      F1   count\n")
    for name, score in scores.items():
        count = score.right + score.missed
        out.write(
            f"{name:20} {score.precision:9.1%} {score.recall:7.1%} {score.f1:7.1%} {count:7}\n"
        )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
