"""``deploy/chromium.sh``: takes what is there, installs where it may, and else says so."""

import subprocess
from pathlib import Path

import pytest

from tests.server.programs import CHECKOUT

BROWSER = "#!/bin/sh\necho Chromium 1\n"


class Machine:
    """A system with nothing but what the test puts on its PATH."""

    def __init__(self, folder: Path) -> None:
        self.bin = folder

    def has(self, name: str, script: str) -> None:
        """A program."""
        path = self.bin / name
        path.write_text(script, "utf-8")
        path.chmod(0o755)

    def is_root(self, uid: int) -> None:
        """Who runs ./test."""
        self.has("id", f"#!/bin/sh\necho {uid}\n")

    def has_apt(self, *, brings: str) -> None:
        """apt-get, which on ``install`` brings a chromium that is this script."""
        made = "\n".join(
            (
                "#!/bin/sh",
                f'echo "$@" >> {self.bin}/asked',
                'case "$1" in install) ;; *) exit 0 ;; esac',
                f"printf '%s' '{brings}' > {self.bin}/chromium",
                f"/bin/chmod 755 {self.bin}/chromium",
            )
        )
        self.has("apt-get", made)

    @property
    def asked(self) -> str:
        """What apt-get was asked for."""
        path = self.bin / "asked"
        return path.read_text("utf-8") if path.exists() else ""

    def ready(self, *arguments: str, chromium: str = "") -> str:
        """Where the browser is in the end; ``none`` without."""
        script = '. deploy/chromium.sh; ready_chromium "$@" >&2 && echo "$CHROMIUM" || echo none'
        done = subprocess.run(
            ["/bin/sh", "-eu", "-c", script, "sh", *arguments],
            cwd=CHECKOUT,
            env={"PATH": str(self.bin), **({"CHROMIUM": chromium} if chromium else {})},
            capture_output=True,
            text=True,
            check=True,
            timeout=30,
        )
        return done.stdout.strip()


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """An ordinary user's."""
    machine = Machine(tmp_path)
    machine.is_root(1000)
    return machine


def test_an_installed_one_is_taken(machine: Machine) -> None:
    assert machine.ready() == "none"
    machine.has("google-chrome", BROWSER)
    assert machine.ready() == f"{machine.bin}/google-chrome"
    machine.has("chromium", BROWSER)
    assert machine.ready() == f"{machine.bin}/chromium"


def test_the_one_that_is_named_goes_first(machine: Machine) -> None:
    machine.has("chromium", BROWSER)
    machine.has("mine", BROWSER)
    assert machine.ready(chromium=f"{machine.bin}/mine") == f"{machine.bin}/mine"
    assert machine.ready(chromium="/nowhere") == f"{machine.bin}/chromium"


def test_one_that_does_not_run_is_none(machine: Machine) -> None:
    machine.has("chromium", "#!/bin/sh\nexit 1\n")
    assert machine.ready() == "none"


@pytest.mark.parametrize("arguments", [(), ("tests",), ("tests/browser", "-x")])
def test_root_installs_one(machine: Machine, arguments: tuple[str, ...]) -> None:
    machine.is_root(0)
    machine.has_apt(brings=BROWSER)
    assert machine.ready(*arguments) == f"{machine.bin}/chromium"
    assert "--no-install-recommends chromium fonts-noto-cjk" in machine.asked


def test_not_for_other_tests_and_not_as_a_user(machine: Machine) -> None:
    machine.has_apt(brings=BROWSER)
    assert machine.ready() == "none"
    machine.is_root(0)
    assert machine.ready("tests/rules") == "none"
    assert machine.asked == ""


def test_a_package_that_brings_no_browser_is_none(machine: Machine) -> None:
    machine.is_root(0)
    machine.has_apt(brings="#!/bin/sh\nexit 1\n")
    assert machine.ready() == "none"
