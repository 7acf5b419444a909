"""The ground everything is measured on: servers of our own, and processes of one worker each."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import asyncpg

from config.settings import CHECKOUT, Settings
from server import children, embedded
from server.environment import data_dir_of
from server.ports import free_port
from server.probe import answers
from server.wiring import Wiring

_PASSED_ON = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "SSL_CERT_FILE")
_START_S = 120.0
_STOP_S = 30.0


class Broken(Exception):
    """Something could not be measured at all."""


class Addressed(Protocol):
    """A PostgreSQL server of which the addresses of databases are known."""

    def url_of(self, database: str) -> str: ...


@dataclass(slots=True)
class Ground:
    """A data folder held by this process, its PostgreSQL (durable) and Valkey running."""

    folder: Path
    postgres: Addressed
    redis_url: str

    def url(self, database: str) -> str:
        """The address of one database."""
        return self.postgres.url_of(database)

    def settings(self, database: str) -> Settings:
        """The settings of the processes measured on one database."""
        return Settings.load(self.environ(database))

    def wiring(self, database: str) -> Wiring:
        """For keys and cities; opens nothing."""
        return Wiring.make(self.settings(database))

    def environ(self, database: str, **more: str) -> dict[str, str]:
        """What a process measured on one database is told."""
        passed = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
        return {
            **passed,
            "DEMO": "1",
            "DATA_DIR": str(self.folder),
            "DATABASE_URL": self.url(database),
            "REDIS_URL": self.redis_url,
            "WECHAT_API_BASE": "http://127.0.0.1:9",  # nobody is asked
            "PYTHONUNBUFFERED": "1",
            **more,
        }

    async def connect(self, database: str) -> asyncpg.Connection:
        """A connection of one's own."""
        return await asyncpg.connect(self.url(database), timeout=10, command_timeout=1200)

    @contextlib.contextmanager
    def product(self, database: str, *, workers: int = 1) -> Iterator["Running"]:
        """The product itself, as it is started in earnest."""
        port = free_port()
        environ = self.environ(database, PORT=str(port), WORKERS=str(workers))
        with self.program("product", ["-m", "server", "serve"], environ) as process:
            running = Running(port, process)
            running.wait("/readyz")
            yield running

    @contextlib.contextmanager
    def floor(self, name: str, database: str) -> Iterator["Running"]:
        """One of the floors, on the same kind of worker."""
        port = free_port()
        command = ["-m", "bench.floors", name, str(port)]
        with self.program("floor", command, self.environ(database)) as process:
            running = Running(port, process)
            running.wait("/static")
            yield running

    @contextlib.contextmanager
    def program(
        self, log: str, arguments: list[str], environ: dict[str, str]
    ) -> Iterator[subprocess.Popen[bytes]]:
        """A Python program that ends with the block; what it says goes to a file."""
        (self.folder / "log").mkdir(exist_ok=True)
        path = self.folder / "log" / f"{log}.log"
        with path.open("wb") as stream:
            process = children.spawn(
                [sys.executable, *arguments],
                env=environ,
                log=stream,
                death_signal=signal.SIGKILL,
                cwd=CHECKOUT,
            )
            try:
                yield process
            finally:
                children.stop(process, signal.SIGTERM, _STOP_S)


@dataclass(frozen=True, slots=True)
class Running:
    """A process that serves on a port."""

    port: int
    process: subprocess.Popen[bytes]

    def wait(self, path: str) -> float:
        """Seconds until the path is answered with 200. Raises Broken when that never comes."""
        began = time.perf_counter()
        url = f"http://127.0.0.1:{self.port}{path}"
        while not answers(url):
            if self.process.poll() is not None:
                raise Broken(f"the process ended with {self.process.returncode}, see its log")
            if time.perf_counter() - began > _START_S:
                raise Broken(f"no answer on {path} within {_START_S:.0f} s")
            time.sleep(0.005)
        return time.perf_counter() - began


@contextlib.contextmanager
def prepared(folder: Path | None = None) -> Iterator[Ground]:
    """The servers of ``folder`` (``.bench`` in the data folder), stopped afterwards."""
    folder = (folder or data_dir_of(os.environ) / ".bench").absolute()
    folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with embedded.owned(folder):
        servers = embedded.start(folder, durable=True)
        try:
            yield Ground(folder, servers.postgres, servers.valkey.url)
        finally:
            servers.stop()
