"""The whole product as it runs, to be broken: servers of its own, the stand-in, two HTTP workers
and the background worker, every one a real process on loopback."""

import asyncio
import contextlib
import signal
import subprocess
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import psutil

from config.settings import Settings
from models.db import migrate
from server import embedded
from tests import stand_in
from tests.server.programs import PATIENCE_S, Program, running
from tests.servers import run_apart


class Serving(Program):
    """``python -m server serve`` on a port of its own choice."""

    def wait_ready(self) -> None:
        """Until it listens and every worker has opened its connections."""
        self.wait_for('"worker_ready"')

    @property
    def address(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.events('listening')[0]['port']}"

    def workers(self) -> list[int]:
        """The process ids of its live HTTP workers."""
        children = psutil.Process(self.pid).children()
        return [child.pid for child in children if child.status() != psutil.STATUS_ZOMBIE]


class Product:
    """What one test process breaks; nothing here is shared with another."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.data_dir = folder / "data"
        self._undo = ExitStack()
        try:
            self._start()
        except BaseException:
            self._undo.close()
            raise

    def _start(self) -> None:
        self._undo.enter_context(embedded.owned(self.data_dir))
        platform = self._undo.enter_context(stand_in.started(self.data_dir, self.log("sandbox")))
        # nothing reaches the disk's platter, but what is acknowledged outlives a killed server
        self.servers = embedded.start(self.data_dir, durable=False)
        self._undo.callback(self._stop_servers)
        self.database_url = self.servers.postgres.url
        self.redis_url = self.servers.valkey.url
        run_apart(_careful(self.database_url))
        run_apart(migrate(self.database_url))
        self.stand_in, self.stand_in_pid = stand_in.address_of(platform), platform.pid
        self.serving = self._undo.enter_context(self.serve("serve"))
        self.worker = self._undo.enter_context(self.program("worker", "worker"))
        self.serving.wait_ready()
        self.worker.wait_for('"loops_ready"')

    def _stop_servers(self) -> None:
        for process in (self.servers.postgres_process, self.servers.valkey_process):
            thaw(process.pid)
        self.servers.stop()

    def close(self) -> None:
        """Stop everything."""
        self._undo.close()

    @property
    def settings(self) -> Settings:
        """As the programs have them; the secrets are those of the data folder."""
        return Settings.for_demo(
            self.data_dir,
            database_url=self.database_url,
            redis_url=self.redis_url,
            wechat_api_base=self.stand_in,
            wechat_oauth_base=self.stand_in,
        )

    @property
    def address(self) -> str:
        """Of the service."""
        return self.serving.address

    def environ(self, **more: str) -> dict[str, str]:
        """The environment of its programs; ``more`` (a setting's name in capitals) goes before."""
        return {
            "DEMO": "1",
            "DATA_DIR": str(self.data_dir),
            "DATABASE_URL": self.database_url,
            "REDIS_URL": self.redis_url,
            "WECHAT_API_BASE": self.stand_in,
            "WECHAT_OAUTH_BASE": self.stand_in,
            "PORT": "0",
            "WORKERS": "2",
        } | more

    @contextmanager
    def serve(self, name: str, **environ: str) -> Iterator[Serving]:
        """One more service over the same servers."""
        program = Serving(["-m", "server", "serve"], self.environ(**environ), self.log(name))
        try:
            yield program
        finally:
            _end(program)

    @contextmanager
    def program(self, command: str, name: str, **environ: str) -> Iterator[Program]:
        """Any other command of ours."""
        arguments = ["-m", "server", command]
        with running(arguments, self.environ(**environ), self.log(name)) as program:
            try:
                yield program
            finally:
                _end(program)

    def log(self, name: str) -> Path:
        """The file a program writes to."""
        return self.folder / f"{name}.log"

    def logs(self) -> Sequence[Path]:
        """Everything any process has written."""
        return [*self.folder.glob("*.log"), *self.data_dir.rglob("*.log")]

    def restart_worker(self) -> None:
        """A new background worker in the place of one that was killed."""
        self.worker = self._undo.enter_context(self.program("worker", "worker"))
        self.worker.wait_for('"loops_ready"', times=len(self.worker.events("loops_ready")) + 1)

    def crash_postgres(self) -> None:
        """``pg_ctl stop -m immediate``: no checkpoint, every connection cut."""
        process = self.servers.postgres_process
        process.send_signal(signal.SIGQUIT)
        process.wait(PATIENCE_S)

    def start_postgres(self) -> None:
        """Start it again, on its old port, through recovery."""
        self.servers.postgres_process = self.servers.postgres.start()
        assert self.servers.postgres.url == self.database_url

    @contextmanager
    def frozen_postgres(self) -> Iterator[None]:
        """Every process of the database stands still."""
        with frozen(self.servers.postgres_process.pid):
            yield

    @contextmanager
    def frozen_redis(self) -> Iterator[None]:
        """Redis takes connections (the kernel does) and answers nothing."""
        with frozen(self.servers.valkey_process.pid):
            yield

    @contextmanager
    def without_redis(self) -> Iterator[None]:
        """Redis is gone, and back on its old port."""
        self.servers.valkey.stop(self.servers.valkey_process)
        try:
            yield
        finally:
            self.servers.valkey_process = self.servers.valkey.start()
            assert self.servers.valkey.url == self.redis_url


async def _careful(database_url: str) -> None:
    connection = await asyncpg.connect(database_url)
    try:
        await connection.execute("ALTER DATABASE baozhuang SET synchronous_commit = on")
    finally:
        await connection.close()


def _end(program: Program) -> None:
    if program.process.poll() is None:
        program.process.send_signal(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            program.process.wait(PATIENCE_S)
    if program.process.poll() is None:
        program.end(signal.SIGKILL)


@contextmanager
def frozen(pid: int) -> Iterator[None]:
    """A process and its children stand still (SIGSTOP) for the block, then go on."""
    _signal(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        thaw(pid)


def thaw(pid: int) -> None:
    """Let a process and its children go on, if they stood still."""
    _signal(pid, signal.SIGCONT)


def _signal(pid: int, sign: int) -> None:
    with contextlib.suppress(psutil.NoSuchProcess):
        root = psutil.Process(pid)
        for process in (root, *root.children(recursive=True)):  # the parent first: no new ones
            with contextlib.suppress(psutil.NoSuchProcess):
                process.send_signal(sign)


async def until(
    condition: Callable[[], Awaitable[bool]], patience_s: float = PATIENCE_S, what: str = ""
) -> float:
    """Ask until it holds; after how many seconds. AssertionError when it does not in time."""
    began = time.monotonic()
    while not await condition():
        assert time.monotonic() - began < patience_s, f"not within {patience_s} s: {what}"
        await asyncio.sleep(0.02)
    return time.monotonic() - began


async def readiness(address: str) -> Mapping[str, Any]:
    """``/readyz`` as a new connection finds it; empty when nobody answers."""
    async with httpx.AsyncClient(trust_env=False, timeout=5) as client:
        try:
            found: dict[str, Any] = (await client.get(f"{address}/readyz")).json()
        except httpx.TransportError:
            return {}
    return found
