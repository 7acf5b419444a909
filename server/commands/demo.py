"""``demo``: everything on one machine — servers, data, stand-in for the platform, service."""

import argparse
import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path

from config.demo import write_private
from config.settings import CHECKOUT, Settings
from server import children, embedded, environment, logs, supervisor
from server.commands.demo_data import prepare, stand_in_people
from server.commands.demo_stand_in import address_of, stand_in_config
from server.commands.demo_words import greet
from server.commands.menu import menu_for, push
from server.commands.migrate import migrate
from server.faults import StartRefused
from server.keeper import Child, Keeper, Pause
from server.ports import free_port
from server.postgres import EmbeddedPostgres
from server.probe import answers
from server.valkey import EmbeddedValkey

_READY_S = 60.0
_PORT_S = 2.0
_PASSED_ON = ("PATH", "LANG", "LC_ALL", "TZ", "LD_LIBRARY_PATH", "SSL_CERT_FILE")


def configure(parser: argparse.ArgumentParser) -> None:
    """No arguments: everything is in the settings."""


def run(_: argparse.Namespace) -> int:
    """Start all, tell what to try, wait; Ctrl-C stops what was started and nothing else."""
    environ = {name: value for name, value in os.environ.items() if value} | {"DEMO": "1"}
    data_dir = environment.data_dir_of(environ)
    with embedded.owned(data_dir):
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
        folder = data_dir / "log"
        folder.mkdir(mode=0o700, exist_ok=True)
        with (folder / "run.log").open("a", encoding="utf-8") as stream:
            logs.configure("INFO", stream=stream)
            Demo(environ, data_dir).run()
    return 0


class Demo:
    """One running demo."""

    def __init__(self, environ: Mapping[str, str], data_dir: Path) -> None:
        self._environ = dict(environ)
        self._data_dir = data_dir
        self._undo = ExitStack()
        self._children: list[Child] = []
        self._stand_in: int | None = None
        """The port of our own stand-in; None before it is known, and with somebody else's."""

    def run(self) -> None:
        """Start in order, keep alive, stop in reverse."""
        self._refuse_taken_port()
        with self._undo:
            settings = self._begin()
            self._undo.pop_all()  # from here the keeper stops what runs
        _say("启动服务 …")
        Keeper(self._children).run(started=lambda pause: self._greet_when_ready(settings, pause))
        _say("已全部停止。")

    def _begin(self) -> Settings:
        """Everything up to the programs the keeper starts."""
        _say("启动数据库与缓存 …")
        self._servers()
        self._stand_in = self._stand_in_address()
        settings = Settings.load(self._environ)
        _say("准备数据 …")
        migrate(settings.database_url.get_secret_value())
        asyncio.run(prepare(settings))
        self._write_stand_in(settings)
        embedded.announce(self._data_dir, self._announcement())
        if self._stand_in is not None:
            self._program("sandbox", 1, self._stand_in_command(self._stand_in))
        self._program("worker", 2, ["-m", "server", "worker"])
        self._program("serve", 3, ["-m", "server", "serve"])
        return settings

    def _refuse_taken_port(self) -> None:
        """Before anything starts. A run killed just now may hold the port a moment longer."""
        host, port = self._environ.get("HOST", "127.0.0.1"), self._environ.get("PORT", "8000")
        if port.isdecimal() and int(port) < 65536:
            children.wait_until(lambda: supervisor.is_free(host, int(port)), _PORT_S, 0.1)
            supervisor.listen(host, int(port)).close()

    def _servers(self) -> None:
        """The servers nobody gave us, as children that run already."""
        if not _given(self._environ, "DATABASE_URL"):
            postgres = EmbeddedPostgres(self._data_dir)
            self._keep_server("postgres", postgres, signal.SIGINT)
            self._environ["DATABASE_URL"] = postgres.url
        if not _given(self._environ, "REDIS_URL"):
            valkey = EmbeddedValkey(self._data_dir)
            self._keep_server("valkey", valkey, signal.SIGTERM)
            self._environ["REDIS_URL"] = valkey.url

    def _keep_server(self, name: str, server: EmbeddedPostgres | EmbeddedValkey, sign: int) -> None:
        process = server.start()
        self._undo.callback(server.stop, process)
        alive: list[subprocess.Popen[bytes]] = [process]

        def start() -> int:
            alive[:] = [server.start()]
            return alive[0].pid

        self._children.append(Child(name, start, stop_signal=sign, pid=process.pid))

    def _stand_in_address(self) -> int | None:
        """The port of our stand-in, None when a platform's address was given."""
        if _given(self._environ, "WECHAT_API_BASE"):
            return None
        port = free_port()
        address = f"http://127.0.0.1:{port}"
        self._environ["WECHAT_API_BASE"] = address
        self._environ.setdefault("WECHAT_OAUTH_BASE", address)
        return port

    def _write_stand_in(self, settings: Settings) -> None:
        config = stand_in_config(settings)
        write_private(self._data_dir / "sandbox.json", json.dumps(config, ensure_ascii=False))

    def _stand_in_command(self, port: int) -> list[str]:
        config = str(self._data_dir / "sandbox.json")
        return ["-m", "wechat.sandbox", "--port", str(port), "--config", config]

    def _announcement(self) -> dict[str, str]:
        """What commands beside us need to know; secrets they find in the data folder."""
        names = {field.upper() for field in Settings.model_fields} - {"DATA_DIR"}
        return {
            name: str(Path(value).absolute()) if name.endswith("_FILE") else value
            for name, value in self._environ.items()
            if name.removesuffix("_FILE") in names
        }

    def _program(self, name: str, tier: int, arguments: list[str]) -> None:
        environ = {n: self._environ[n] for n in _PASSED_ON if n in self._environ}
        environ |= {"DATA_DIR": str(self._data_dir), "DEMO": "1", "PYTHONUNBUFFERED": "1"}
        alive: list[subprocess.Popen[bytes]] = []

        def start() -> int:
            with (self._data_dir / "log" / f"{name}.log").open("ab") as log:
                process = children.spawn(
                    [sys.executable, *arguments],
                    env=environ,
                    log=log,
                    death_signal=signal.SIGKILL,
                    cwd=CHECKOUT,
                )
            alive[:] = [process]
            return process.pid

        self._children.append(Child(name, start, tier=tier, grace_s=30.0))

    def _greet_when_ready(self, settings: Settings, pause: Pause) -> None:
        address = address_of(settings)
        if not self._wait_for(f"{address}/readyz", pause):
            return
        if self._stand_in is not None:
            if not self._wait_for(f"{settings.wechat_api_base}/_sandbox/ready", pause):
                return
            asyncio.run(push(settings, menu_for(settings)))
        greet(settings, address, stand_in_people())

    def _wait_for(self, address: str, pause: Pause) -> bool:
        """Whether it answers; False when told to stop meanwhile. Raises StartRefused."""
        tries = int(_READY_S / 0.05)
        while not answers(address):
            tries -= 1
            if tries == 0:
                raise StartRefused(f"服务没有就绪，原因见 {self._data_dir / 'log'} 下的日志。")
            if not pause(0.05):
                return False
        return True


def _given(environ: Mapping[str, str], name: str) -> bool:
    return bool(environ.get(name) or environ.get(f"{name}_FILE"))


def _say(text: str) -> None:
    print(text, flush=True)
