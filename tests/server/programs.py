"""Programs the tests run beside themselves, and how they are watched."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from server.children import command_line, wait_until

CHECKOUT = Path(__file__).resolve().parent.parent.parent
PATIENCE_S = 30.0


class Program:
    """One running program whose output goes to a file."""

    def __init__(self, arguments: Sequence[str], environ: Mapping[str, str], log: Path) -> None:
        self.log = log
        with log.open("ab") as out:
            self.process = subprocess.Popen(
                [sys.executable, *arguments],
                cwd=CHECKOUT,
                env={"PATH": os.environ.get("PATH", ""), "PYTHONUNBUFFERED": "1", **environ},
                stdout=out,
                stderr=out,
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        """Its process id."""
        return self.process.pid

    def output(self) -> str:
        """What it has written so far."""
        return self.log.read_text("utf-8", "replace")

    def events(self, name: str) -> list[dict[str, Any]]:
        """Its JSON log lines of one event."""
        found = []
        for line in self.output().splitlines():
            with contextlib.suppress(ValueError):
                event = json.loads(line)
                if isinstance(event, dict) and event.get("event") == name:
                    found.append(event)
        return found

    def wait_for(self, text: str, *, times: int = 1, patience: float = PATIENCE_S) -> None:
        """Until ``text`` was written so often. AssertionError with the output when it is not."""
        wait_until(
            lambda: self.output().count(text) >= times or self.process.poll() is not None,
            patience,
        )
        assert self.output().count(text) >= times, self.output()

    def end(self, sign: int = signal.SIGTERM) -> int:
        """Send a signal and wait; its exit code."""
        self.process.send_signal(sign)
        return self.process.wait(PATIENCE_S)


@contextlib.contextmanager
def running(arguments: Sequence[str], environ: Mapping[str, str], log: Path) -> Iterator[Program]:
    """A program that is ended with the block, whatever happens in it."""
    program = Program(arguments, environ, log)
    try:
        yield program
    finally:
        if program.process.poll() is None:
            program.end(signal.SIGKILL)


def gone(pid: int) -> bool:
    """Whether a process has ended (within the tests' patience)."""
    return wait_until(lambda: not command_line(pid), PATIENCE_S)


def seconds(since: float) -> float:
    """Monotonic seconds since ``since``."""
    return time.monotonic() - since
