"""Child processes that die with their parent, and how one is told from a stranger."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import IO

_LIBC = ctypes.CDLL(None, use_errno=True)
_PR_SET_PDEATHSIG = 1


def die_with_parent(parent: int, sign: int) -> None:
    """In a new child: be sent ``sign`` when ``parent`` ends, however it ends (Linux).

    Elsewhere nothing is done here; the next start cleans up what it finds (``settle``).
    """
    if sys.platform == "linux":
        _LIBC.prctl(_PR_SET_PDEATHSIG, sign, 0, 0, 0)
        if os.getppid() != parent:
            os._exit(0)


def spawn(
    argv: Sequence[str | os.PathLike[str]],
    *,
    env: Mapping[str, str],
    log: IO[bytes] | None = None,
    death_signal: int = signal.SIGTERM,
    identity: Callable[[], None] | None = None,
    cwd: Path | None = None,
) -> subprocess.Popen[bytes]:
    """Start a program in a session of its own, so that a terminal's Ctrl-C reaches us only.

    ``identity`` runs in the child before the program and may give up rights. Call from the main
    thread: the kernel ties the death signal to the thread that forked.
    """
    parent = os.getpid()

    def prepare() -> None:
        if identity is not None:
            identity()
        die_with_parent(parent, death_signal)

    return subprocess.Popen(
        argv,
        env=dict(env),
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        start_new_session=True,
        preexec_fn=prepare,
        cwd=cwd,
    )


def command_line(pid: int) -> str:
    """The command line of a live process, empty when there is none (or it is a zombie)."""
    proc = Path(f"/proc/{pid}/cmdline")
    if Path("/proc/self/cmdline").exists():
        with contextlib.suppress(OSError):
            return proc.read_bytes().replace(b"\0", b" ").decode("utf-8", "replace").strip()
        return ""
    found = subprocess.run(
        ["/bin/ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return found.stdout.strip()


def settle(pid_file: Path, marks: Iterable[str], signals: Iterable[tuple[int, float]]) -> None:
    """End the process a killed run left behind, if it still lives and is the one we started.

    ``marks`` are texts its command line must contain: a number reused by a stranger is left
    alone. ``signals`` are tried in turn, each with its patience in seconds.
    """
    try:
        pid = int(pid_file.read_text("utf-8").split("\n", 1)[0])
    except (OSError, ValueError):
        pid = 0
    wanted = tuple(marks)

    def ours() -> bool:
        line = command_line(pid) if pid > 0 else ""
        return bool(line) and all(mark in line for mark in wanted)

    for sign, patience in signals:
        if not ours():
            break
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, sign)
        wait_until(lambda: not ours(), patience)
    if not ours():
        pid_file.unlink(missing_ok=True)


def wait_until(condition: Callable[[], bool], patience: float, every: float = 0.02) -> bool:
    """Look at ``condition`` until it holds (True) or ``patience`` seconds are over (False)."""
    end = time.monotonic() + patience
    while not condition():
        if time.monotonic() >= end:
            return False
        time.sleep(every)
    return True


def stop(process: subprocess.Popen[bytes], sign: int, patience: float) -> None:
    """Ask a child to end, wait ``patience`` seconds, then end it."""
    if process.poll() is None:
        process.send_signal(sign)
        try:
            process.wait(patience)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
