"""The settings of a command: the environment, joined to a ``./run`` that holds the data folder."""

from collections.abc import Mapping
from pathlib import Path

from config.settings import CHECKOUT, Settings
from server.embedded import announced


def data_dir_of(environ: Mapping[str, str]) -> Path:
    """The data folder, absolute."""
    return Path(environ.get("DATA_DIR") or CHECKOUT / "data").expanduser().absolute()


def load(environ: Mapping[str, str]) -> Settings:
    """Read the settings. Raises SettingsProblems.

    While a ``./run`` holds the data folder its servers and demo values are used for whatever the
    environment does not say; ``DEMO=0`` keeps apart from it.
    """
    found: dict[str, str] = {}
    if environ.get("DEMO", "1") not in ("", "0"):
        found = announced(data_dir_of(environ))
    given = {name: value for name, value in environ.items() if value}
    joined = {name: value for name, value in found.items() if f"{name}_FILE" not in given}
    return Settings.load({**joined, **given})
