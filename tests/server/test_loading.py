"""What is loaded when: numpy before the workers are forked, in one thread; nothing for a --help."""

import subprocess
import sys

from config.settings import CHECKOUT

_SERVED = """
import os, sys
import server.commands.serve
print("numpy" in sys.modules, len(os.listdir("/proc/self/task")))
"""
_HELPED = """
import sys
from server.__main__ import main
try:
    main(["--help"])
except SystemExit:
    print([name for name in ("numpy", "sanic", "tortoise", "jieba") if name in sys.modules])
"""


def told(program: str) -> str:
    """The last line a program prints; it inherits no setting of ours."""
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=CHECKOUT,
        env={},
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    return done.stdout.splitlines()[-1]


def test_workers_are_forked_with_numpy_loaded_and_no_thread_beside_them() -> None:
    assert told(_SERVED) == "True 1"


def test_help_loads_no_library() -> None:
    assert told(_HELPED) == "[]"
