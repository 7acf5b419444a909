"""``python -m bot.understanding.training``: make the model anew from the writers' sentences."""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from bot.understanding.cities import all_cities
from bot.understanding.lexicon import Lexicon
from bot.understanding.model import FILE
from bot.understanding.training.data import WRITERS, read

_THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")


def main(argv: Sequence[str]) -> int:
    """Write the model's file."""
    parser = argparse.ArgumentParser(
        prog="python -m bot.understanding.training", description=__doc__
    )
    parser.add_argument("--writers", type=Path, default=WRITERS, help="folder of the *.tsv")
    parser.add_argument("--to", type=Path, default=FILE, help="file to write")
    given = parser.parse_args(argv)
    from bot.understanding.training.build import Recipe, build

    made = build(read(given.writers), Lexicon.of(all_cities()), Recipe())
    given.to.write_bytes(made)
    sys.stdout.write(f"{given.to.name}: {len(made) / 1e6:.2f} MB\n")
    return 0


if __name__ == "__main__":
    os.environ.update(dict.fromkeys(_THREADS, "1"))  # sums in one order, whatever the machine
    sys.exit(main(sys.argv[1:]))
