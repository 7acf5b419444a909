"""``check``: every problem of settings and cities, at once."""

import argparse
import os
from collections.abc import Iterator

from config.cities import CITIES, CityBook, check_cities
from config.settings import Settings, SettingsProblems
from server import environment
from server.clock import open_clock
from server.faults import StartRefused
from storage.seal import Seal, SealKeysInvalid

HELP = "检查设置与城市文件，一次列出全部问题"


def configure(parser: argparse.ArgumentParser) -> None:
    """No arguments: everything is in the settings."""


def run(_: argparse.Namespace) -> int:
    """0 when all is well, 1 when anything is wrong."""
    cities = [str(problem) for problem in check_cities(CITIES)]
    settings = list(_settings_problems(cities_are_well=not cities))
    for title, problems in (("设置", settings), ("城市文件", cities)):
        print(f"{title}：{'没有问题' if not problems else f'{len(problems)} 个问题'}")
        for problem in problems:
            print(f"  - {problem}")
    return 1 if settings or cities else 0


def _settings_problems(*, cities_are_well: bool) -> Iterator[str]:
    try:
        settings = environment.load(os.environ)
    except SettingsProblems as found:
        yield from map(str, found.problems)
        return
    yield from _beyond_the_values(settings)
    if cities_are_well:
        known = CityBook.load(CITIES).codes()
        for code in settings.cities:
            if code not in known:
                yield f"CITIES：没有城市 {code}（现有 {'、'.join(known)}）"


def _beyond_the_values(settings: Settings) -> Iterator[str]:
    """What only shows when the values meet each other or the data folder."""
    try:
        Seal(settings.seal_keys.keys, settings.seal_keys.active, settings.lookup_key)
    except SealKeysInvalid as invalid:
        yield f"SEAL_KEYS、LOOKUP_KEY：{invalid}"
    try:
        open_clock(settings.data_dir, demo=settings.demo)
    except StartRefused as refused:
        yield f"DATA_DIR：{refused}"
