"""``migrate``: bring the database to the newest schema."""

import argparse
import asyncio
import os

import asyncpg

from models import db
from server import environment
from server.faults import StartRefused

HELP = "把数据库升级到最新结构"


def configure(parser: argparse.ArgumentParser) -> None:
    """No arguments: everything is in the settings."""


def run(_: argparse.Namespace) -> int:
    """Migrate; safe to run again, and by two at once."""
    settings = environment.load(os.environ)
    migrate(settings.database_url.get_secret_value())
    print("数据库已是最新结构。")
    return 0


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
