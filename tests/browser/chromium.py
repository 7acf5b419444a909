"""Which browser the tests drive: the one the system has, never one that is downloaded."""

import os
import shutil

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
QUIET = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--force-color-profile=srgb",
)
"""A browser that asks nobody for updates and draws without a graphics card."""


def executable() -> str | None:
    """The path of ``CHROMIUM``, else of the first one installed; None without."""
    given = os.environ.get("CHROMIUM")
    return next(filter(None, map(shutil.which, (given, *NAMES) if given else NAMES)), None)


def arguments() -> list[str]:
    """What it is started with. Its sandbox needs an ordinary user."""
    return [*QUIET, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
