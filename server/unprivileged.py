"""PostgreSQL refuses to run as root: who it runs as instead, and where its data then lies.

1. A normal user: as that user.
2. root, data made by a normal user earlier: as the owner of the data.
3. root, with user namespaces: root is mapped to a plain account inside a namespace of its own.
   Files stay root's, so this works below a folder of mode 700 and changes no folder's mode.
4. root without user namespaces: as a plain account, with the data (and a copy of the programs,
   where the account cannot reach them) in a folder of its own; ``postgres.path`` points there.
"""

import ctypes
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from server.faults import StartRefused

_LIBC = ctypes.CDLL(None, use_errno=True)
_CLONE_NEWUSER = 0x10000000
_ACCOUNTS = ("postgres", "daemon", "nobody")
POINTER = "postgres.path"


@dataclass(frozen=True, slots=True)
class Home:
    """Where the data of an embedded PostgreSQL lies and as whom its programs run."""

    folder: Path
    programs: Path
    become: Callable[[], None] | None = None
    owner: tuple[int, int] | None = None
    """uid and gid that must own what we put into ``folder``; None leaves it ours."""


def find_home(
    data_dir: Path, wheel: Path, *, namespaces: bool = True, spare: Path | None = None
) -> Home:
    """The home for a data folder (which exists). ``wheel`` is the installation's folder.

    ``namespaces=False`` passes over user namespaces; ``spare`` is where case 4 makes its folder
    (default: the first writable of /var/lib, /var/tmp, the temporary folder). Raises
    StartRefused when existing data cannot be reached.
    """
    inside = data_dir / "postgres"
    if os.geteuid() != 0:
        return Home(inside, wheel)
    pointer = data_dir / POINTER
    if pointer.exists():
        return _outside(Path(pointer.read_text("utf-8").strip()), wheel)
    if inside.exists() and inside.stat().st_uid != 0:
        owner = (inside.stat().st_uid, inside.stat().st_gid)
        return Home(inside, wheel, become=lambda: _switch(*owner), owner=owner)
    mapped = Home(inside, wheel, become=_namespace_identity())
    if namespaces and sys.platform == "linux" and _works(mapped, data_dir):
        return mapped
    if inside.exists():
        raise StartRefused(
            f"数据库数据在 {inside}，但本机现在不允许 root 使用用户命名空间，"
            "无法以普通身份启动数据库。"
            "请改用普通用户运行，或用 DATABASE_URL 指向已有的 PostgreSQL。"
        )
    home = _outside(_new_folder(spare), wheel)
    pointer.write_text(f"{home.folder.parent}\n", "utf-8")
    return home


def _plain_account() -> pwd.struct_passwd:
    """An account that is not root; initdb insists on one that has a name."""
    named = {account.pw_name: account for account in pwd.getpwall() if account.pw_uid != 0}
    for name in (*_ACCOUNTS, *named):
        if name in named:
            return named[name]
    raise StartRefused(
        "本机没有 root 以外的账户，无法启动内置数据库；请用 DATABASE_URL 指向已有的 PostgreSQL。"
    )


def _namespace_identity() -> Callable[[], None]:
    account = _plain_account()
    uid, gid = os.geteuid(), os.getegid()
    maps = {
        "setgroups": "deny",
        "uid_map": f"{account.pw_uid} {uid} 1",
        "gid_map": f"{account.pw_gid} {gid} 1",
    }

    def become() -> None:
        if _LIBC.unshare(_CLONE_NEWUSER) != 0:
            raise OSError(ctypes.get_errno(), "unshare")
        for name, text in maps.items():
            with open(f"/proc/self/{name}", "w", encoding="ascii") as file:
                file.write(text)

    return become


def _switch(uid: int, gid: int) -> None:
    os.setgroups([])
    os.setgid(gid)
    os.setuid(uid)


def _works(home: Home, folder: Path) -> bool:
    """Whether the programs run under the home's identity and may write into ``folder``."""

    def prepare() -> None:
        if home.become is not None:
            home.become()
        if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
            raise PermissionError(str(folder))

    try:
        tried = subprocess.run(
            [home.programs / "bin/postgres", "--version"],
            env={},
            cwd="/",
            capture_output=True,
            check=False,
            preexec_fn=prepare,
        )
    except (OSError, subprocess.SubprocessError):
        return False
    return tried.returncode == 0


def _new_folder(spare: Path | None) -> Path:
    for base in [spare] if spare else [Path("/var/lib"), Path("/var/tmp"), None]:  # noqa: S108
        try:
            folder = Path(tempfile.mkdtemp(prefix="lianhe-baozhuang-", dir=base))
        except OSError:
            continue
        folder.chmod(0o711)
        return folder
    raise StartRefused(
        "找不到可写的系统目录来存放内置数据库；请用 DATABASE_URL 指向已有的 PostgreSQL。"
    )


def _outside(folder: Path, wheel: Path) -> Home:
    """Case 4: ``folder`` is root's own and may be passed through by everyone."""
    if not folder.is_dir():
        raise StartRefused(f"数据库数据目录 {folder} 不见了（由数据目录下的 {POINTER} 指定）。")
    account = _plain_account()
    owner = (account.pw_uid, account.pw_gid)
    data = folder / "postgres"
    data.mkdir(mode=0o700, exist_ok=True)
    os.chown(data, *owner)

    def home(programs: Path) -> Home:
        return Home(data, programs, become=lambda: _switch(*owner), owner=owner)

    if _works(home(wheel), data):
        return home(wheel)
    copied = folder / "programs"
    copy = copied / wheel.parent.name / wheel.name
    if not _works(home(copy), data):
        shutil.rmtree(copied, ignore_errors=True)
        shutil.copytree(wheel, copy, symlinks=True)
        libraries = wheel.parent.with_name(f"{wheel.parent.name}.libs")
        if libraries.is_dir():  # the programs look for them three folders up
            shutil.copytree(libraries, copied / libraries.name, symlinks=True)
        for passed in (copied, copy.parent):
            passed.chmod(0o755)
    return home(copy)
