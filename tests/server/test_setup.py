"""``deploy/venv.py``: a set-up is done once, made anew when it was interrupted, and not in part."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.server.programs import CHECKOUT


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A project whose lock asks for nothing, so that no package is fetched."""
    folder = tmp_path / "a project"
    (folder / "deploy").mkdir(parents=True)
    shutil.copy(CHECKOUT / "deploy" / "venv.py", folder / "deploy")
    (folder / "empty.lock").write_text("# nothing\n", "utf-8")
    return folder


def set_up(checkout: Path, lock: str = "empty.lock") -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "deploy/venv.py", lock],
        cwd=checkout,
        env={"PIP_NO_INDEX": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_a_set_up_is_whole_or_done_again(checkout: Path) -> None:
    """One story, since making a venv takes seconds."""
    venv = checkout / ".venv"
    venv.mkdir()
    for left_by_an_interrupted_one in (".unfinished", "stray"):
        (venv / left_by_an_interrupted_one).touch()
    first = set_up(checkout)
    assert first.returncode == 0, first.stderr
    assert "empty.lock" in first.stdout
    assert not (venv / "stray").exists()
    assert not (venv / ".unfinished").exists()

    again = set_up(checkout)
    assert (again.returncode, again.stdout) == (0, "")

    (checkout / "empty.lock").write_text("# still nothing\n", "utf-8")
    (venv / "kept").touch()
    assert "empty.lock" in set_up(checkout).stdout
    assert (venv / "kept").exists()

    (checkout / "bad.lock").write_text("nowhere-to-be-found==1.0\n", "utf-8")
    failed = set_up(checkout, "bad.lock")
    assert failed.returncode == 1
    assert "安装依赖失败" in failed.stderr
    assert not (venv / ".done-bad.lock").exists()
    assert (venv / ".unfinished").exists()
