"""Keeps child processes alive: restarts what dies, stops everything in order, and only its own."""

import contextlib
import os
import select
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from server import logs

_STEADY_S = 5.0
"""A child that lived this long did not crash at its start."""
_DELAYS = (0.0, 0.1, 0.5, 1.0, 2.0, 5.0)
"""Wait before the next start, by how often in a row it crashed early."""
_LOOK_S = 5.0
_STOPPING = frozenset({signal.SIGTERM, signal.SIGINT, signal.SIGHUP})


Pause = Callable[[float], bool]


@dataclass(slots=True)
class Child:
    """One process to keep. ``start`` makes it and returns its pid.

    Higher tiers are stopped first, all of one tier together. ``hung`` tells of a live process
    that does nothing any more. A ``pid`` given is a child that runs already.
    """

    name: str
    start: Callable[[], int]
    tier: int = 0
    stop_signal: int = signal.SIGTERM
    grace_s: float = 20.0
    hung: Callable[[], bool] | None = None
    pid: int = 0
    _started: float = field(default=0.0, repr=False)
    _crashes: int = field(default=0, repr=False)
    _due: float | None = field(default=0.0, repr=False)

    def __post_init__(self) -> None:
        if self.pid:
            self._started, self._due = time.monotonic(), None


class Keeper:
    """Runs until SIGTERM, SIGINT or SIGHUP, then stops what it started."""

    def __init__(self, children: Sequence[Child], *, on_stop: Callable[[], None] | None = None):
        self._children = list(children)
        self._on_stop = on_stop
        self._log = logs.get("keeper")
        self._wanted = True

    def run(self, *, started: Callable[[Pause], None] | None = None) -> None:
        """Start every child, keep them, and return when all are stopped.

        ``started`` is called once after the first start of all, with a ``pause(seconds)`` that
        looks after the children meanwhile and answers whether to go on. When it raises,
        everything is stopped before the exception goes on.
        """
        with _signals() as next_signals:
            try:
                self._start_due()
                if started is not None:
                    started(lambda seconds: self._look_after(next_signals, seconds))
                while self._look_after(next_signals, _LOOK_S):
                    pass
            finally:
                self._stop_all(next_signals)

    def _look_after(self, next_signals: Callable[[float], set[int]], patience: float) -> bool:
        """Wait for news of the children, ``patience`` seconds at most; False when told to stop."""
        if self._wanted:
            now = time.monotonic()
            due = [child._due - now for child in self._children if child._due is not None]
            came = next_signals(max(0.0, min([patience, *due])))
            self._wanted = not came & _STOPPING
        if self._wanted:
            self._bury()
            self._end_hung()
            self._start_due()
        return self._wanted

    def _start_due(self) -> None:
        now = time.monotonic()
        for child in self._children:
            if child._due is not None and child._due <= now:
                child._due = None
                child._started = time.monotonic()
                child.pid = child.start()
                self._log.info("child_started", child=child.name, pid=child.pid)

    def _bury(self) -> None:
        """Take note of every child of ours that ended, and plan its next start."""
        now = time.monotonic()
        for child in self._children:
            if not child.pid or (ended := _reap(child.pid)) is None:
                continue
            steady = now - child._started >= _STEADY_S
            child._crashes = 0 if steady else child._crashes + 1
            child._due = now + _DELAYS[min(child._crashes, len(_DELAYS) - 1)]
            self._log.warning("child_ended", child=child.name, pid=child.pid, status=ended)
            child.pid = 0

    def _end_hung(self) -> None:
        for child in self._children:
            if child.pid and child.hung is not None and child.hung():
                self._log.error("child_hung", child=child.name, pid=child.pid)
                _kill(child.pid, signal.SIGKILL)

    def _stop_all(self, next_signals: Callable[[float], set[int]]) -> None:
        if self._on_stop is not None:
            self._on_stop()
        for tier in sorted({child.tier for child in self._children}, reverse=True):
            members = [c for c in self._children if c.tier == tier and c.pid]
            for child in members:
                _kill(child.pid, child.stop_signal)
            end = time.monotonic() + max((c.grace_s for c in members), default=0.0)
            while any(c.pid for c in members):
                self._bury_stopped(members)
                left = end - time.monotonic()
                if left <= 0:
                    break
                if any(c.pid for c in members):
                    next_signals(min(left, 1.0))
            for child in members:
                self._force(child)

    def _bury_stopped(self, members: Sequence[Child]) -> None:
        for child in members:
            if child.pid and (ended := _reap(child.pid)) is not None:
                self._log.info("child_stopped", child=child.name, pid=child.pid, status=ended)
                child.pid = 0

    def _force(self, child: Child) -> None:
        if child.pid:
            self._log.error("child_forced", child=child.name, pid=child.pid)
            _kill(child.pid, signal.SIGKILL)
            with contextlib.suppress(ChildProcessError):
                os.waitpid(child.pid, 0)
            child.pid = 0


def _reap(pid: int) -> int | None:
    """The exit status (negative: the signal) of a child that ended, None while it lives."""
    try:
        found, status = os.waitpid(pid, os.WNOHANG)
    except ChildProcessError:
        return 0
    return os.waitstatus_to_exitcode(status) if found else None


def _kill(pid: int, sign: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, sign)


@contextlib.contextmanager
def _signals() -> Iterator[Callable[[float], set[int]]]:
    """Signals as data: a function that waits up to so many seconds and returns those that came."""
    reading, writing = os.pipe()
    for end in (reading, writing):
        os.set_blocking(end, False)
    watched = (*_STOPPING, signal.SIGCHLD)
    before = {sign: signal.signal(sign, lambda *_: None) for sign in watched}
    before_fd = signal.set_wakeup_fd(writing, warn_on_full_buffer=False)

    def wait(patience: float) -> set[int]:
        select.select([reading], [], [], patience)
        try:
            return set(os.read(reading, 4096))
        except BlockingIOError:
            return set()

    try:
        yield wait
    finally:
        signal.set_wakeup_fd(before_fd)
        for sign, handler in before.items():
            signal.signal(sign, handler)
        os.close(reading)
        os.close(writing)


def reset_signals() -> None:
    """In a forked child: forget the keeper's handlers; Ctrl-C is the keeper's business."""
    signal.set_wakeup_fd(-1)
    for sign in (*_STOPPING, signal.SIGCHLD):
        signal.signal(sign, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
