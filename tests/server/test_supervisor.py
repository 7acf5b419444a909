"""The supervisor: workers come back, requests in flight finish, strangers are left alone."""

import concurrent.futures
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from server.children import wait_until
from server.faults import StartRefused
from server.supervisor import listen
from tests.server.programs import Program, gone, running, seconds

APP = ["-m", "tests.server.supervised", "2"]


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Program]:
    with running(APP, {}, tmp_path / "log") as started:
        started.wait_for('"worker_ready"', times=2)
        yield started


def address(program: Program) -> str:
    return f"http://127.0.0.1:{program.events('listening')[0]['port']}"


def workers(program: Program) -> set[int]:
    return {event["pid"] for event in program.events("worker_ready")}


def test_a_killed_worker_is_back_within_a_second_and_nobody_notices(program: Program) -> None:
    (victim, survivor) = workers(program)
    os.kill(victim, signal.SIGKILL)
    since = time.monotonic()
    program.wait_for('"worker_ready"', times=3)
    assert seconds(since) < 1.0
    seen = {httpx.get(f"{address(program)}/pid").json()["pid"] for _ in range(40)}
    assert victim not in seen
    assert survivor in workers(program)


def test_a_worker_that_crashes_in_a_loop_is_started_ever_more_slowly(program: Program) -> None:
    for _ in range(4):
        with pytest.raises(httpx.RemoteProtocolError):
            httpx.get(f"{address(program)}/hang")
        wait_until(lambda: httpx.get(f"{address(program)}/pid").status_code == 200, 10)
    assert len(program.events("child_ended")) == 4
    assert httpx.get(f"{address(program)}/pid").status_code == 200


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
def test_a_stop_lets_a_request_in_flight_finish(program: Program, sign: int) -> None:
    pids = workers(program)
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        slow = pool.submit(httpx.get, f"{address(program)}/slow/1.2", timeout=10)
        wait_until(lambda: _connections(address(program)) > 0, 5)
        assert program.end(sign) == 0
        answer = slow.result()
    assert answer.status_code == 200
    assert answer.json()["draining"] is True
    assert "alt-svc" not in answer.headers
    assert all(gone(pid) for pid in pids)
    assert len(program.events("app_closed")) == 2
    assert program.events("supervisor_done")


def test_after_a_stop_began_new_connections_are_refused(program: Program) -> None:
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        slow = pool.submit(httpx.get, f"{address(program)}/slow/2.0", timeout=10)
        wait_until(lambda: _connections(address(program)) > 0, 5)
        program.process.send_signal(signal.SIGTERM)
        refused = wait_until(lambda: not _accepts(address(program)), 1.5)
        assert refused
        assert not slow.done()
        assert slow.result().status_code == 200


def test_an_endless_request_does_not_hold_up_the_stop(program: Program) -> None:
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        endless = pool.submit(httpx.get, f"{address(program)}/slow/60.0", timeout=30)
        wait_until(lambda: _connections(address(program)) > 0, 5)
        since = time.monotonic()
        assert program.end() == 0
        assert seconds(since) < 8
        with pytest.raises(httpx.HTTPError):
            endless.result()


def test_a_stop_ends_only_its_own(program: Program) -> None:
    stranger = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    try:
        assert program.end(signal.SIGINT) == 0
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.communicate()


def test_workers_die_with_a_killed_supervisor(program: Program) -> None:
    pids = workers(program)
    program.end(signal.SIGKILL)
    assert all(gone(pid) for pid in pids)
    assert wait_until(lambda: not _accepts(address(program)), 5)


def test_a_taken_port_is_told_in_words() -> None:
    with listen("127.0.0.1", 0) as taken, pytest.raises(StartRefused, match="PORT"):
        listen("127.0.0.1", taken.getsockname()[1])


def _connections(url: str) -> int:
    """Established connections to the address, as the kernel counts them."""
    port = f"{int(url.rpartition(':')[2]):04X}"
    rows = Path("/proc/net/tcp").read_text("ascii").splitlines()[1:]
    return sum(row.split()[1].endswith(f":{port}") and row.split()[3] == "01" for row in rows)


def _accepts(url: str) -> bool:
    host, _, port = url.removeprefix("http://").partition(":")
    try:
        socket.create_connection((host, int(port)), timeout=1).close()
    except OSError:
        return False
    return True
