"""``check``: every problem of settings and cities, at once."""

import argparse
import asyncio
import os

from config.cities import CITIES, check_cities
from config.settings import Settings, SettingsProblems
from server import environment, preflight
from server.sandbox.clock import moved_in, refusal


def configure(parser: argparse.ArgumentParser) -> None:
    """No arguments: everything is in the settings."""


def run(_: argparse.Namespace) -> int:
    """0 when all is well, 1 when anything is wrong."""
    cities = [str(problem) for problem in check_cities(CITIES)]
    settings = _settings_problems()
    for title, found in (("设置", settings), ("城市文件", cities)):
        print(f"{title}：{'没有问题' if not found else f'{len(found)} 个问题'}")
        for problem in found:
            print(f"  - {problem}")
    return 1 if settings or cities else 0


def _settings_problems() -> list[str]:
    try:
        settings = environment.load(os.environ)
    except SettingsProblems as found:
        return [str(problem) for problem in found.problems]
    return [*preflight.problems(settings), *asyncio.run(database_problems(settings))]


async def database_problems(settings: Settings) -> list[str]:
    """What a database that answers says against running on it."""
    if settings.demo:
        return []
    moved = await moved_in(settings.database_url.get_secret_value())
    return [f"DATABASE_URL：{refusal(moved)}"] if moved else []
