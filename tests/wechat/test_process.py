"""The stand-in as a process, and what importing the client costs."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

COMMAND = [sys.executable, "-m", "wechat.sandbox"]


def imported_by(module: str) -> set[str]:
    """Every module in memory after importing one, in a fresh interpreter."""
    program = f"import sys, {module}; print('\\n'.join(sys.modules))"
    told = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    return set(told.stdout.split())


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_it_starts_without_a_file_announces_itself_and_stops(stop: signal.Signals) -> None:
    with subprocess.Popen([*COMMAND, "--port", "0"], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        told = json.loads(process.stdout.readline())
        with httpx.Client(trust_env=False) as anybody:
            ready = anybody.get(f"http://127.0.0.1:{told['port']}/_sandbox/ready").json()
        assert (told["ready"], ready["ready"]) == (True, True)
        process.send_signal(stop)
        assert process.wait(10) in (0, -stop)


@pytest.mark.parametrize(
    ("content", "named"),
    [("{", "JSON"), ('{"poeple": []}', "poeple"), ('{"mp": {"appid": "wx1"}}', "mp.secret")],
)
def test_a_wrong_file_stops_the_start_with_its_reason(
    tmp_path: Path, content: str, named: str
) -> None:
    config = tmp_path / "config.json"
    config.write_text(content)
    told = subprocess.run(
        [*COMMAND, "--config", str(config)], capture_output=True, text=True, check=False
    )
    assert told.returncode == 1
    assert named in told.stderr
    assert str(config) in told.stderr


def test_the_client_loads_nothing_heavy() -> None:
    loaded = imported_by("wechat.platform") | imported_by("wechat.callback")
    heavy = {"jieba", "wechatpy", "requests", "sanic", "wechat.sandbox", "tortoise"}
    assert not heavy & loaded


def test_the_stand_in_shares_no_code_with_the_product() -> None:
    ours = {name for name in imported_by("wechat.sandbox.app") if name.startswith("wechat.")}
    assert {name for name in ours if not name.startswith("wechat.sandbox")} == set()
