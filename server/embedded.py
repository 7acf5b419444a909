"""The embedded servers of one data folder: one owner, started and stopped as one.

``python -m server …`` beside a running ``./run`` finds its servers through ``servers.json``.
"""

import contextlib
import fcntl
import json
import os
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from config.demo import write_private
from server.faults import StartRefused
from server.postgres import EmbeddedPostgres
from server.valkey import EmbeddedValkey

LOCK_FILE = "run.lock"
SERVERS_FILE = "servers.json"


@contextlib.contextmanager
def owned(data_dir: Path) -> Iterator[None]:
    """Hold a data folder (made with mode 700) for this process alone.

    The lock is the kernel's: it ends with the process, however that ends. Raises StartRefused
    naming the holder.
    """
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = data_dir / LOCK_FILE
    with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = file.read().strip() or "未知"
            raise StartRefused(
                f"数据目录 {data_dir} 正由另一个进程（进程号 {holder}）使用。"
                "请先停掉它，或用 DATA_DIR 指定另一个目录。"
            ) from None
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        (data_dir / SERVERS_FILE).unlink(missing_ok=True)
        try:
            yield
        finally:
            (data_dir / SERVERS_FILE).unlink(missing_ok=True)


def is_owned(data_dir: Path) -> bool:
    """Whether some process holds the data folder now."""
    try:
        with (data_dir / LOCK_FILE).open("r+") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


def announce(data_dir: Path, values: Mapping[str, str]) -> None:
    """Tell commands run beside us the settings (by name in the environment) they need."""
    write_private(data_dir / SERVERS_FILE, json.dumps(dict(values), indent=1) + "\n")


def announced(data_dir: Path) -> dict[str, str]:
    """The settings of the ``./run`` that holds the data folder; empty when none does."""
    if not is_owned(data_dir):
        return {}
    try:
        found: dict[str, str] = json.loads((data_dir / SERVERS_FILE).read_text("utf-8"))
    except FileNotFoundError:
        return {}
    return found


@dataclass(slots=True)
class Servers:
    """Both embedded servers, running."""

    postgres: EmbeddedPostgres
    valkey: EmbeddedValkey
    postgres_process: subprocess.Popen[bytes]
    valkey_process: subprocess.Popen[bytes]

    def stop(self) -> None:
        """Stop both; everything acknowledged is on disk."""
        self.valkey.stop(self.valkey_process)
        self.postgres.stop(self.postgres_process)


def start(data_dir: Path, *, durable: bool = True) -> Servers:
    """Start both servers of a data folder this process holds (``owned``)."""
    postgres = EmbeddedPostgres(data_dir, durable=durable)
    valkey = EmbeddedValkey(data_dir)
    postgres_process = postgres.start()
    try:
        valkey_process = valkey.start()
    except BaseException:
        postgres.stop(postgres_process)
        raise
    return Servers(postgres, valkey, postgres_process, valkey_process)
