"""The walk as a person runs it: against a demo that really runs, twice a city on the same data."""

import re
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from server.ports import free_port
from tests.conftest import FreshDatabase
from tests.server.programs import CHECKOUT, Program, running

READY = "按 Ctrl-C 停止"


@pytest.fixture
async def demo(tmp_path: Path, fresh_database: FreshDatabase, redis_url: str) -> AsyncIterator[str]:
    """The address of a demo on data of its own."""
    port = str(free_port())
    environ = {
        "DATA_DIR": str(tmp_path / "data"),
        "PORT": port,
        "DATABASE_URL": await fresh_database(),
        "REDIS_URL": redis_url,
    }
    with running(["-m", "server", "demo"], environ, tmp_path / "demo.log") as program:
        program.wait_for(READY)
        yield f"http://127.0.0.1:{port}"
        assert _faults(program) == []
        assert program.process.poll() is None
        _stop(program)


def _stop(program: Program) -> None:
    assert program.end() in (0, 143)


def _faults(program: Program) -> list[object]:
    """What the platform's stand-in holds against the service."""
    found = re.search(r"微信替身 +(\S+)", program.output())
    assert found
    reasons: list[object] = httpx.get(f"{found[1]}/_sandbox/flag").json()["reasons"]
    return reasons


def walk(city: str, url: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "server", "walk", "--city", city, "--url", url],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


async def test_both_cities_twice_on_the_same_data(demo: str) -> None:
    numbers = []
    for city in ("daye", "zhoukou", "daye", "zhoukou"):
        done = walk(city, demo)
        assert (done.returncode, done.stderr) == (0, ""), done.stdout[-3000:] + done.stderr
        assert done.stdout.count("⏱") >= 30
        numbers.append((city, done.stdout.rpartition("走查完成：")[2].split()[0]))
    assert len(set(numbers)) == 4


def test_without_a_service_the_walk_says_so() -> None:
    done = walk("daye", f"http://127.0.0.1:{free_port()}")
    assert done.returncode == 1
    assert "服务在运行吗" in done.stderr
    assert "Traceback" not in done.stderr
