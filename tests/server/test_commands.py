"""The command line as a person meets it: what it says, and a whole demo from start to stop."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import httpx
import pytest

from server import environment
from server.__main__ import COMMANDS, main
from server.children import command_line, wait_until
from server.embedded import announced
from server.ports import free_port
from tests.server.programs import CHECKOUT, Program, gone, running, seconds

DEMO = ["-m", "server", "demo"]
READY = "按 Ctrl-C 停止"


def command(*arguments: str, environ: Mapping[str, str]) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "server", *arguments],
        cwd=CHECKOUT,
        env={"PATH": os.environ.get("PATH", ""), **environ},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    told = capsys.readouterr().out
    for name in sorted(set(COMMANDS) - {"walk"}):
        assert f"  {name}" in told


def test_a_mistake_is_told_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    said = {
        ("srve",): "命令行有误：命令 不能是 'srve'，可选：demo、serve、",
        (): "命令行有误：缺少 命令。",
        ("invite",): "命令行有误：缺少 --city、--role。",
        ("invite", "--city"): "命令行有误：--city 后面缺少内容。",
        (
            "invite",
            "--city",
            "daye",
            "--role",
            "x",
        ): "可选：auditor、security_admin、system_admin。",
        ("check", "y"): "命令行有误：不认识的参数：y。",
    }
    for words, told in said.items():
        with pytest.raises(SystemExit) as exited:
            main(words)
        assert exited.value.code == 2
        found = capsys.readouterr().err
        assert told in found
        assert found.startswith("用法：")


def test_check_explains_everything_at_once(tmp_path: Path) -> None:
    found = command("check", environ={"DATA_DIR": str(tmp_path), "PORT": "x", "DEMO": "0"})
    assert found.returncode == 1
    for name in ("PORT", "DATABASE_URL", "TOKEN_KEYS", "WECHAT_OA_AES_KEY"):
        assert f"  - {name}：" in found.stdout
    assert "Traceback" not in found.stdout + found.stderr


def test_check_names_an_unknown_city(tmp_path: Path, database_url: str, redis_url: str) -> None:
    environ = {
        "DEMO": "1",
        "DATA_DIR": str(tmp_path),
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
    }
    assert command("check", environ=environ).returncode == 0
    found = command("check", environ={**environ, "CITIES": "daye,atlantis"})
    assert found.returncode == 1
    assert "atlantis" in found.stdout


def test_serve_without_settings_names_them_and_does_not_start(tmp_path: Path) -> None:
    found = command("serve", environ={"DATA_DIR": str(tmp_path)})
    assert found.returncode == 1
    assert "DATABASE_URL" in found.stderr
    assert "Traceback" not in found.stderr


def test_migrate_brings_an_empty_database_up(
    tmp_path: Path, empty_database: str, redis_url: str
) -> None:
    environ = {
        "DEMO": "1",
        "DATA_DIR": str(tmp_path),
        "DATABASE_URL": empty_database,
        "REDIS_URL": redis_url,
    }
    first, done = (command("migrate", environ=environ) for _ in range(2))
    assert (first.returncode, first.stderr) == (done.returncode, done.stderr) == (0, "")
    assert "更新 0 个" not in first.stdout
    assert "更新 0 个" in done.stdout, "the second time every organisation is there"


def test_migrate_without_a_database_says_so(tmp_path: Path, redis_url: str) -> None:
    environ = {
        "DEMO": "1",
        "DATA_DIR": str(tmp_path),
        "DATABASE_URL": "postgres://nobody:x@127.0.0.1:1/none",
        "REDIS_URL": redis_url,
    }
    done = command("migrate", environ=environ)
    assert done.returncode == 1
    assert "DATABASE_URL" in done.stderr
    assert "Traceback" not in done.stderr


def processes_of(data_dir: Path) -> set[int]:
    """Everything that runs for a data folder: by its command line, environment or folder."""
    mark = str(data_dir).encode()
    found = set()
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal() and int(entry.name) != os.getpid():
            try:
                said = (entry / "cmdline").read_bytes() + (entry / "environ").read_bytes()
                said += os.fsencode((entry / "cwd").readlink())
            except OSError:
                continue
            if mark in said:
                found.add(int(entry.name))
    return found


def test_a_demo_from_start_to_stop(tmp_path: Path) -> None:
    """Start, join it, refuse a second, survive kill -9 of its parts and of itself, stop."""
    data_dir = tmp_path / "data"
    port = str(free_port())
    environ = {"DATA_DIR": str(data_dir), "PORT": port}
    address = f"http://127.0.0.1:{port}"
    with running(DEMO, environ, tmp_path / "first") as first:
        first.wait_for(READY)
        assert httpx.get(f"{address}/readyz").json()["status"] == "ready"
        _joins(data_dir, port)
        _shows_the_menu(data_dir)
        _refuses_a_second(data_dir)
        _survives_a_killed_database(first, data_dir, address)
        parts = processes_of(data_dir) - {first.pid}
        assert len(parts) >= 7  # two servers, the stand-in, the worker, the supervisor and its two
        first.end(signal.SIGKILL)
        with running(DEMO, environ, tmp_path / "second") as second:
            since = time.monotonic()
            second.wait_for(READY)
            assert seconds(since) < 15
            assert all(gone(pid) for pid in parts)
            assert httpx.get(f"{address}/readyz").status_code == 200
            stranger = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
            try:
                assert second.end(signal.SIGINT) == 0
                assert "已全部停止" in second.output()
                assert wait_until(lambda: not processes_of(data_dir), 10)
                assert stranger.poll() is None
            finally:
                stranger.kill()
                stranger.communicate()


def _joins(data_dir: Path, port: str) -> None:
    settings = environment.load({"DATA_DIR": str(data_dir)})
    assert settings.demo
    assert str(settings.port) == port
    assert settings.database_url.get_secret_value() == announced(data_dir)["DATABASE_URL"]
    assert command("check", environ={"DATA_DIR": str(data_dir)}).returncode == 0
    apart = command("check", environ={"DATA_DIR": str(data_dir), "DEMO": "0"})
    assert apart.returncode == 1


def _shows_the_menu(data_dir: Path) -> None:
    menu = httpx.get(f"{announced(data_dir)['WECHAT_API_BASE']}/_sandbox/menu").json()
    assert [column["name"] for column in menu["button"]] == ["我要报装", "我的办件", "办事咨询"]


def _refuses_a_second(data_dir: Path) -> None:
    second = command("demo", environ={"DATA_DIR": str(data_dir), "PORT": str(free_port())})
    assert second.returncode == 1
    assert "正由另一个进程" in second.stderr


def _survives_a_killed_database(program: Program, data_dir: Path, address: str) -> None:
    victims = [pid for pid in processes_of(data_dir) if "bin/postgres -D" in command_line(pid)]
    assert len(victims) == 1
    os.kill(victims[0], signal.SIGKILL)
    assert gone(victims[0])
    assert wait_until(lambda: httpx.get(f"{address}/readyz").status_code == 200, 20, 0.1)
    assert program.process.poll() is None
