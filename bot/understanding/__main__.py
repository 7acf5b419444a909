"""``python -m bot.understanding [--city CODE] < in.jsonl > out.jsonl``: understand line by line.

Reads ``{"text": …}`` and writes ``{"intent", "confidence", "slots", "alternatives"}``, one line for
one line. A line that cannot be read is reported and answered as out of scope, so the order holds.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from typing import BinaryIO, TextIO

from bot.understanding.cities import all_cities
from bot.understanding.types import Intent, Understood
from bot.understanding.understander import Understander


def main(argv: Sequence[str]) -> int:
    """0 when every line was read, 1 when one was not."""
    parser = argparse.ArgumentParser(prog="python -m bot.understanding", description=__doc__)
    cities = all_cities()
    parser.add_argument("--city", choices=[city.code for city in cities], help="all cities")
    given = parser.parse_args(argv)
    return answer(
        sys.stdin.buffer, sys.stdout, sys.stderr, Understander.load(cities), city=given.city
    )


def answer(
    lines: BinaryIO,
    out: TextIO,
    errors: TextIO,
    understander: Understander,
    *,
    city: str | None = None,
) -> int:
    """Understand each line and write what came of it at once."""
    faults = 0
    for number, line in enumerate(lines, 1):
        try:
            text = json.loads(line)["text"]
            if not isinstance(text, str):
                raise TypeError("text is no string")
            understood = understander.understand(text, city=city)
        except (ValueError, KeyError, TypeError) as fault:
            faults += 1
            print(f"line {number}: {type(fault).__name__}: {fault}", file=errors)
            understood = Understood("", Intent.OUT_OF_SCOPE, 0.0)
        out.write(json.dumps(understood.shown(), ensure_ascii=False) + "\n")
        out.flush()
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
