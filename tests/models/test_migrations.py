"""The migrations end where the models stand: a new one proposes nothing."""

from pathlib import Path

from tortoise.context import TortoiseContext
from tortoise.migrations.autodetector import MigrationAutodetector

import models.migrations
from models import db

UNREACHED = "postgres://nobody@127.0.0.1:1/none"


async def test_models_and_migrations_agree() -> None:
    told = db.config(UNREACHED)
    async with TortoiseContext() as context:
        await context.init(config=told, init_connections=False)
        assert context.apps is not None
        proposed = await MigrationAutodetector(context.apps, told["apps"]).changes()
    assert [writer.as_string() for writer in proposed] == []


def test_they_follow_each_other_in_one_line() -> None:
    found = sorted(Path(models.migrations.__path__[0]).glob("[0-9]*.py"))
    names = [path.stem for path in found]
    assert [int(name[:4]) for name in names] == list(range(1, len(names) + 1))
    for path, before in zip(found[1:], names, strict=False):
        assert f'dependencies = [("models", "{before}")]' in path.read_text()
