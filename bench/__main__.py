"""``python -m bench [NAME …] [--json FILE]``: every figure beside what it is held against."""

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from bench import (
    booking,
    chat,
    chat_pace,
    process,
    progress,
    pure,
    queue_page,
    report,
    slots,
    submit,
    understanding,
    uploads,
)
from bench.ground import Ground, prepared

MEASURES: dict[str, Callable[[Ground], list[report.Row]]] = {
    "progress": progress.measure,
    "submit": submit.measure,
    "queue_page": queue_page.measure,
    "chat_status": chat.status,
    "chat_answer": chat.answer,
    "chat_p99": chat_pace.measure,
    "understanding": understanding.measure,
    "memory": process.memory,
    "ready": process.ready,
    "rules": pure.measure,
    "slots": slots.measure,
    "slots_request": slots.request_,
    "booking": booking.measure,
    "uploads": uploads.measure,
}
_ROWS = {
    "client": "progress",
    "submit_alone": "submit",
    "chat_echo": "chat_status",
    "chat_fresh": "chat_status",
    "queue_page_deep": "queue_page",
    "queue_page_utility": "queue_page",
    "second_start": "ready",
    "deadline": "rules",
    "validate": "rules",
    "slots_plain": "slots",
}
"""Rows measured together with others, which may be asked for by their own names."""


def main(argv: Sequence[str]) -> int:
    """Measure; 0 whatever the figures are, an exception when something could not be measured."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join([*MEASURES, *_ROWS]))
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the rows as JSON, too")
    parser.add_argument("--folder", type=Path, help="data folder (DATA_DIR/.bench)")
    given = parser.parse_args(argv)
    unknown = [name for name in given.names if name not in {*MEASURES, *_ROWS}]
    if unknown:
        parser.error(f"no such row: {', '.join(unknown)}")
    asked = dict.fromkeys(_ROWS.get(name, name) for name in given.names) or dict.fromkeys(MEASURES)
    print(report.machine(), flush=True)
    began = time.monotonic()
    rows: list[report.Row] = []
    with prepared(given.folder) as ground:
        for name in asked:
            print(f"{name} …", flush=True)
            rows += MEASURES[name](ground)
            if given.json:
                report.write(given.json, rows)
    print(f"\n{report.table(rows)}\n\n{time.monotonic() - began:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
