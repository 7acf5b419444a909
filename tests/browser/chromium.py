"""Which browser the tests drive: the one the system has, never one that is downloaded."""

import os
import shutil

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
ARGUMENTS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--force-color-profile=srgb",
    "--no-sandbox",
)
"""A browser that asks nobody for updates and draws without a graphics card. Its sandbox is not for
root, nor for every container; the pages are our own."""


def executable() -> str | None:
    """The path of ``CHROMIUM``, else of the first one installed; None without."""
    given = os.environ.get("CHROMIUM")
    return next(filter(None, map(shutil.which, (given, *NAMES) if given else NAMES)), None)
