"""``migrate``: bring the database to the newest schema, its organisations to the city files."""

import argparse
import asyncio
import os
from datetime import datetime

import asyncpg

from config.cities import CITIES, CityBook
from config.settings import Settings
from models import db
from rules.calendar import SHANGHAI
from server import environment
from server.faults import StartRefused
from workflow.people import organisations


def configure(parser: argparse.ArgumentParser) -> None:
    """No arguments: everything is in the settings."""


def run(_: argparse.Namespace) -> int:
    """Migrate; safe to run again, and by two at once."""
    settings = environment.load(os.environ)
    migrate(settings.database_url.get_secret_value())
    changed = asyncio.run(_name_organisations(settings))
    print(f"数据库已是最新结构；各城市单位名录已核对，更新 {changed} 个。")
    return 0


async def _name_organisations(settings: Settings) -> int:
    """Have every organisation of the city files; how many rows changed."""
    book = CityBook.load(CITIES)
    await db.connect(settings.database_url.get_secret_value())
    try:
        cities = book.only(settings.cities) if settings.cities else book
        return await organisations.sync(cities, datetime.now(SHANGHAI).date())
    finally:
        await db.close()


def migrate(url: str) -> None:
    """Raises StartRefused when the database does not answer or refuses us."""
    try:
        asyncio.run(db.migrate(url))
    except (OSError, TimeoutError, asyncpg.InvalidAuthorizationSpecificationError) as refused:
        raise StartRefused(
            f"连不上数据库（{type(refused).__name__}）。请检查 DATABASE_URL 与数据库是否在运行。"
        ) from None
    except asyncpg.InvalidCatalogNameError:
        raise StartRefused("DATABASE_URL 里的库不存在，请先建库。") from None
