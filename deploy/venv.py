"""Bring ``.venv`` to a hashed lock: ``python deploy/venv.py LOCK …`` (standard library only).

A stamp names the locks a finished set-up was made from, so that the next start does nothing.
A set-up that was interrupted left its mark and is made anew; two at once wait for each other.
"""

import fcntl
import hashlib
import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
VENV = HERE / ".venv"
PYTHON = VENV / "bin" / "python"
UNFINISHED = VENV / ".unfinished"


def main(locks: list[str]) -> int:
    """Set up what each lock asks for; 1 with a hint when it cannot be done."""
    with (HERE / ".venv.lock").open("w") as guard:
        fcntl.flock(guard, fcntl.LOCK_EX)
        for lock in locks:
            if not _is_done(HERE / lock) and not _install(HERE / lock):
                return 1
    return 0


def _stamp(lock: Path) -> Path:
    return VENV / f".done-{lock.name}"


def _wanted(lock: Path) -> str:
    return hashlib.sha256(lock.read_bytes()).hexdigest()


def _is_done(lock: Path) -> bool:
    try:
        done = _stamp(lock).read_text("utf-8").strip() == _wanted(lock)
    except FileNotFoundError:
        return False
    return done and not UNFINISHED.exists() and _works()


def _works() -> bool:
    """Whether the venv's interpreter runs (its system Python may be gone, the folder moved)."""
    code = "import sys; sys.exit(sys.version_info < (3, 11))"
    try:
        return subprocess.run([PYTHON, "-c", code], check=False).returncode == 0
    except OSError:
        return False


def _install(lock: Path) -> bool:
    print(f"正在按 {lock.name} 准备运行环境（首次需要一两分钟）…", flush=True)
    clear = UNFINISHED.exists() or not _works()
    if clear and _run([sys.executable, "-m", "venv", "--clear", str(VENV)]):
        print("无法建立虚拟环境；Debian/Ubuntu 请先安装 python3-venv。", file=sys.stderr)
        return False
    UNFINISHED.touch()
    pip = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", "install", "-qq"]
    if _run([*pip, "--require-hashes", "--no-deps", "-r", str(lock)]):
        print("安装依赖失败；请检查网络与软件源设置后重新运行。", file=sys.stderr)
        return False
    new = _stamp(lock).with_suffix(".new")
    new.write_text(_wanted(lock) + "\n", "utf-8")
    new.replace(_stamp(lock))
    UNFINISHED.unlink()
    return True


def _run(command: list[str]) -> int:
    environ = {**os.environ, "PIP_NO_INPUT": "1", "PIP_ROOT_USER_ACTION": "ignore"}
    return subprocess.run(command, env=environ, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
